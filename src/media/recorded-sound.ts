/**
 * A frame as it is recorded. G.711 is kept byte for byte as it was on the wire. G.722 cannot be: its bytes mean nothing
 * without all those before them, and a recording is read from any second on. It is kept as A-law of 8000 Hz.
 */
import { encode } from "./g711.ts";
import type { CodecName, G711Name } from "./messages.ts";
import { createDownsampler, type Downsampler } from "./resample.ts";

/** Each frame comes as the call's bytes and as PCM of the codec's rate; what is returned is the caller's to keep. */
export type RecordedSound = {
  law(codec: CodecName): G711Name;
  caller(codec: CodecName, bytes: Uint8Array, samples: Int16Array): Uint8Array;
  agent(codec: CodecName, bytes: Uint8Array, samples: Int16Array): Uint8Array;
};

export function createRecordedSound(): RecordedSound {
  const [caller, agent] = [createDownsampler(), createDownsampler()];
  const kept = (down: Downsampler, codec: CodecName, bytes: Uint8Array, samples: Int16Array) =>
    codec === "G722" ? encode("PCMA", down.push(samples)) : bytes.slice();
  return {
    law: (codec) => (codec === "G722" ? "PCMA" : codec),
    caller: (codec, bytes, samples) => kept(caller, codec, bytes, samples),
    agent: (codec, bytes, samples) => kept(agent, codec, bytes, samples),
  };
}
