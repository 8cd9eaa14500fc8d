/**
 * The signalling of each running call, message by message, for IT. Fed where messages come and go; it changes nothing.
 * Kept of a message is its kind and its place, never a name, a number, an address or a key. Pure: time is passed in.
 */
import type { Endpoint } from "../endpoint.ts";
import { sdpOf } from "../message/body.ts";
import { header, type SipMessage } from "../message/message.ts";
import { parseMessage } from "../message/parse.ts";
import type { EndReason, Ladder, LadderStep, SdpSummary } from "../ports.ts";
import { methodName, statusName } from "./phrases.ts";
import { summariseSdp } from "./sdp-summary.ts";

/** A call of an hour with a refresh every 45 s has some 250; what tells of a fault comes before. */
export const stepsAtMost = 200;

export interface Ladders {
  /** A call begins with this INVITE. */
  open(invite: SipMessage, source: Endpoint): void;
  /** What has that Call-ID is a leg of that call from here on. */
  join(legCallId: string, wireCallId: string | undefined): void;
  received(message: SipMessage, source: Endpoint): void;
  sent(bytes: Uint8Array, to: Endpoint): void;
  /** @param wireCallId Its Call-ID. @param owner Our own id of it, which goes on if `end` is "replaced". */
  close(wireCallId: string, owner: string, end: EndReason | "replaced"): Ladder | undefined;
}

type Step = { -readonly [K in keyof LadderStep]: LadderStep[K] };
/** `places`: where a message stands that may come again. `held`: whether the peer has put us on hold. */
type Kept = {
  startedAtMs: number;
  steps: Step[];
  places: Map<string, Step>;
  omitted: number;
  held: boolean;
  legs: string[];
};

export function createLadders(nowMs: () => number): Ladders {
  const running = new Map<string, Kept>();
  /** The calls for which legs are rung, by the legs' Call-IDs. */
  const legs = new Map<string, Kept>();
  /** Of calls that another INVITE took over (RFC 3891), by our own id. */
  const replaced = new Map<string, Kept>();

  function note(from: LadderStep["from"], message: SipMessage, { transport }: Endpoint): void {
    const ofLeg = legs.get(message.callId);
    const kept = running.get(message.callId) ?? ofLeg;
    if (kept === undefined) return;
    const what = message.kind === "request" ? methodName(message.method) : statusName(message.status);
    const cseq = `${message.cseq.number} ${methodName(message.cseq.method)}`;
    const place = `${ofLeg === undefined ? "" : message.callId} ${from} ${what} ${cseq}`;
    const before = kept.places.get(place);
    if (before !== undefined) {
      before.again += 1;
      return;
    }
    if (kept.steps.length >= stepsAtMost) {
      kept.omitted += 1;
      return;
    }
    const atMs = Math.round(nowMs() - kept.startedAtMs);
    const step: Step = {
      atMs,
      from,
      what,
      cseq,
      transport: transport ?? "udp",
      again: 0,
      ...meaningOf(kept, from, message, ofLeg !== undefined),
      ...(ofLeg !== undefined && { leg: true as const }),
    };
    kept.steps.push(step);
    kept.places.set(place, step);
  }

  return {
    open(invite, source) {
      forgetOldest(running); // their end was never told: a bound, not a way that any takes
      running.set(invite.callId, {
        startedAtMs: nowMs(),
        steps: [],
        places: new Map(),
        omitted: 0,
        held: false,
        legs: [],
      });
      note("pbx", invite, source);
    },
    join(legCallId, wireCallId) {
      const kept = running.get(wireCallId ?? "");
      if (kept === undefined) return;
      legs.set(legCallId, kept);
      kept.legs.push(legCallId);
    },
    received: (message, source) => note("pbx", message, source),
    sent(bytes, to) {
      if (running.size === 0) return;
      const parsed = parseMessage(bytes);
      if (parsed.ok) note("us", parsed.message, to);
    },
    close(wireCallId, owner, end) {
      const kept = running.get(wireCallId);
      running.delete(wireCallId);
      if (kept === undefined) return undefined;
      const before = replaced.get(owner);
      const whole = before === undefined ? kept : joined(before, kept);
      if (end === "replaced") {
        forgetOldest(replaced);
        replaced.set(owner, whole);
        return undefined;
      }
      replaced.delete(owner);
      for (const leg of whole.legs) legs.delete(leg);
      return { steps: whole.steps, omitted: whole.omitted, end };
    },
  };
}

const mostKept = 20_000;

function forgetOldest(kept: Map<string, unknown>): void {
  if (kept.size < mostKept) return;
  const [oldest] = kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
}

/** What the message does to the sound. */
function meaningOf(
  kept: Kept,
  from: LadderStep["from"],
  message: SipMessage,
  isLeg: boolean,
): { sdp?: SdpSummary } & Pick<Step, "note"> {
  const isKey = /^application\/dtmf/i.test(header(message, "content-type") ?? "");
  if (isKey) return { note: "a key by INFO" };
  const body = sdpOf(message);
  const sdp = body.kind === "sdp" ? summariseSdp(body.sdp) : undefined;
  if (sdp === undefined) return {};
  if (from === "us" || isLeg || message.kind === "response") return { sdp };
  const held = sdp.direction === "sendonly" || sdp.direction === "inactive";
  const changed = held !== kept.held;
  kept.held = held;
  return { sdp, ...(changed && { note: held ? "hold" : "resume" }) };
}

function joined(before: Kept, after: Kept): Kept {
  const laterMs = Math.round(after.startedAtMs - before.startedAtMs);
  const later = after.steps.map((step) => ({ ...step, atMs: step.atMs + laterMs }));
  const steps = [...before.steps, ...later].sort((a, b) => a.atMs - b.atMs);
  const omitted = before.omitted + after.omitted + Math.max(0, steps.length - stepsAtMost);
  return {
    ...after,
    legs: [...before.legs, ...after.legs],
    startedAtMs: before.startedAtMs,
    steps: steps.slice(0, stepsAtMost),
    omitted,
  };
}
