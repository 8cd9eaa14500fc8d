/** The codec of one call: its bytes ↔ PCM of its own rate, with whatever memory it has. */
import { decode, encode } from "./g711.ts";
import { createG722Decoder, createG722Encoder } from "./g722.ts";
import type { Run } from "./jitter-buffer.ts";
import type { CodecName, RateHz } from "./messages.ts";

export type CallCodec = {
  readonly name: CodecName;
  readonly rateHz: RateHz;
  /** Whether bytes of one stream may stand in another. */
  readonly hasMemory: boolean;
  /** `bytes`, described by `runs`, as PCM; silence for what was not heard. */
  decode(bytes: Uint8Array, runs: readonly Run[], into: Int16Array): void;
  encode(samples: Int16Array): Uint8Array;
};

export function createCallCodec(name: CodecName): CallCodec {
  if (name === "G722") return g722();
  return {
    name,
    rateHz: 8000,
    hasMemory: false,
    decode: (bytes, _runs, into) => decode(name, bytes, into),
    encode: (samples) => encode(name, samples),
  };
}

function g722(): CallCodec {
  const decoder = createG722Decoder();
  const encoder = createG722Encoder();
  return {
    name: "G722",
    rateHz: 16_000,
    hasMemory: true,
    /** What was lost is left out: the decoder goes on from where it was, which is nearer than from silence. */
    decode(bytes, runs, into) {
      let at = 0;
      for (const { kind, samples } of runs) {
        const part = into.subarray(2 * at, 2 * (at + samples));
        if (kind === "heard") decoder.decode(bytes.subarray(at, at + samples), part);
        else part.fill(0);
        at += samples;
      }
    },
    encode: encoder.encode,
  };
}
