/**
 * The on-call ring, as a pure machine: emergencies go in, telephones ring one after the other, until somebody has taken
 * each by key 1. One telephone rings at a time, for one emergency; what nobody takes is tried again after five minutes.
 * `step.ts` has the rules.
 */

/** Where a telephone can be rung: an extension that the trunk's allow-list has. */
export type OnCallPhone = { readonly trunk: string; readonly extension: string };

/** How one telephone did not take it. */
export type NotTaken =
  /** It did not answer, was busy, or could not be reached. */
  | "unanswered"
  /** It answered, and nobody pressed 1: a voicemail, a child, somebody who cannot now. */
  | "not-accepted"
  /** The sound or the voice failed. */
  | "failed";

export type Ringing = {
  readonly alertId: string;
  /** In the order in which they are rung; the first is rung now. */
  readonly phones: readonly OnCallPhone[];
  readonly phase: /** The leg is being placed, or rings. */
    | "calling"
    /** It has been answered, and is told what it is about. */
    | "asking"
    /** Key 1 was pressed: a last word, then we hang up. */
    | "thanking";
  readonly timesAsked: number;
  readonly isSaying: boolean;
};

export type OnCallState = {
  /** Not acknowledged. First come, first rung. */
  readonly alerts: readonly { readonly id: string; readonly isDue: boolean }[];
  readonly ringing: Ringing | undefined;
  /** No more telephones ring. */
  readonly isStopped: boolean;
};

export type OnCallEvent =
  /** Anew, or kept from before a restart. Raised twice is raised once. */
  | { kind: "raised"; alertId: string }
  /** Somebody has seen to it by another way. */
  | { kind: "acknowledged"; alertId: string }
  | { kind: "answered" }
  | { kind: "leg-ended" }
  /** No sound to or from the telephone. */
  | { kind: "no-media" }
  /** What was said has left, or could not be said. */
  | { kind: "said"; spoken: boolean }
  | { kind: "key"; digit: string }
  /** An announcement that shows itself as a machine's. Words never accept. */
  | { kind: "machine" }
  | { kind: "timer"; name: OnCallTimer; alertId: string }
  | { kind: "stop" };

/** `again` runs for each alert by itself, the others for the telephone that is rung. */
export type OnCallTimer = "again" | "ring" | "pause" | "answer" | "limit";

export type OnCallEffect =
  | { kind: "call-phone"; alertId: string; phone: OnCallPhone }
  /** Idempotent; nothing more is heard of it. */
  | { kind: "hang-up" }
  | { kind: "ask"; alertId: string }
  | { kind: "thank" }
  | { kind: "timer"; name: OnCallTimer; alertId: string; afterMs: number }
  /** Those of the telephone. */
  | { kind: "stop-phone-timers" }
  | { kind: "stop-again"; alertId: string }
  /** For the books: who has not taken it, and who has. */
  | { kind: "tried"; alertId: string; phone: OnCallPhone; result: NotTaken }
  | { kind: "taken"; alertId: string; phone: OnCallPhone };

export type OnCallStep = { state: OnCallState; effects: OnCallEffect[] };

export const noAlerts: OnCallState = { alerts: [], ringing: undefined, isStopped: false };

/** The stack ends a leg by itself after 25 s (transfer/machine.ts): this is for a stack that says nothing. */
export const ringBackstopMs = 33_000;
/** From the answer to our first word. */
export const pauseMs = 500;
/** After each time that it was told: so long is waited for the key. */
export const answerMs: readonly number[] = [5_000, 5_000];
/** From the answer to our hanging up, whatever is said meanwhile. */
export const limitMs = 75_000;
/** From the last telephone that did not take it, to the first again. */
export const againMs = 5 * 60_000;
/** The one key that takes it. */
export const takingKey = "1";
