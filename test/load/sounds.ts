/** What a load call sends: two seconds of sound in each codec, encoded beforehand and sent over and over. */
import { createCallCodec } from "../../src/media/call-codec.ts";
import { decode, encode } from "../../src/media/g711.ts";
import { createG722Decoder, createG722Encoder } from "../../src/media/g722.ts";
import { loadOpus } from "../../src/media/worker/opus-library.ts";

export type LoadCodec = "PCMA" | "PCMU" | "G722" | "opus";
export const loadCodecs: readonly LoadCodec[] = ["PCMA", "PCMU", "G722", "opus"];

/** Enough for all the calls of a load to be decoded one after the other. */
const codecMemory = await loadOpus(128);

export type LoadSound = {
  payloadType: number;
  rtpmap: string;
  /** Of the RTP clock, in 20 ms. */
  ticks: number;
  /** 20 ms each. */
  payloads: readonly Uint8Array[];
  /** In order, of one stream. */
  decoder(): (payload: Uint8Array) => Int16Array;
};

const frames = 100;

export function soundOf(codec: LoadCodec): LoadSound {
  switch (codec) {
    case "PCMA":
    case "PCMU":
      return {
        payloadType: codec === "PCMA" ? 8 : 0,
        rtpmap: `${codec}/8000`,
        ticks: 160,
        payloads: cut(hum(8000), 160).map((frame) => encode(codec, frame)),
        decoder: () => (payload) => {
          const frame = new Int16Array(payload.length);
          decode(codec, payload, frame);
          return frame;
        },
      };
    case "G722": {
      const encoder = createG722Encoder();
      return {
        payloadType: 9,
        rtpmap: "G722/8000",
        ticks: 160,
        payloads: cut(hum(16_000), 320).map((frame) => encoder.encode(frame).slice()),
        decoder() {
          const decoder = createG722Decoder();
          return (payload) => {
            const frame = new Int16Array(2 * payload.length);
            decoder.decode(payload, frame);
            return frame;
          };
        },
      };
    }
    case "opus": {
      const encoder = createCallCodec("opus", codecMemory);
      return {
        payloadType: 96,
        rtpmap: "opus/48000/2",
        ticks: 960,
        payloads: cut(hum(16_000), 320).map((frame) => encoder.encode(frame)),
        decoder() {
          const decoder = createCallCodec("opus", codecMemory);
          return (payload) => {
            const frame = new Int16Array(320);
            const sound = { codec: "opus" as const, payload, ticks: 960 };
            decoder.decode([{ kind: "heard", ticks: 960, sound, offset: 0 }], frame);
            return frame;
          };
        },
      };
    }
  }
}

/** Three tones that swell and fade three times a second: no codec finds it easy, none takes it for silence. */
function hum(rateHz: number): Int16Array {
  return Int16Array.from({ length: (rateHz * frames * 20) / 1000 }, (_, i) => {
    const seconds = i / rateHz;
    const tone = (hertz: number) => Math.sin(2 * Math.PI * hertz * seconds);
    return 3000 * (1.3 + Math.sin(6 * Math.PI * seconds)) * (tone(220) + tone(740) + 0.5 * tone(1910));
  });
}

function cut(samples: Int16Array, size: number): Int16Array[] {
  return Array.from({ length: samples.length / size }, (_, i) => samples.subarray(i * size, (i + 1) * size));
}
