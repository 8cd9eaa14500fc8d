/** The transfer machine's one entry: every event, in every phase, to its rule. Pure. */
import type { LegEnd } from "../../sip/leg-ports.ts";
import {
  acceptedMs,
  answerMs,
  askingLimitMs,
  lingerMs,
  movingMs,
  pauseMs,
  type ReturnReason,
  referMs,
  ringBackstopMs,
  type TransferEffect,
  type TransferEvent,
  type TransferMode,
  type TransferState,
  type TransferStep,
} from "./machine.ts";

/** The caller hears the ringing tone from the first moment. */
export function beginTransfer(mode: TransferMode): TransferStep {
  const state: TransferState = {
    phase: "calling",
    refer: "none",
    isHandedOver: false,
    hasLeg: false,
    timesAsked: 0,
    isSaying: false,
  };
  const ringing: TransferEffect = { kind: "ringback", on: true };
  if (mode === "blind") {
    return {
      state: { ...state, phase: "moving", refer: "sent" },
      effects: [ringing, { kind: "timer", name: "refer", afterMs: referMs }, { kind: "refer", to: "extension" }],
    };
  }
  return {
    state: { ...state, hasLeg: true },
    effects: [ringing, { kind: "timer", name: "ring", afterMs: ringBackstopMs }, { kind: "call-leg" }],
  };
}

export function stepTransfer(before: TransferState, event: TransferEvent): TransferStep {
  const state = event.kind === "leg-ended" ? { ...before, hasLeg: false } : before;
  if (event.kind === "caller-gone" && state.phase !== "over") return callerGone(state);
  switch (state.phase) {
    case "over":
      return nothing(state);
    case "calling":
      return whileCalling(state, event);
    case "asking":
      return whileAsking(state, event);
    case "bridged":
      return whileBridged(state, event);
    case "moving":
      return whileMoving(state, event);
    case "lingering":
      return whileLingering(state, event);
  }
}

function whileCalling(state: TransferState, event: TransferEvent): TransferStep {
  switch (event.kind) {
    case "answered":
      return {
        state: { ...state, phase: "asking" },
        effects: [
          { kind: "stop-timers" },
          { kind: "timer", name: "pause", afterMs: pauseMs },
          { kind: "timer", name: "limit", afterMs: askingLimitMs },
        ],
      };
    case "leg-ended":
      return giveBack(state, reasonOf(event.end));
    case "no-media":
      return giveBack(state, "failed");
    case "withdrawn":
      return giveBack(state, "withdrawn");
    case "timer":
      return event.name === "ring" ? giveBack(state, "no-answer") : nothing(state);
    default:
      return nothing(state);
  }
}

function whileAsking(state: TransferState, event: TransferEvent): TransferStep {
  switch (event.kind) {
    case "key":
      if (event.digit === "1") return accept(state);
      return event.digit === "2" ? giveBack(state, "declined") : nothing(state);
    case "words":
      return answeredWith(state, event);
    case "said":
      return event.spoken ? waitForAnswer(state) : giveBack(state, "failed");
    case "timer":
      return askingTimer(state, event.name);
    case "leg-ended":
      return giveBack(state, reasonOf(event.end));
    case "no-media":
      return giveBack(state, "failed");
    case "withdrawn":
      return giveBack(state, "withdrawn");
    default:
      return nothing(state);
  }
}

/** Whoever picks up with "Yes?" has not been asked yet; a machine may be hung up on as soon as it shows itself. */
function answeredWith(state: TransferState, event: Extract<TransferEvent, { kind: "words" }>): TransferStep {
  if (event.answer === "machine") return giveBack(state, "no-answer");
  const wasAsked = state.timesAsked > 1 || (state.timesAsked === 1 && !event.whileSaying);
  if (!wasAsked) return nothing(state);
  if (event.answer === "accepts") return accept(state);
  return event.answer === "declines" ? giveBack(state, "declined") : nothing(state);
}

function waitForAnswer(state: TransferState): TransferStep {
  if (!state.isSaying) return nothing(state);
  const afterMs = answerMs[Math.min(state.timesAsked, answerMs.length) - 1] ?? 0;
  return { state: { ...state, isSaying: false }, effects: [{ kind: "timer", name: "answer", afterMs }] };
}

function askingTimer(state: TransferState, name: string): TransferStep {
  if (name === "limit") return giveBack(state, "no-answer");
  if (state.isSaying || (name !== "pause" && name !== "answer")) return nothing(state);
  if (state.timesAsked >= answerMs.length) return giveBack(state, "no-answer"); // silence does not accept
  const time = state.timesAsked + 1;
  return { state: { ...state, timesAsked: time, isSaying: true }, effects: [{ kind: "ask-leg", time }] };
}

/** They talk at once; whether the PBX joins them itself is settled behind that. */
function accept(state: TransferState): TransferStep {
  return {
    state: { ...state, phase: "bridged", refer: "sent", isHandedOver: true, isSaying: false },
    effects: [
      { kind: "stop-timers" },
      { kind: "handed-over" },
      { kind: "ringback", on: false },
      { kind: "bridge" },
      { kind: "timer", name: "refer", afterMs: referMs },
      { kind: "refer", to: "leg" },
    ],
  };
}

function whileBridged(state: TransferState, event: TransferEvent): TransferStep {
  const isMoving = state.refer === "sent" || state.refer === "accepted";
  switch (event.kind) {
    case "refer-accepted":
      if (state.refer !== "sent") return nothing(state);
      return {
        state: { ...state, refer: "accepted" },
        effects: [{ kind: "timer", name: "refer", afterMs: acceptedMs }],
      };
    case "refer-done":
      if (event.outcome === "succeeded") return complete(state);
      if (!isMoving) return nothing(state);
      return { state: { ...state, refer: "done" }, effects: [{ kind: "stop-timers" }] }; // joined here they stay
    case "timer":
      if (event.name !== "refer" || !isMoving) return nothing(state);
      return { state: { ...state, refer: "done" }, effects: [] }; // what says nothing for so long does nothing
    case "leg-ended":
      return isMoving ? waitForMove(state) : complete(state); // one has hung up: so does the other
    case "no-media":
      return isMoving ? waitForMove(state) : giveBack(state, "failed");
    default:
      return nothing(state);
  }
}

/** Taken over by the PBX, or hung up on: its word on the REFER, or the end of the caller's dialog, will tell. */
function waitForMove(state: TransferState): TransferStep {
  return {
    state: { ...state, phase: "moving", hasLeg: false },
    effects: [
      { kind: "stop-timers" },
      { kind: "unbridge" },
      ...legEnd(state),
      { kind: "ringback", on: true },
      { kind: "timer", name: "refer", afterMs: movingMs },
    ],
  };
}

function whileMoving(state: TransferState, event: TransferEvent): TransferStep {
  switch (event.kind) {
    case "refer-accepted":
      if (state.refer !== "sent") return nothing(state);
      return {
        state: { ...state, refer: "accepted", isHandedOver: true },
        // Blind: from here on he is the PBX's, and nothing but its NOTIFY is waited for.
        effects: state.isHandedOver ? [] : [{ kind: "stop-timers" }, { kind: "handed-over" }],
      };
    case "refer-done":
      return event.outcome === "succeeded" ? complete(state) : giveBack(state, "failed");
    case "timer":
      return event.name === "refer" ? giveBack(state, "failed") : nothing(state);
    default:
      return nothing(state);
  }
}

function callerGone(state: TransferState): TransferStep {
  // RFC 3891: what is to be replaced must still be there when the INVITE that replaces it comes. Some end the dialog in
  // which they were referred as soon as they have accepted it.
  if (state.phase === "bridged" && state.refer === "accepted") {
    return {
      state: { ...state, phase: "lingering" },
      effects: [{ kind: "stop-timers" }, { kind: "unbridge" }, { kind: "timer", name: "linger", afterMs: lingerMs }],
    };
  }
  if (state.phase === "lingering") return nothing(state);
  return { state: over(state), effects: [...quiet(state), { kind: "completed" }] };
}

function whileLingering(state: TransferState, event: TransferEvent): TransferStep {
  const isOver =
    event.kind === "leg-ended" || event.kind === "no-media" || (event.kind === "timer" && event.name === "linger");
  return isOver ? { state: over(state), effects: [...quiet(state), { kind: "completed" }] } : nothing(state);
}

/** The caller is the receptionist's again, and hears so next. */
function giveBack(state: TransferState, reason: ReturnReason): TransferStep {
  return { state: over(state), effects: [...quiet(state), { kind: "returned", reason }] };
}

/** He is with whom he wanted, or they have finished. */
function complete(state: TransferState): TransferStep {
  return { state: over(state), effects: [...quiet(state), { kind: "hang-up-caller" }, { kind: "completed" }] };
}

const over = (state: TransferState): TransferState => ({ ...state, phase: "over", hasLeg: false, isSaying: false });

const quiet = (state: TransferState): TransferEffect[] => [
  { kind: "stop-timers" },
  ...(state.phase === "bridged" ? [{ kind: "unbridge" } as const] : [{ kind: "ringback", on: false } as const]),
  ...legEnd(state),
];

const legEnd = ({ hasLeg }: TransferState): TransferEffect[] => (hasLeg ? [{ kind: "hang-up-leg" }] : []);

const nothing = (state: TransferState): TransferStep => ({ state, effects: [] });

/** For the words that the caller hears. Our own leg coming back is the answer of a telephone that nobody took up. */
function reasonOf(end: LegEnd): ReturnReason {
  switch (end) {
    case "busy":
      return "busy";
    case "declined":
    case "they-hung-up":
      return "declined";
    case "no-answer":
    case "looped":
      return "no-answer";
    case "not-allowed":
    case "unreachable":
    case "credentials":
    case "media":
      return "unreachable";
    case "we-hung-up":
    case "replaced":
    case "transport-failed":
    case "shutdown":
      return "failed";
  }
}
