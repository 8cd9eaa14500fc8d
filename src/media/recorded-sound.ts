/**
 * A frame as it is recorded: one byte a sample of 8000 Hz, as a recording is read from any second on. G.711 stays in its
 * law, so that it loses nothing; what is wideband is brought down and kept as A-law.
 */
import { encode } from "./g711.ts";
import type { CodecName, G711Name } from "./messages.ts";
import { createDownsampler, type Downsampler } from "./resample.ts";

/** Each frame comes as PCM of the codec's rate, as it was heard or said; what is returned is the caller's to keep. */
export type RecordedSound = {
  law(codec: CodecName): G711Name;
  caller(codec: CodecName, samples: Int16Array): Uint8Array;
  agent(codec: CodecName, samples: Int16Array): Uint8Array;
};

export function createRecordedSound(): RecordedSound {
  const [caller, agent] = [createDownsampler(), createDownsampler()];
  const law = (codec: CodecName): G711Name => (codec === "PCMU" ? "PCMU" : "PCMA");
  const kept = (down: Downsampler, codec: CodecName, samples: Int16Array) =>
    encode(law(codec), codec === "PCMA" || codec === "PCMU" ? samples : down.push(samples));
  return {
    law,
    caller: (codec, samples) => kept(caller, codec, samples),
    agent: (codec, samples) => kept(agent, codec, samples),
  };
}
