import { expect, test } from "bun:test";
import { parseRtp, writeRtp } from "../../src/media/rtp.ts";

const plain = { marker: true, payloadType: 8, sequence: 0, timestamp: 0xffff_ffff, ssrc: 0xdead_beef };

test("a packet survives writing and parsing, sequence 0 and the last timestamp included", () => {
  const payload = Uint8Array.of(1, 2, 3);
  const bytes = writeRtp({ ...plain, payload }, new Uint8Array(100));
  expect([...bytes]).toEqual([0x80, 0x88, 0, 0, 255, 255, 255, 255, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3]);
  expect(parseRtp(bytes)).toEqual({ ...plain, payload });
});

test("contributing sources, extension and padding are stepped over", () => {
  const datagram = Uint8Array.of(
    ...[0xb2, 0x08, 0, 7, 0, 0, 0, 9, 0, 0, 0, 1], // V 2, P, X, two CSRC
    ...[0, 0, 0, 2, 0, 0, 0, 3],
    ...[0xbe, 0xde, 0, 1, 1, 2, 3, 4], // extension of one word
    ...[0x55, 0xd5], // payload
    ...[0, 0, 3],
  );
  const packet = parseRtp(datagram);
  expect(packet && [...packet.payload]).toEqual([0x55, 0xd5]);
  expect(packet).toMatchObject({ marker: false, payloadType: 8, sequence: 7, timestamp: 9, ssrc: 1 });
});

test.each([
  ["eleven bytes", new Uint8Array(11).fill(0x80)],
  ["version 1", Uint8Array.of(0x40, ...new Uint8Array(20))],
  ["more sources than bytes", Uint8Array.of(0x8f, ...new Uint8Array(20))],
  ["an extension cut short", Uint8Array.of(0x90, ...new Uint8Array(12))],
  ["an extension longer than the packet", Uint8Array.of(0x90, ...new Uint8Array(11), 0, 0, 0, 9, 0)],
  ["padding of nothing", Uint8Array.of(0xa0, ...new Uint8Array(15))],
  ["padding longer than the payload", Uint8Array.of(0xa0, ...new Uint8Array(12), 9)],
  ["nothing", new Uint8Array(0)],
])("%s is refused", (_, datagram) => {
  expect(parseRtp(datagram)).toBeUndefined();
});

test("an empty payload is a packet", () => {
  expect(parseRtp(Uint8Array.of(0x80, 13, ...new Uint8Array(10)))?.payload.length).toBe(0);
});
