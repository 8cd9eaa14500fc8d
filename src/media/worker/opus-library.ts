/**
 * libopus as WebAssembly, for codecs that are made at once. The library hands its coders over as promises, and a codec is
 * changed in the middle of a frame's work: so a few lie ready, and each one that is taken is replaced.
 */
import {
  Application,
  createDecoder,
  createEncoder,
  type OpusDecoderHandle,
  type OpusEncoderHandle,
  Signal,
} from "libopus-wasm";
import type { CodecMemory } from "../call-codec.ts";
import { codecs } from "../codecs.ts";

type Pair = { encoder: OpusEncoderHandle; decoder: OpusDecoderHandle };

/**
 * Speech by the linear predictor, which alone can put redundancy into a packet, but faithful: made for "VoIP" the library
 * filters and colours what it takes for the noise of a handset, and what we send is a voice without any.
 */
const manner = { application: Application.Audio, signal: Signal.Voice } as const;
/** 174 µs for 20 ms on the machine of docs/decisions/0001; each step of the scale above costs more than it is heard. */
const complexity = 5;
/**
 * @param spares calls that may begin before the library has had a moment to itself.
 * @throws if the library does not load.
 */
export async function loadOpus(spares = 4): Promise<CodecMemory> {
  const ready = await Promise.all(Array.from({ length: spares }, newPair));
  return {
    openOpus() {
      const pair = ready.pop();
      if (pair === undefined) throw new Error("too many calls of Opus began at once");
      void newPair().then((spare) => ready.push(spare));
      return {
        ...pair,
        close() {
          pair.encoder.free();
          pair.decoder.free();
        },
      };
    },
  };
}

async function newPair(): Promise<Pair> {
  const common = { channels: 1, sampleRate: codecs.opus.rateHz } as const;
  return {
    encoder: await createEncoder({ ...common, ...manner, complexity }),
    decoder: await createDecoder(common),
  };
}
