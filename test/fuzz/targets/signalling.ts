/**
 * The whole user agent server between a PBX, another one, and strangers: calls come, change and end, while what they send
 * is mutated. Time is turned; the owner of the calls answers with real session descriptions.
 */
import { answerOffer, makeOffer, type OurSide } from "../../../src/media/sdp.ts";
import type { Endpoint } from "../../../src/sip/endpoint.ts";
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
        acknowledged: () => undefined,
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
      const { timers, transactions, dialogs, dropped } = signalling.status();
      rule(dialogs <= ended.size - finished, "there are more dialogs than calls that go on");
      rule(transactions <= 4 * inputs, "transactions grow beyond what has come");
      rule(timers <= 4 * (transactions + dialogs), "timers grow beyond what they are for");
      rule((dropped["not-a-peer"] ?? 0) === expected.strangers, "strangers are counted wrongly");
      rule((dropped["too-large"] ?? 0) === expected.tooLarge, "what is too large is counted wrongly");
      const malformed = Object.entries(dropped).filter(([reason]) => reason.startsWith("malformed-"));
      rule(sum(malformed.map(([, count]) => count)) === expected.malformed, "what is malformed is counted wrongly");
      rule(dropped["internal-error"] === undefined, "something was thrown");
    }

    return {
      next: (random) => traffic.next(random),
      feed(step) {
        if (step.kind === "input") return receive(step.bytes, step.from);
        clock.advance(step.ms);
        checkState();
      },
      settle() {
        clock.advance(600_000);
        signalling.hangUpAll();
        clock.advance(100_000);
        checkState();
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

/** Nothing that is received makes us begin a dialog, or offer what we do not have. */
function checkOurs(message: SipMessage): void {
  if (message.kind === "response") {
    const tagged = message.status === 100 || tagOf(message.to) !== undefined;
    return rule(tagged, "an answer of ours has no To tag");
  }
  rule(/^(ACK|BYE|INVITE|UPDATE)$/.test(message.method), `we send ${message.method}`);
  rule(message.method !== "INVITE" || tagOf(message.to) !== undefined, "we begin a call");
  rule(header(message, "authorization") === undefined, "a password's digest for whoever asks");
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
