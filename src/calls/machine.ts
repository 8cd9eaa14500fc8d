/**
 * One call from its answer to its end, as a pure machine: what happened goes in, what to do comes out.
 * It holds the receptionist's state and steps it; sockets, clocks, models and the database are the runner's.
 */

import type { Voice } from "../media/voice-likeness.ts";
import type {
  DeskAnswer,
  Doubt,
  Effect,
  Heard,
  Input,
  Outcome,
  PublicState,
  TalkNotes,
  TransferFailure,
  Unfinished,
} from "../receptionist/contract.ts";
import type { Search, Transcript } from "../speech/ports.ts";
import type { LiveEvent, StoredTurn } from "./ports.ts";

/** The receptionist, bound to its flow and to the agency that it serves. Pure. */
export type Talk<S> = {
  start(): S;
  step(state: S, input: Input): { state: S; effects: readonly Effect[] };
  read(state: S): PublicState;
  notes(state: S): TalkNotes;
  /** What the call has come to so far; `otherwise` if to nothing. */
  outcome(state: S, otherwise: Outcome): Outcome;
  /** What cannot wait and nobody has taken, if the call ends now. */
  unattended(state: S): Extract<Effect, { kind: "emergency" }> | undefined;
  /** Silence (ms) after which `textSoFar` is a whole turn. */
  patience(state: PublicState, textSoFar: string, doubt: Doubt): number;
  /** Whether the next words may well hold an address of the agency's. */
  expectsAddress(state: PublicState): boolean;
  /** Whether words said into `unfinished` are meant for us and want an answer, rather than that it goes on. */
  interrupts(state: S, heard: Heard, unfinished: Unfinished, now: string): boolean;
};

/** Wall clock at the moment of an event: UTC for storage, local for the conversation. */
export type Now = { utc: string; local: string };

/** `byKey`: stopped by a key even where the caller's voice does not. */
export type Say = {
  playId: number;
  sayId: number;
  text: string;
  fixed: boolean;
  interruptible: boolean;
  byKey?: boolean;
};

/** How much of a prompt the caller has heard: 0…1 of its time, and the words that were said to their end. */
export type HeardPart = { heardShare: number; heardText: string };

/** Handed out to be spoken; what is held has been heard so far, for that time. */
export type Saying = Say & HeardPart & { playedMs: number };

/** The utterance in progress. `texts` by pause number; `final` is set once the caller is known to be done. */
export type Hearing = {
  utteranceId: number;
  texts: ReadonlyMap<number, Transcript>;
  /** The pause up to which it was no turn: what it had stopped has gone on since. */
  aside: number | undefined;
  /** What it sounded like up to its latest pause, and how loud (dB of full scale). */
  voice: Voice;
  levelDb: number | undefined;
  /** What is transcribed of it; with the turn that it goes on with, if that may still be taken back. */
  samples: Float32Array | undefined;
  joins: Half | undefined;
  final: { pause: number; fromMs: number | null; toMs: number | null } | undefined;
  /** Our words that it was said into, and what was heard of them then: they may have ended before it is understood. */
  into: Unfinished | undefined;
  /** How often the caller has been asked to wait for what is made of it. */
  waits: number;
  /** Since then it has been looked so often whether our own words, which may be heard, are over. */
  looks: number;
};

/** An utterance that is over while the caller speaks on; its text may still be on its way. */
export type Earlier = { hearing: Hearing; transcript: Transcript | undefined };

/** A turn that the caller may go on with: its words, its sound (16 kHz), and where in the recording it begins. */
export type Half = { text: string; samples: Float32Array; fromMs: number | null };

/** The turn taken last, as long as it may be taken back: see taken-back.ts. */
export type Revocable<S> = {
  half: Half;
  /** By the wall clock, ms. */
  takenAtMs: number;
  before: Pick<CallState<S>, "talk" | "noInputMs" | "levelsDb" | "faint" | "turn">;
};

export type CallState<S> = {
  callId: string;
  /** The number that rings, if the network gave it. */
  caller: string | undefined;
  /** `handed-over`: the caller talks with a person; we neither hear nor speak. */
  phase: "answering" | "talking" | "handed-over" | "closing" | "ended";
  /** Somebody is being rung for the caller, who hears it: his silence is none. */
  transferring: boolean;
  acknowledged: boolean;
  rtpArrived: boolean;
  talk: S;
  nextPlayId: number;
  /** Handed out to be spoken and not yet ended, in order. */
  saying: readonly Saying[];
  hearing: Hearing | undefined;
  /** None without `hearing`. */
  earlier: readonly Earlier[];
  keys: string;
  noInputMs: number;
  /** Since then, ms of the wall clock, nothing has been said by us, nor by the caller. */
  silentSinceMs: number | undefined;
  /** Of the caller's turns so far, dB of full scale: see speaking-level.ts. */
  levelsDb: readonly number[];
  /** So many utterances since the last turn had words, and were taken for nobody's (nobody.ts) or were too faint for the caller's. */
  faint: number;
  /** The turn that is being answered; stored when the answer is known and again when it has been spoken. */
  turn: StoredTurn;
  /** Nothing has come of it yet but words, of which the caller can have heard but the first. */
  revocable: Revocable<S> | undefined;
  /** What the receptionist ended the call with; undefined if somebody else did. */
  outcome: Outcome | undefined;
};

export type CallEvent =
  | { kind: "acknowledged" }
  | { kind: "rtp-arrived" }
  | { kind: "timer"; name: TimerName }
  | { kind: "speech-started"; utteranceId: number }
  | { kind: "paused"; utteranceId: number; pause: number; samples: Float32Array; voice: Voice }
  | { kind: "resumed"; utteranceId: number }
  | {
      kind: "utterance";
      utteranceId: number;
      pause: number | undefined;
      samples: Float32Array | undefined;
      voice: Voice;
      /** Where in the recording, ms; null while there is none. */
      fromMs: number | null;
      toMs: number | null;
    }
  | { kind: "transcribed"; utteranceId: number; pause: number; transcript: Transcript }
  | { kind: "transcription-failed"; utteranceId: number; pause: number }
  /** Hearing is gone for more than a moment, or there again. */
  | { kind: "hearing"; works: boolean }
  | { kind: "digit"; digit: string }
  /** The caller speaks into it: it waits for the machine's judgement. */
  | ({ kind: "play-held"; playId: number; playedMs: number } & HeardPart)
  | ({ kind: "play-ended"; playId: number; completed: boolean } & HeardPart)
  /** No voice could be had for it: nothing of it was heard. In place of `play-ended`. */
  | { kind: "voice-failed"; playId: number }
  /** What came of an action in the agency's books. */
  | { kind: "desk"; answer: DeskAnswer }
  /** The caller is with whom he wanted. */
  | { kind: "handed-over" }
  /** He is ours again, or has been all the time. */
  | { kind: "transfer-failed"; reason: TransferFailure }
  /** The peer, the network or a shutdown ended it. */
  | { kind: "gone"; by: "caller" | "gatehouse" };

export type TimerName = "late" | "greet" | "no-input" | "keys" | "closing" | "longest";

export type CallEffect =
  | { kind: "speak"; say: Say }
  /** Stop making and saying it. However it ends, every `speak` is answered by exactly one `play-ended` or `voice-failed`. */
  | { kind: "cancel-speech"; playId: number }
  /** Stop whatever is playing now. */
  | { kind: "hush" }
  | {
      kind: "transcribe";
      utteranceId: number;
      pause: number;
      samples: Float32Array;
      priority: "answer" | "speculative";
      search?: Search;
    }
  | { kind: "cancel-transcription"; utteranceId: number }
  /** The caller waits for it now. */
  | { kind: "hasten-transcription"; utteranceId: number }
  /** Without `pause`: in all pauses of the utterance of which nothing better is known. */
  | { kind: "wait"; utteranceId: number; pause?: number; silenceMs: number }
  /** The caller's words up to that pause have been judged: what they held of ours may be heard again. */
  | { kind: "release"; utteranceId: number; pause: number }
  | { kind: "timer"; name: TimerName; afterMs: number }
  | { kind: "stop-timer"; name: TimerName }
  /** The disclosure has played out: record and keep from now on. */
  | { kind: "disclosed" }
  | { kind: "store-turn"; turn: StoredTurn }
  | { kind: "publish"; event: LiveEvent }
  | Extract<Effect, { kind: "do" | "emergency" | "stop-recording" | "transfer" | "cancel-transfer" }>
  /** Whether sound is kept, of what may be. */
  | { kind: "keep-sound"; on: boolean }
  | { kind: "hang-up" }
  | { kind: "finish"; outcome: Outcome; endedBy: "caller" | "gatehouse" };

export type Step<S> = { state: CallState<S>; effects: CallEffect[] };

/** PBXes cut the first words of an early greeting; telephony.md: at the latest 300 ms after the ACK. */
export const greetAfterAckMs = 300;
/** Keys come one by one; a pause this long ends a number that # did not. */
export const keysPauseMs = 2_500;
/** What was said last has this long to play out before the line is cut. */
export const closingMs = 30_000;
/** No conversation with a machine is longer; a forgotten line must not hold a place for ever. */
export const longestCallMs = 30 * 60_000;

export function openCall<S>(callId: string, talk: Talk<S>, now: Now, caller?: string): CallState<S> {
  return {
    callId,
    caller,
    phase: "answering",
    transferring: false,
    acknowledged: false,
    rtpArrived: false,
    talk: talk.start(),
    nextPlayId: 1,
    saying: [],
    hearing: undefined,
    earlier: [],
    keys: "",
    noInputMs: 0,
    silentSinceMs: undefined,
    levelsDb: [],
    faint: 0,
    turn: emptyTurn(0, now),
    revocable: undefined,
    outcome: undefined,
  };
}

export function emptyTurn(n: number, now: Now): StoredTurn {
  return {
    n,
    at: now.utc,
    heard: "",
    nbest: [],
    confidence: null,
    said: "",
    saidInFull: false,
    asks: null,
    heardFromMs: null,
    heardToMs: null,
  };
}

/** The machine's best reading of a transcript, as the receptionist takes it. */
export function heardOf(transcript: Transcript): Heard {
  return {
    text: transcript.text,
    nbest: transcript.nbest.map(({ text, logProbability }) => [text, logProbability]),
    ...(transcript.doubtful ? { doubtful: true } : {}),
  };
}
