/** The signalling of one call with everything that may be drawn: keys, a hold, a refusal, a message sent again. */
import type { Ladder, LadderStep, SdpSummary } from "../../src/sip/ports.ts";

const sdp = (direction: SdpSummary["direction"], ...codecs: string[]): SdpSummary => ({
  codecs,
  dtmf: true,
  direction,
  ptimeMs: 20,
  srtp: ["AES_CM_128_HMAC_SHA1_80"],
});
const step = (atMs: number, from: LadderStep["from"], what: string, cseq: string, more: Partial<LadderStep> = {}) => ({
  ...{ atMs, from, what, cseq, transport: "tls" as const, again: 0 },
  ...more,
});

export const someLadder: Ladder = {
  steps: [
    step(0, "pbx", "INVITE", "1 INVITE", { sdp: sdp("sendrecv", "G722", "PCMA", "PCMU", "opus") }),
    step(2, "us", "100 Trying", "1 INVITE"),
    step(31, "us", "200 OK", "1 INVITE", { sdp: sdp("sendrecv", "PCMA"), again: 2 }),
    step(3_560, "pbx", "ACK", "1 ACK"),
    step(12_480, "pbx", "INVITE", "2 INVITE", { sdp: sdp("sendonly", "PCMA"), note: "hold" }),
    step(12_486, "us", "200 OK", "2 INVITE", { sdp: sdp("recvonly", "PCMA") }),
    step(12_530, "pbx", "ACK", "2 ACK"),
    step(19_004, "pbx", "INVITE", "3 INVITE", { note: "resume" }),
    step(19_009, "us", "488 Not Acceptable Here", "3 INVITE"),
    step(21_400, "pbx", "INFO", "4 INFO", { note: "a key by INFO" }),
    step(21_402, "us", "200 OK", "4 INFO"),
    step(30_000, "us", "INVITE", "1 INVITE", { leg: true, sdp: sdp("sendrecv", "PCMA") }),
    step(30_020, "pbx", "180 Ringing", "1 INVITE", { leg: true }),
    step(36_000, "pbx", "486 Busy Here", "1 INVITE", { leg: true }),
    step(36_001, "us", "ACK", "1 ACK", { leg: true }),
    step(48_020, "us", "BYE", "1 BYE"),
    step(48_060, "pbx", "200 OK", "1 BYE"),
  ],
  omitted: 7,
  end: "we-hung-up",
};
