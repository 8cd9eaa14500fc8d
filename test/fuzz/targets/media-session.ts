/** A call's media with everything that can come to its ports: from the caller, authentic or not, and from elsewhere. */
import { type CallSession, createCallSession } from "../../../src/media/call-session.ts";
import { packetTimeOf } from "../../../src/media/codecs.ts";
import { deliver } from "../../../src/media/deliver.ts";
import type { FromMedia, NegotiatedMedia, SrtpSuite } from "../../../src/media/messages.ts";
import { parseRtcp } from "../../../src/media/rtcp.ts";
import { parseRtp, rtpHeaderLength } from "../../../src/media/rtp.ts";
import type { Vad } from "../../../src/media/silero.ts";
import type { Source } from "../../../src/media/source-latch.ts";
import { createSrtpSender, type SrtpSender } from "../../../src/media/srtp.ts";
import { masterBytes, srtpSuites } from "../../../src/media/srtp-suites.ts";
import { caller, codecMemory, negotiated, settings } from "../../media/one-call.ts";
import { type Random, seeded } from "../../sip/random.ts";
import { mutatePacket } from "../mutate.ts";
import { rtcpSeeds, rtpSeeds, straySeeds } from "../seeds.ts";
import { rule, type Step, type Target } from "../target.ts";

const stranger: Source = { address: "198.51.100.7", port: 4000 };
/** How an input comes: the bits of `from`. */
const flags = { sealed: 1, rtcpPort: 2, stranger: 4, otherPort: 8 };
const suites = Object.keys(srtpSuites) as SrtpSuite[];
const codecs = ["PCMA", "PCMU", "G722", "opus"] as const;

function mediaOf(seed: number): NegotiatedMedia {
  const suite = suites[seed % (2 * suites.length)];
  const codec = codecs[seed % codecs.length] ?? "PCMA";
  // The number of A-law for Opus, which the seeds know nothing of: sound of every kind is bytes to it.
  const payloadType = { PCMA: 8, PCMU: 0, G722: 9, opus: 8 }[codec];
  const key = (byte: number, of: SrtpSuite) => new Uint8Array(masterBytes(of)).fill(byte);
  return {
    ...negotiated,
    codec,
    sendPayloadType: payloadType,
    receivePayloadType: payloadType,
    ptimeMs: packetTimeOf(codec, [10, 20, 30, 60, 40][seed % 5] ?? 20),
    direction: (["sendrecv", "sendrecv", "recvonly", "sendonly", "inactive"] as const)[seed % 5] ?? "sendrecv",
    ...(suite && { srtp: { suite, sendKey: key(1, suite), receiveKey: key(2, suite) } }),
  };
}

/** What is loud is speech, at once: the endpointer behind it is the real one. */
const loudness: Vad = {
  counts: { inferred: 0, silent: 0, skipped: 0 },
  stream: () => ({
    push: (samples, done) => done(samples.some((value) => Math.abs(value) > 0.1) ? 0.95 : 0.02),
    close: () => undefined,
  }),
};

export const mediaSession: Target = {
  name: "media-session",
  inputs: 400,
  open(seed) {
    const media = mediaOf(seed);
    const { srtp } = media;
    let nowMs = 1_000;
    const random = seeded(seed);
    const peer: SrtpSender | undefined = srtp && createSrtpSender(srtp.suite, srtp.receiveKey);
    const events: FromMedia[] = [];
    const check = (packet: Uint8Array, to: Source, read: (packet: Uint8Array) => unknown) => {
      rule(packet.length > 0 && packet.length <= 1_500, "we send a packet that no network takes");
      rule(srtp !== undefined || read(packet) !== undefined, "we send a packet that we cannot read");
      rule(to.port >= 1 && to.port <= 65_535, "we send to no port");
    };
    const session: CallSession = createCallSession("call", settings, {
      send: (channel, packet, to) => check(packet, to, channel === "rtp" ? parseRtp : parseRtcp),
      emit: (event) => void events.push(event),
      vad: loudness,
      codecMemory,
      random: () => random.next(),
      nowMs: () => nowMs,
      unixMs: () => 1_750_000_000_000 + nowMs,
    });
    session.start(media, seed % 3 === 0 ? "echo" : "converse");
    session.record(seed % 2 === 0);

    function pass(ms: number): void {
      for (const until = nowMs + ms; nowMs < until; nowMs += session.ptimeMs) {
        session.speak(nowMs, true);
        session.hear(nowMs);
        for (const event of events.splice(0)) checkEvent(event);
      }
    }

    return {
      next: (chance) => nextStep(chance),
      feed(step) {
        if (step.kind === "time") return pass(step.ms);
        const sealed = step.from & flags.sealed && peer !== undefined ? seal(peer, step.bytes) : step.bytes;
        const from = { ...(step.from & flags.stranger ? stranger : caller) };
        if (step.from & flags.otherPort) from.port += 2;
        const before = tally(session);
        deliver(session, step.from & flags.rtcpPort ? "rtcp" : "rtp", sealed, from);
        const counted = tally(session) - before;
        // RTCP that is believed changes no count of packets; everything else is counted once.
        rule(counted === 1 || (counted === 0 && isRtcp(sealed)), `one datagram is counted ${counted} times`);
      },
      settle() {
        pass(2_000);
        session.close();
        for (const event of events.splice(0)) checkEvent(event);
      },
    };
  },
};

function nextStep(random: Random): Step {
  if (random.below(12) === 0)
    return { kind: "time", ms: random.below(20) === 0 ? 15_000 : random.pick([20, 20, 100, 700]) };
  const isSealed = random.below(4) > 0;
  const isElsewhere = random.below(8) === 0;
  const from =
    (isSealed ? flags.sealed : 0) +
    (random.below(8) === 0 ? flags.rtcpPort : 0) +
    (isElsewhere ? random.pick([flags.stranger, flags.otherPort]) : 0);
  return { kind: "input", bytes: mutatePacket(random.pick([rtpSeeds, rtpSeeds, rtcpSeeds, straySeeds]), random), from };
}

/** As the caller would have sent it: what it says is hostile, its seal is good. */
function seal(peer: SrtpSender, bytes: Uint8Array): Uint8Array {
  if (isRtcp(bytes)) return bytes.length < 8 ? bytes : peer.rtcp(bytes).slice();
  return rtpHeaderLength(bytes) === undefined ? bytes : peer.rtp(bytes).slice();
}

function isRtcp(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return first >= 128 && first <= 191 && second >= 192 && second <= 223;
}

function tally({ stats: { received, duplicated, dropped } }: CallSession): number {
  return received + duplicated + Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

function checkEvent(event: FromMedia): void {
  if (event.kind === "digit") {
    rule(/^[0-9*#A-D]$/.test(event.digit), "a key is pressed that is none");
    rule(event.durationMs >= 0 && Number.isInteger(event.durationMs), "a key is pressed for no time");
  }
  if (event.kind === "paused") rule(event.samples.every(Number.isFinite), "sound that is no number");
  if (event.kind === "recorded") rule(event.caller.length === event.agent.length, "a recording of unequal sides");
}
