/** Live calls as the page shows them, made of the events of the stream. Pure. */
import type { LiveEvent } from "../api/shapes.ts";
import { viewingSlots } from "./words.ts";

export type LiveTurn = { n: number; heard: string; said: string };

export type LiveCall = {
  id: string;
  line: string;
  /** ISO, UTC. */
  startedAt: string;
  /** False until the disclosure has played out. */
  identified: boolean;
  caller: string | null;
  turns: LiveTurn[];
  /** What the caller has said so far in this turn. */
  caption: string | null;
  /** What the agent has asked for last. */
  asks: string | null;
  slots: Record<string, string>;
  /** The last time that everything about a viewing was known: once it is booked, the receptionist begins anew. */
  complete: Record<string, string> | null;
  viewingId: string | null;
  /** Whom the caller is being put through to, and how far that is. */
  transfer: { person: string; state: Extract<LiveEvent, { kind: "transfer" }>["state"] } | null;
  ended: { at: string; outcome: string } | null;
};

export type LiveState = {
  /** Running calls, and those that ended while this page was open. */
  calls: readonly LiveCall[];
};

export const noCalls: LiveState = { calls: [] };

/** What the card lists: the viewing just booked, until another is spoken of. */
export function slotsShown({ slots, complete, viewingId }: LiveCall): Record<string, string> {
  const another = slots.property ?? slots.date ?? slots.time;
  return viewingId !== null && complete !== null && another === undefined ? complete : slots;
}

/** How many ended calls stay in view. */
const endedKept = 4;

/** Everything anew, as the stream says when it begins; calls that ended in view stay. */
export function fromSnapshot(before: LiveState, events: readonly LiveEvent[]): LiveState {
  const running = events.reduce(withEvent, noCalls).calls;
  const ids = new Set(running.map(({ id }) => id));
  const ended = before.calls.filter((call) => call.ended !== null && !ids.has(call.id));
  return { calls: [...running, ...ended] };
}

/** Events of unknown calls are left out: the stream begins with all that run. */
export function withEvent(state: LiveState, event: LiveEvent): LiveState {
  switch (event.kind) {
    case "started":
      return { calls: [newCall(event), ...state.calls.filter(({ id }) => id !== event.callId)] };
    case "identified":
      return change(state, event.callId, { identified: true, caller: event.caller });
    case "caption":
      return change(state, event.callId, { caption: event.text });
    case "turn": {
      const { n, heard, said, asks, slots } = event;
      const turns = (call: LiveCall) =>
        [...call.turns.filter((turn) => turn.n !== n), { n, heard, said }].sort((a, b) => a.n - b.n);
      const isComplete = viewingSlots.every((name) => slots[name] !== undefined);
      const fields = { asks, slots, caption: null, ...(isComplete && { complete: slots }) };
      return change(state, event.callId, fields, turns);
    }
    case "booked":
      return change(state, event.callId, { viewingId: event.viewingId });
    case "transfer":
      return change(state, event.callId, { transfer: { person: event.person, state: event.state } });
    case "ended":
      return forgetOldest(
        change(state, event.callId, { ended: { at: event.at, outcome: event.outcome }, caption: null, asks: null }),
      );
    default:
      return event satisfies never;
  }
}

function newCall({ callId, line, at }: Extract<LiveEvent, { kind: "started" }>): LiveCall {
  return {
    id: callId,
    line,
    startedAt: at,
    identified: false,
    caller: null,
    turns: [],
    caption: null,
    asks: null,
    slots: {},
    complete: null,
    viewingId: null,
    transfer: null,
    ended: null,
  };
}

function change(
  state: LiveState,
  callId: string,
  fields: Partial<LiveCall>,
  turns?: (call: LiveCall) => LiveTurn[],
): LiveState {
  return {
    calls: state.calls.map((call) =>
      call.id === callId ? { ...call, ...fields, ...(turns && { turns: turns(call) }) } : call,
    ),
  };
}

function forgetOldest(state: LiveState): LiveState {
  const ended = state.calls.filter((call) => call.ended !== null);
  const newestFirst = [...ended].sort((a, b) => ((a.ended?.at ?? "") < (b.ended?.at ?? "") ? 1 : -1));
  const kept = new Set(newestFirst.slice(0, endedKept).map(({ id }) => id));
  return { calls: state.calls.filter((call) => call.ended === null || kept.has(call.id)) };
}
