/** What the small telephone speaks on the line: A-law, G.722 or Opus, by the appliance's own codecs. */
import { createCallCodec } from "../../src/media/call-codec.ts";
import { codecs } from "../../src/media/codecs.ts";
import { decode, encode } from "../../src/media/g711.ts";
import type { CodecName } from "../../src/media/messages.ts";
import { createDownsampler, createUpsampler } from "../../src/media/resample.ts";
import { loadOpus } from "../../src/media/worker/opus-library.ts";

export const frameMs = 20;
export const frameSamples = 160;

/** Frames of 8 kHz ↔ payloads, each of so many ticks of the RTP clock. */
export type Sound = {
  payloadType: number;
  rtpmap: string;
  ticks: number;
  encode(frame: Int16Array): Uint8Array;
  decode(payload: Uint8Array): Int16Array;
};

const codecMemory = await loadOpus();

const aLaw: Sound = {
  payloadType: 8,
  rtpmap: "PCMA/8000",
  ticks: frameSamples,
  encode: (frame) => encode("PCMA", frame),
  decode(payload) {
    const frame = new Int16Array(payload.length);
    decode("PCMA", payload, frame);
    return frame;
  },
};

/** Of 16 kHz, by the appliance's own codec: what comes is one packet a frame, and none is missed. */
function wideband(name: "G722" | "opus"): Sound {
  const { payloadType, clockHz, channels } = codecs[name];
  const codec = createCallCodec(name, codecMemory);
  const [up, down] = [createUpsampler(), createDownsampler()];
  const ticks = (clockHz * frameMs) / 1000;
  return {
    payloadType,
    rtpmap: `${name}/${clockHz}${channels === 1 ? "" : `/${channels}`}`,
    ticks,
    encode: (frame) => codec.encode(Int16Array.from(up.push(frame), (value) => 32_767 * value)),
    decode(payload) {
      const wide = new Int16Array(2 * frameSamples);
      codec.decode([{ kind: "heard", ticks, sound: { codec: name, payload, ticks }, offset: 0 }], wide);
      return down.push(wide).slice();
    },
  };
}

/** One side of one call. */
export function soundOf(codec: Exclude<CodecName, "PCMU">): Sound {
  return codec === "PCMA" ? aLaw : wideband(codec);
}
