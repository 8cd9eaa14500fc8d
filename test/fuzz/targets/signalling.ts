/**
 * The whole user agent server between a PBX, another one, and strangers: calls come, change and end, while what they send
 * is mutated. Time is turned; the owner of the calls answers with real session descriptions.
 */
import { answerOffer, makeOffer, type OurSide } from "../../../src/media/sdp.ts";
import type { Endpoint } from "../../../src/sip/endpoint.ts";
import type { ReferTarget } from "../../../src/sip/leg-ports.ts";
import { header, type SipMessage } from "../../../src/sip/message/message.ts";
import { tagOf } from "../../../src/sip/message/name-addr.ts";
import { parseMessage } from "../../../src/sip/message/parse.ts";
import type { EndReason, ServerCall, ServerCallHandlers } from "../../../src/sip/ports.ts";
import { createSignalling } from "../../../src/sip/signalling.ts";
import { redactMessage } from "../../../src/sip/trace/redact.ts";
import { createTrunks } from "../../../src/sip/trunks.ts";
import { createClock } from "../../sip/clock.ts";
import { rule, type Target } from "../target.ts";
import { createIdentities } from "./identities.ts";
import { createTraffic } from "./traffic.ts";

/** Where an input comes from, by its `from`. */
export const ends: readonly Endpoint[] = [
  { address: "192.0.2.1", port: 5060 },
  { address: "192.0.2.2", port: 5080 },
  { address: "192.0.2.3", port: 40_001, transport: "tcp", connection: 1 },
  { address: "192.0.2.4", port: 40_002, transport: "tls", connection: 2 },
  { address: "198.51.100.7", port: 5060 }, // a stranger
];
const strangers = 4;
const exchange: Endpoint = { address: "192.0.2.1", port: 5060 };
const extensions = ["201"];
const credentials = { realm: "pbx.test", username: "gatehouse", password: "never-on-the-wire" };

const ours: OurSide = { address: "192.0.2.9", port: 30_000, codecs: ["PCMA", "G722"], sessionId: 7, version: 1 };
const limits = { invitesPerSecond: 1e9, othersPerSecond: 1e9, earlyDialogs: 200 };

export const signallingSession: Target = {
  name: "signalling",
  inputs: 600,
  open() {
    const clock = createClock();
    const identities = createIdentities(clock.now);
    const traffic = createTraffic();
    const trunks = createTrunks([{ name: "pbx", peers: ["192.0.2.0/24"], called: ["request-uri", "to"] }]);
    const failures: unknown[] = [];
    const ended = new Map<string, EndReason[]>();
    /** What the counters must say. */
    const expected = { strangers: 0, malformed: 0, tooLarge: 0 };
    let finished = 0;
    const legs = { placed: 0, ended: 0, referred: 0, done: 0 };
    let inputs = 0;
    /** While something malformed is seen to. */
    let refusing = false;

    const signalling = createSignalling({
      send(bytes, to) {
        const parsed = parseMessage(bytes);
        // RFC 3261 §8.2.6.2: a refusal copies the headers of what it refuses, broken ones too.
        const refuses = refusing && /^SIP\/2\.0 (400|505) /.test(Buffer.from(bytes).toString("latin1", 0, 12));
        rule(parsed.ok || refuses, `we send what we cannot read: ${parsed.ok ? "" : parsed.fault}`);
        rule(trunks.of(to) !== undefined, "something leaves for an address that is no peer's");
        if (parsed.ok) checkOurs(parsed.message);
        if (parsed.ok) traffic.sent(parsed.message, to);
      },
      schedule: clock.schedule,
      randomId: identities.next,
      trunkOf: trunks.of,
      localEndpoint: ({ transport }) => ({ address: "192.0.2.9", port: 5060, ...(transport && { transport }) }),
      userAgentHeader: "fuzzed",
      minSessionSeconds: 90,
      limits,
      nowMs: clock.now,
      trace: (_direction, bytes) => void redactMessage(bytes),
      finished: () => void finished++,
      admit: () => ({ ok: true }),
      outbound: {
        settings: [{ trunk: "pbx", extensions, identity: "gatehouse" }],
        ways: { open: () => Promise.resolve({ flow: exchange, domain: exchange.address, credentials }) },
        limits: { maxLegs: 6, perMinute: 600 },
        finished: () => undefined,
      },
      onInvite: (call) => own(call),
      failed: (error) => void failures.push(error),
    });

    function own(call: ServerCall): ServerCallHandlers {
      rule(!ended.has(call.id), "two calls of one name");
      const told: EndReason[] = [];
      ended.set(call.id, told);
      const fate = Number.parseInt(call.id.slice(0, 2), 16);
      const answer = () => {
        const answered = call.offer === undefined ? undefined : answerOffer(call.offer, ours);
        if (answered === undefined) call.answer(makeOffer(ours));
        else if (answered.ok) call.answer(answered.sdp);
        else call.reject(answered.status, answered.reason);
      };
      if (fate < 24) call.reject(486, "Busy Here");
      else if (fate < 150) answer();
      else call.ring();
      if (fate >= 180) clock.schedule(700, answer);
      if (fate % 4 === 0) clock.schedule(1_500 + 400 * fate, () => call.hangUp());
      return {
        acknowledged() {
          if (fate % 4 !== 0) transfer(call.id, fate);
        },
        reoffered(sdp) {
          const answered = answerOffer(sdp, ours);
          return answered.ok ? answered.sdp : undefined;
        },
        reoffer: () => makeOffer(ours),
        ended(reason) {
          told.push(reason);
          rule(told.length === 1, "one call ends twice");
        },
      };
    }

    /** To an extension that may be called, or to one that may not; then by REFER with Replaces, or at once by REFER. */
    function transfer(callId: string, fate: number): void {
      const extension = fate % 7 === 0 ? "999" : "201";
      if (fate % 5 === 0) return refer(callId, { kind: "extension", extension });
      legs.placed += 1;
      let hasEnded = false;
      const leg = signalling.placeLeg(
        { purpose: "transfer", forCall: callId, extension, offer: makeOffer(ours), ringMs: 20_000 },
        {
          ringing: () => undefined,
          answered() {
            if (fate % 2 === 0) refer(callId, { kind: "leg", legId: leg.id });
            else if (fate % 3 === 0) leg.hangUp();
          },
          reoffered: () => undefined,
          ended() {
            rule(!hasEnded, "one leg ends twice");
            hasEnded = true;
            legs.ended += 1;
          },
        },
      );
      if (fate % 8 === 1) clock.schedule(900, () => leg.hangUp());
    }

    function refer(callId: string, target: ReferTarget): void {
      legs.referred += 1;
      signalling.refer(callId, target, { accepted: () => undefined, done: () => void legs.done++ });
    }

    function receive(bytes: Uint8Array, from: number): void {
      const source = ends[from] ?? ends[0] ?? { address: "", port: 0 };
      inputs += 1;
      identities.begin(bytes);
      const isStranger = from === strangers;
      const parsed = isStranger || bytes.length > 16_384 ? undefined : parseMessage(bytes);
      if (isStranger) expected.strangers += 1;
      else if (bytes.length > 16_384) expected.tooLarge += 1;
      else if (parsed?.ok === false && parsed.fault !== "keep-alive") expected.malformed += 1;
      refusing = parsed?.ok === false;
      traffic.silence(() => signalling.receive(bytes, source), isStranger);
      refusing = false;
      checkState();
    }

    function checkState(): void {
      if (failures.length > 0) throw failures[0];
      const { timers, transactions, dialogs, dropped, legs: kept } = signalling.status();
      rule(dialogs <= ended.size - finished + kept, "there are more dialogs than calls that go on");
      rule(transactions <= 4 * inputs, "transactions grow beyond what has come");
      const transfers = kept + legs.placed - legs.ended + (legs.referred - legs.done);
      rule(transfers <= 200, "legs and REFERs pile up");
      rule(timers <= 4 * (transactions + dialogs + transfers), "timers grow beyond what they are for");
      rule((dropped["not-a-peer"] ?? 0) === expected.strangers, "strangers are counted wrongly");
      rule((dropped["too-large"] ?? 0) === expected.tooLarge, "what is too large is counted wrongly");
      const malformed = Object.entries(dropped).filter(([reason]) => reason.startsWith("malformed-"));
      rule(sum(malformed.map(([, count]) => count)) === expected.malformed, "what is malformed is counted wrongly");
      rule(dropped["internal-error"] === undefined, "something was thrown");
    }

    return {
      next: (random) => traffic.next(random),
      async feed(step) {
        if (step.kind === "input") receive(step.bytes, step.from);
        else clock.advance(step.ms);
        await waysOpened();
        checkState();
      },
      async settle() {
        clock.advance(600_000);
        await waysOpened();
        signalling.hangUpAll();
        clock.advance(100_000);
        await waysOpened();
        clock.advance(100_000);
        checkState();
        rule(legs.placed === legs.ended, `${legs.placed - legs.ended} legs have no end`);
        rule(legs.referred === legs.done, `${legs.referred - legs.done} REFERs have no outcome`);
        const { timers, transactions, dialogs } = signalling.status();
        rule(
          timers + transactions + dialogs === 0,
          `left: ${timers} timers, ${transactions} transactions, ${dialogs} dialogs`,
        );
        rule(finished === ended.size, "a call has no end");
        rule(
          [...ended.values()].every((told) => told.length === 1),
          "an owner was not told of an end",
        );
      },
    };
  },
};

/** Every promise that can settle without the world has done so. */
async function waysOpened(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
}

/** Whatever is received, we call nobody but the extension that is allowed, and prove ourselves to our own PBX only. */
function checkOurs(message: SipMessage): void {
  if (message.kind === "response") {
    const tagged = message.status === 100 || tagOf(message.to) !== undefined;
    return rule(tagged, "an answer of ours has no To tag");
  }
  rule(/^(ACK|BYE|INVITE|UPDATE|CANCEL|PRACK|REFER)$/.test(message.method), `we send ${message.method}`);
  const begins = message.method === "INVITE" && tagOf(message.to) === undefined;
  rule(!begins || message.uri === "sip:201@192.0.2.1", `we call ${message.uri}`);
  const referTo = header(message, "refer-to");
  rule(referTo === undefined || /^<sip:201@|Replaces=/.test(referTo), "we refer to an extension that is not allowed");
  const digest = header(message, "authorization") ?? header(message, "proxy-authorization");
  rule(digest === undefined || / realm="pbx\.test"/.test(digest), "a password's digest for whoever asks");
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
