/** Gathers both directions of a call, frame by frame and side by side, into chunks of one second. */
import { silenceByte, transcode } from "./g711.ts";
import type { G711Name } from "./messages.ts";

export type RecordedChunk = {
  sequence: number;
  /** Call clock at its first sample, ms. */
  atMs: number;
  codec: G711Name;
  caller: Uint8Array;
  agent: Uint8Array;
};

export type RecordingTap = {
  /** One frame of each direction, equally long, in `codec`. @returns a chunk if one is full. */
  add(caller: Uint8Array, agent: Uint8Array, codec: G711Name, atMs: number): RecordedChunk | undefined;
  /** What has gathered so far, if anything. */
  flush(): RecordedChunk | undefined;
};

const chunkSamples = 8000;

export function createRecordingTap(): RecordingTap {
  let sequence = 0;
  let filled = 0;
  let startMs = 0;
  let codecNow: G711Name = "PCMA";
  let caller = new Uint8Array(0);
  let agent = new Uint8Array(0);

  function begin(codec: G711Name, atMs: number, samples: number): void {
    codecNow = codec;
    startMs = atMs;
    const length = Math.ceil(chunkSamples / samples) * samples;
    caller = new Uint8Array(length).fill(silenceByte[codec]);
    agent = new Uint8Array(length).fill(silenceByte[codec]);
  }

  function flush(): RecordedChunk | undefined {
    if (filled === 0) return undefined;
    const chunk = {
      sequence: sequence++,
      atMs: startMs,
      codec: codecNow,
      caller: caller.slice(0, filled),
      agent: agent.slice(0, filled),
    };
    filled = 0;
    return chunk;
  }

  return {
    add(callerFrame, agentFrame, codec, atMs) {
      if (filled === 0) begin(codec, atMs, callerFrame.length);
      // A codec changed by a re-INVITE takes effect with the next chunk: a chunk has one.
      const room = Math.min(callerFrame.length, caller.length - filled);
      caller.set(transcode(codec, codecNow, callerFrame.subarray(0, room)), filled);
      agent.set(transcode(codec, codecNow, agentFrame.subarray(0, room)), filled);
      filled += room;
      if (filled < caller.length) return undefined;
      const chunk = flush();
      if (room === callerFrame.length) return chunk;
      begin(codec, atMs + room / 8, callerFrame.length);
      caller.set(callerFrame.subarray(room));
      agent.set(agentFrame.subarray(room));
      filled = callerFrame.length - room;
      return chunk;
    },
    flush,
  };
}
