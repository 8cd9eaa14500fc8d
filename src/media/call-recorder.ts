/** Both directions of one call, as they are recorded: side by side, a second at a time. */
import type { CodecName, FromMedia } from "./messages.ts";
import { createRecordedSound } from "./recorded-sound.ts";
import { createRecordingTap, type RecordedChunk } from "./recording-tap.ts";

/** Frames come as PCM of the codec's rate. */
export type CallRecorder = {
  /** Said in a frame that has not been heard yet: both sides of it belong together. */
  spoken(codec: CodecName, samples: Int16Array): void;
  /** Heard in that frame. @param said our side, where `spoken` has none for it. @param atMs on the call's clock. */
  heard(codec: CodecName, samples: Int16Array, said: Int16Array, atMs: number): void;
  /** The frames that wait for their other side are of another time. */
  forget(): void;
  /** Sends what has gathered. */
  flush(): void;
};

export function createCallRecorder(callId: string, emit: (event: FromMedia) => void): CallRecorder {
  const recordable = createRecordedSound();
  const tap = createRecordingTap();
  const spoken: Uint8Array[] = [];

  function send(chunk: RecordedChunk | undefined): void {
    if (chunk !== undefined) emit({ kind: "recorded", callId, ...chunk });
  }

  return {
    spoken: (codec, samples) => void spoken.push(recordable.agent(codec, samples)),
    heard(codec, samples, said, atMs) {
      const agent = spoken.shift() ?? recordable.agent(codec, said);
      const caller = recordable.caller(codec, samples);
      send(tap.add(caller, agent, recordable.law(codec), atMs));
    },
    forget: () => void spoken.splice(0),
    flush: () => send(tap.flush()),
  };
}
