/**
 * One attempt to put a caller through, as a pure machine: what happened goes in, what to do comes out. By a consult leg:
 * the person called hears who wants to speak to him and accepts by a key or a word, which no answering machine does; then
 * the two hear one another through us, while the PBX is asked to join them itself (REFER with Replaces), and stay joined
 * here where it does not. Or blind: the PBX takes the caller, and nothing brings him back but its refusal.
 */
import type { TransferFailure } from "../../receptionist/contract.ts";
import type { LegEnd, ReferOutcome } from "../../sip/leg-ports.ts";

/** Why the caller is the receptionist's again. */
export type ReturnReason = TransferFailure;

export type TransferMode = "consult" | "blind";

export type TransferState = {
  phase: /** The leg is being placed, or rings. */
    | "calling"
    /** It has been answered: who answers is told who calls, and asked. */
    | "asking"
    /** The two hear one another through us. */
    | "bridged"
    /** The PBX has been asked to take the caller, and there is no leg of ours: its word decides. */
    | "moving"
    /** The caller's dialog has ended while the PBX was moving him: the leg must outlive it for a moment. */
    | "lingering"
    | "over";
  /** What became of our REFER so far. */
  refer: "none" | "sent" | "accepted" | "done";
  /** The caller is no longer the receptionist's. */
  isHandedOver: boolean;
  hasLeg: boolean;
  /** How often the person has been told who calls, counting the time in progress. */
  timesAsked: number;
  isSaying: boolean;
};

export type TransferEvent =
  | { kind: "answered" }
  | { kind: "leg-ended"; end: LegEnd }
  /** There is no sound to or from the leg: no port, no codec in common, a fault. */
  | { kind: "no-media" }
  /** What was said to the leg has left for it; false: it could not be said. */
  | { kind: "said"; spoken: boolean }
  | { kind: "key"; digit: string }
  /** `whileSaying`: begun before the question was out. */
  | { kind: "words"; answer: LegAnswer; whileSaying: boolean }
  | { kind: "timer"; name: TransferTimer }
  /** The caller wants it no more, or must not be kept waiting (an emergency). */
  | { kind: "withdrawn" }
  /** His dialog has ended, whoever ended it. */
  | { kind: "caller-gone" }
  | { kind: "refer-accepted" }
  | { kind: "refer-done"; outcome: ReferOutcome };

/** What the person called has said: see answers.ts. */
export type LegAnswer = "accepts" | "declines" | "machine" | "unclear";

export type TransferTimer = "ring" | "pause" | "answer" | "limit" | "refer" | "linger";

export type TransferEffect =
  | { kind: "call-leg" }
  /** Idempotent; nothing more is heard of it. */
  | { kind: "hang-up-leg" }
  /** Tell it who calls, and ask. */
  | { kind: "ask-leg"; time: number }
  | { kind: "timer"; name: TransferTimer; afterMs: number }
  | { kind: "stop-timers" }
  /** The caller hears the ringing tone, or not. */
  | { kind: "ringback"; on: boolean }
  /** He is another's now: recording, listening and speaking stop. Comes before `bridge`. At most once. */
  | { kind: "handed-over" }
  | { kind: "bridge" }
  | { kind: "unbridge" }
  | { kind: "refer"; to: "leg" | "extension" }
  | { kind: "hang-up-caller" }
  /** The last of all, one of the two, once: back to the receptionist, or the call is over or somebody else's. */
  | { kind: "returned"; reason: ReturnReason }
  | { kind: "completed" };

export type TransferStep = { state: TransferState; effects: TransferEffect[] };

/** The person called may take so long to pick up; then somebody else must do. */
export const ringMs = 25_000;
/** The stack ends a leg by itself after `ringMs`: this is for a stack that says nothing. */
export const ringBackstopMs = ringMs + 8_000;
/** From the answer to our first word: so long does it take to raise a receiver to an ear. */
export const pauseMs = 500;
/** After the question has been put the first time, and the second. */
export const answerMs = [5_000, 7_000] as const;
/** From the answer of the leg to its end, whatever happens. */
export const askingLimitMs = 60_000;
/** A PBX that says nothing to a REFER for so long is one that refuses it. */
export const referMs = 8_000;
/** A PBX that has accepted one joins the two within this time, or leaves them to us: then who hangs up, hangs up. */
export const acceptedMs = 10_000;
/** The leg has ended while the PBX was moving the caller: so long may the other half of it take. */
export const movingMs = 1_500;
export const lingerMs = 2_000;
