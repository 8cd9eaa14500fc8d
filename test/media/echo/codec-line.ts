/** A telephone on speaker at the far end of a line of 16 kHz: what it is sent and what it sends go through the codec. */
import { createCallCodec } from "../../../src/media/call-codec.ts";
import { codecs } from "../../../src/media/codecs.ts";
import { loadOpus } from "../../../src/media/worker/opus-library.ts";
import type { SpeakerPhone } from "./echo-path.ts";

export const wideCodecs = ["G722", "opus"] as const;
type WideCodec = (typeof wideCodecs)[number];

const memory = await loadOpus();

/** @param phone of 16 kHz. Frames of 20 ms. */
export function overCodec(name: WideCodec, phone: SpeakerPhone): SpeakerPhone {
  const [there, back] = [line(name), line(name)];
  return { ...phone, hear: (agent, near) => back(phone.hear(there(agent), near)) };
}

/** One direction: what is encoded at one end is decoded at the other, and nothing is lost between them. */
function line(name: WideCodec): (frame: Int16Array) => Int16Array {
  const codec = createCallCodec(name, memory);
  const { clockHz, rateHz } = codecs[name];
  return (frame) => {
    const ticks = (frame.length * clockHz) / rateHz;
    const out = new Int16Array(frame.length);
    const payload = codec.encode(frame).slice();
    codec.decode([{ kind: "heard", ticks, sound: { codec: name, payload, ticks }, offset: 0 }], out);
    return out;
  };
}
