import { expect, test } from "bun:test";
import { qualityInWords } from "../../src/calls/quality-words.ts";
import type { Ladder, LadderStep } from "../../src/sip/ports.ts";

const step = (what: string, codecs: string[]): LadderStep => ({
  ...{ atMs: 0, from: "us", what, cseq: "1 INVITE", transport: "udp", again: 0 },
  sdp: { codecs, dtmf: true, direction: "sendrecv", ptimeMs: 20 },
});

test("shares are of what should have come; the codec is the one answered, not those offered", () => {
  const ladder: Ladder = {
    steps: [step("INVITE", ["G722", "PCMA"]), step("200 OK", ["PCMA"]), { ...step("200 OK", ["PCMU"]), leg: true }],
    omitted: 0,
    end: "we-hung-up",
  };
  const quality = { received: 950, lost: 50, late: 10, sent: 1000, jitterMs: 3.21, concealedMs: 1_200, srtp: 1 };
  const facts = new Map(
    qualityInWords({ ...quality, peerLost: 5, peerJitterMs: 1, roundTripMs: 12.34 }, ladder).map(({ name, value }) => [
      name,
      value,
    ]),
  );
  expect(Object.fromEntries(facts)).toEqual({
    Codec: "PCMA, 20 ms",
    "Keys pressed": "as RFC 4733 events",
    Encryption: "SRTP, keys in the SDP",
    "Lost on the way to us": "5.0 % of 1000 packets",
    "Too late to be played": "1.0 % (10)",
    "Bridged over (concealed)": "1.2 s",
    Jitter: "3.2 ms",
    "Round trip": "12.3 ms",
    "Lost on the way to the PBX": "0.5 %",
    "Jitter at the PBX": "1.0 ms",
  });
});

test("what nobody measured is not said", () => {
  expect(qualityInWords({}, undefined)).toEqual([]);
  expect(qualityInWords({ received: 0, lost: 0, late: 0 }, undefined)).toEqual([
    { name: "Lost on the way to us", value: "0 % of 0 packets" },
    { name: "Too late to be played", value: "0 % (0)" },
  ]);
});

test("a caller who was put through, and one who was not", () => {
  const tries = (transfersTried: number, transfersMade: number, joinedMs: number) =>
    qualityInWords({ transfersTried, transfersMade, joinedMs }, undefined);
  expect(tries(2, 1, 63_480)).toEqual([{ name: "Put through", value: "1 of 2 tries, 63.5 s through us" }]);
  expect(tries(1, 0, 0)).toEqual([{ name: "Put through", value: "0 of 1 try" }]);
});
