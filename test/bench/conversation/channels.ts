/** Both channels of a call in one WAV file: caller left, agent right. The callers are invented. */
import { wavOf } from "../../../src/store/recording-wav.ts";
import type { Channel, Recording } from "./call.ts";
import { frameMs, frameSamples } from "./sounds.ts";

export async function keepChannels(path: string, { sent, received }: Recording): Promise<void> {
  const beganMs = Math.min(sent.atMs[0] ?? 0, received.atMs[0] ?? 0);
  const [caller, agent] = [onTime(sent, beganMs), onTime(received, beganMs)];
  const samples = Math.min(caller.length, agent.length);
  const read = (from: number, until: number) => ({
    caller: caller.subarray(from, until),
    agent: agent.subarray(from, until),
  });
  const wav = wavOf({ samples, read });
  await Bun.write(path, wav.read(0, wav.bytes));
}

/** Each frame where its time puts it, or behind the one before it. */
function onTime({ frames, atMs }: Channel, beganMs: number): Int16Array {
  let at = 0;
  const places = atMs.map((ms) => {
    const due = Math.round((ms - beganMs) / frameMs) * frameSamples;
    const place = Math.abs(due - at) <= 2 * frameSamples ? at : Math.max(at, due); // jitter is no gap
    at = place + frameSamples;
    return place;
  });
  const out = new Int16Array(at);
  for (const [i, frame] of frames.entries()) out.set(frame.subarray(0, frameSamples), places[i] ?? 0);
  return out;
}
