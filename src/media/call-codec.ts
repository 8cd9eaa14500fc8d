/** The codec of one call: packets ↔ PCM of its own rate, with whatever memory it has; what was lost is made up. */
import { type CallCodec, codecs } from "./codecs.ts";
import { createConcealer, type Stretch } from "./concealment.ts";
import { decode, encode } from "./g711.ts";
import { createG722Decoder, createG722Encoder } from "./g722.ts";
import type { Sound } from "./jitter-buffer.ts";
import type { CodecName, OpusTerms } from "./messages.ts";
import { createOpusCodec, type OpusCoders } from "./opus.ts";

export type CodecMemory = { openOpus(): OpusCoders };

export function createCallCodec(name: CodecName, memory: CodecMemory, opus?: OpusTerms): CallCodec {
  switch (name) {
    case "PCMA":
    case "PCMU":
      return byteCodec(name, (samples) => encode(name, samples), decodeG711);
    case "G722":
      return byteCodec(name, createG722Encoder().encode, decodeG722());
    case "opus":
      return createOpusCodec(memory.openOpus(), opus);
  }
}

/** @returns false if these bytes are of another codec, and nothing to this one. */
type DecodePart = (codec: CodecName, bytes: Uint8Array, into: Int16Array) => boolean;

/** A codec of one byte for each tick of its clock: a packet may be cut anywhere. */
function byteCodec(name: CodecName, encodeFrame: CallCodec["encode"], decodePart: DecodePart): CallCodec {
  const { rateHz, clockHz } = codecs[name];
  const perTick = rateHz / clockHz;
  const concealer = createConcealer(rateHz);
  return {
    name,
    rateHz,
    decode(runs, into) {
      const stretches: Stretch[] = [];
      let at = 0;
      for (const run of runs) {
        const part = into.subarray(perTick * at, perTick * (at + run.ticks));
        at += run.ticks;
        const isHeard = run.kind === "heard" && decodePart(run.sound.codec, bytesOf(run), part);
        if (!isHeard) part.fill(0);
        stretches.push({ kind: run.kind === "silent" || isHeard ? run.kind : "lost", samples: part.length });
      }
      concealer.process(into, stretches);
    },
    encode: encodeFrame,
    adapt: () => undefined,
    get concealedMs() {
      return concealer.concealedMs;
    },
    close: () => undefined,
  };
}

function bytesOf({ sound, offset, ticks }: { sound: Sound; offset: number; ticks: number }): Uint8Array {
  return sound.payload.subarray(offset, offset + ticks);
}

/** Either law: after a change from one to the other, what is still under way is understood. */
const decodeG711: DecodePart = (codec, bytes, into) => {
  if (codec !== "PCMA" && codec !== "PCMU") return false;
  decode(codec, bytes, into);
  return true;
};

/** What was lost is left out: the decoder goes on from where it was, which is nearer than from silence. */
function decodeG722(): DecodePart {
  const decoder = createG722Decoder();
  return (codec, bytes, into) => {
    if (codec !== "G722") return false;
    decoder.decode(bytes, into);
    return true;
  };
}
