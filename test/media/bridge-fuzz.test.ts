/** Two calls bridged while both PBXes change everything at once: codecs, packet times, hold, address, and what they send. */
import { expect, test } from "bun:test";
import { codecs } from "../../src/media/codecs.ts";
import type { CodecName, NegotiatedMedia } from "../../src/media/messages.ts";
import { seeded } from "./network.ts";
import { caller, negotiated, oneCall } from "./one-call.ts";

const names: readonly CodecName[] = ["PCMA", "PCMU", "G722", "opus"];
const directions = ["sendrecv", "sendrecv", "sendrecv", "sendonly", "recvonly", "inactive"] as const;

test("no change and no packet of either side breaks the other, and both are heard again when it is over", async () => {
  const random = seeded(20_261_121);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const anyMedia = (): NegotiatedMedia => {
    const codec = pick(names);
    const payloadType = codecs[codec].payloadType;
    return {
      ...negotiated,
      codec,
      sendPayloadType: payloadType,
      receivePayloadType: payloadType,
      ptimeMs: pick(codecs[codec].packetMs),
      direction: pick(directions),
      remote: random() < 0.1 ? { address: "192.0.2.77", port: 9000 } : caller,
    };
  };
  const anyPacket = (): Uint8Array => {
    const bytes = Uint8Array.from({ length: 12 + Math.floor(random() ** 3 * 1400) }, () => random() * 256);
    if (random() < 0.95) [bytes[0], bytes[1]] = [0x80, pick([0, 8, 9, 111, 101, 13])];
    if (random() < 0.7) bytes.set([0, 0, 0, 1], 8); // the one stream, more often than not
    return bytes;
  };
  const calls = [oneCall(anyMedia()), oneCall(anyMedia())] as const;
  const [left, right] = calls;
  let sent = 0;
  for (let round = 0; round < 400; round++) {
    if (round % 20 === 0) {
      left.session.bridge(right.session);
      right.session.bridge(left.session);
    }
    for (const { session } of calls) {
      if (random() < 0.3) session.start(anyMedia(), "converse");
      if (random() < 0.03) session.press(pick(["1", "#", "x"]), random() * 300);
      for (let n = 0; n < random() * 12; n++) session.rtp(anyPacket(), caller);
      if (random() < 0.1) session.rtcp(anyPacket(), caller);
    }
    await pick(calls).frames(1 + Math.floor(random() * 3));
    if (random() < 0.05) for (const { session } of calls) session.bridge(undefined);
    sent += left.rtp.splice(0).length + right.rtp.splice(0).length;
  }
  expect(sent).toBeGreaterThan(200);
  for (const { session } of calls) session.start(negotiated, "converse");
  left.session.bridge(right.session);
  right.session.bridge(left.session);
  for (let n = 0; n < 400; n++) for (const call of calls) await call.frames(1);
  expect(left.rtp.slice(-40).every(({ payloadType }) => payloadType === 8)).toBe(true);
  expect(right.rtp.slice(-40)).toHaveLength(40);
});
