import { expect, test } from "bun:test";
import { opusPacketTicks } from "../../src/media/opus-packet.ts";

const toc = (configuration: number, code: number) => (configuration << 3) | code;

test("each configuration has the frame of RFC 6716 table 2", () => {
  const silk = [10, 20, 40, 60, 10, 20, 40, 60, 10, 20, 40, 60];
  const hybrid = [10, 20, 10, 20];
  const celt = [2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20, 2.5, 5, 10, 20];
  const ticks = Array.from({ length: 32 }, (_, i) => opusPacketTicks(Uint8Array.of(toc(i, 0), 1)));
  expect(ticks).toEqual([...silk, ...hybrid, ...celt].map((ms) => 48 * ms));
});

test("one, two, two or as many frames as the second byte says, in 120 ms at most", () => {
  expect([0, 1, 2].map((code) => opusPacketTicks(Uint8Array.of(toc(9, code), 1)))).toEqual([960, 1920, 1920]);
  expect(opusPacketTicks(Uint8Array.of(toc(9, 3), 0b1100_0110))).toBe(6 * 960);
  expect(opusPacketTicks(Uint8Array.of(toc(9, 3), 7))).toBeUndefined();
  expect(opusPacketTicks(Uint8Array.of(toc(16, 3), 48))).toBe(48 * 120);
  expect(opusPacketTicks(Uint8Array.of(toc(16, 3), 49))).toBeUndefined();
});

test("nothing, no frames, or a number of frames that is missing, is no packet", () => {
  expect(opusPacketTicks(new Uint8Array(0))).toBeUndefined();
  expect(opusPacketTicks(Uint8Array.of(toc(9, 3), 0))).toBeUndefined();
  expect(opusPacketTicks(Uint8Array.of(toc(9, 3)))).toBeUndefined();
});
