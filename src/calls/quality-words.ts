/** How a call sounded, in words for IT: from the figures of its row and what its signalling agreed on. */
import type { Ladder } from "../sip/ports.ts";

export type QualityFact = { name: string; value: string };

export function qualityInWords(quality: Readonly<Record<string, number>>, ladder: Ladder | undefined): QualityFact[] {
  const facts: QualityFact[] = [];
  const say = (name: string, value: string | undefined) => value !== undefined && facts.push({ name, value });
  const sdp = agreed(ladder);
  const { received, lost = 0, late = 0, concealedMs, jitterMs, roundTripMs, sent, peerLost, peerJitterMs } = quality;
  say("Codec", sdp && [sdp.codecs[0] ?? "unknown", sdp.ptimeMs && `${sdp.ptimeMs} ms`].filter(Boolean).join(", "));
  say("Keys pressed", sdp && (sdp.dtmf ? "as RFC 4733 events" : "no telephone-event was agreed"));
  say("Encryption", encryption[quality.srtp ?? -1]);
  if (received !== undefined) {
    const expected = received + lost;
    say("Lost on the way to us", `${percent(lost, expected)} of ${expected} packets`);
    say("Too late to be played", `${percent(late, expected)} (${late})`);
  }
  say("Bridged over (concealed)", concealedMs === undefined ? undefined : `${(concealedMs / 1000).toFixed(1)} s`);
  say("Jitter", milliseconds(jitterMs));
  say("Round trip", milliseconds(roundTripMs));
  say("Lost on the way to the PBX", peerLost === undefined ? undefined : percent(peerLost, sent ?? 0));
  say("Jitter at the PBX", milliseconds(peerJitterMs));
  say("Put through", putThrough(quality));
  return facts;
}

const encryption: Readonly<Record<number, string>> = { 0: "none", 1: "SRTP, keys in the SDP", 2: "SRTP, keys by DTLS" };

const milliseconds = (ms: number | undefined) => (ms === undefined ? undefined : `${ms.toFixed(1)} ms`);

function putThrough({ transfersTried = 0, transfersMade = 0, joinedMs = 0 }: Readonly<Record<string, number>>) {
  if (transfersTried === 0) return undefined;
  const tries = `${transfersMade} of ${transfersTried} ${transfersTried === 1 ? "try" : "tries"}`;
  return transfersMade === 0 ? tries : `${tries}, ${(joinedMs / 1000).toFixed(1)} s through us`;
}

function percent(part: number, whole: number): string {
  return whole <= 0 ? "0 %" : `${((100 * Math.max(0, part)) / whole).toFixed(1)} %`;
}

/** What was answered last names one codec; an offer names several. */
function agreed(ladder: Ladder | undefined) {
  return ladder?.steps.findLast(
    ({ sdp, what, leg }) => !leg && sdp !== undefined && (what === "200 OK" || what === "ACK"),
  )?.sdp;
}
