import { expect, test } from "bun:test";
import { demultiplex } from "../../src/media/demultiplex.ts";

test.each([
  [0, "stun"],
  [3, "stun"],
  [4, "unknown"],
  [15, "unknown"],
  [16, "zrtp"],
  [19, "zrtp"],
  [20, "dtls"],
  [63, "dtls"],
  [64, "turn"],
  [79, "turn"],
  [80, "unknown"],
  [127, "unknown"],
  [128, "rtp"],
  [191, "rtp"],
  [192, "unknown"],
  [255, "unknown"],
] as const)("first byte %d is %s (RFC 7983)", (first, kind) => {
  expect(demultiplex(Uint8Array.of(first, 0))).toBe(kind);
});

test.each([
  [191, "rtp"],
  [192, "rtcp"],
  [200, "rtcp"],
  [223, "rtcp"],
  [224, "rtp"],
] as const)("second byte %d behind version 2 is %s (RFC 5761)", (second, kind) => {
  expect(demultiplex(Uint8Array.of(0x80, second))).toBe(kind);
});

test("an empty datagram is nothing", () => {
  expect(demultiplex(new Uint8Array(0))).toBe("unknown");
});
