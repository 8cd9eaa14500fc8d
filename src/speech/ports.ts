/** What the rest of the appliance asks of speech; the pool of child processes stands behind it. */
import type { Pronunciation } from "../english/pronunciations.ts";
import type { RateHz } from "../media/messages.ts";

/** Text of one utterance. `nbest` best first, with natural-log probabilities summed over tokens; one entry for greedy. */
export type Transcript = {
  text: string;
  nbest: { text: string; logProbability: number }[];
  /** Mean log-probability of a token of the best text, and the probability of no speech at the start token. */
  averageLogProbability: number;
  noSpeechProbability: number;
  /** The model was so unsure of the words that they are more likely wrong than right. */
  doubtful?: boolean;
  /** Less sure of the words, or that there were any, than it is where people speak up: of a faint voice they are none. */
  unsure?: boolean;
  /** One of its words is in doubt, and `nbest` does not tell of others: there was no time to look for them. */
  unsettled?: boolean;
  audioMs: number;
  /** Time inside the engine, without queueing. */
  tookMs: number;
};

/** A wider look at words that the model is unsure of, for as long as nobody waits for the answer. */
export type Search = {
  /** Readings that hold one of the names told by `expect` are preferred. */
  liftNames: boolean;
  /** How long the answer may take in all, waiting in the queue included. */
  withinMs: number;
};

/** A clause in one or more parts, each where the one before it ended. */
export type SpokenPart = { samples: Int16Array; endsClause: boolean };

export type Priority = "answer" | "speculative" | "background";

export interface Transcriber {
  /**
   * @param samples 16 kHz mono, −1…1; at most 30 s.
   * @param options `search`: left out, the likeliest text is all. `owner`: the call; calls take turns. `urgent`: when it
   *   fires the caller has begun to wait, and what was begun on speculation goes on as an answer.
   * @throws AppError("speech_failed") if the child died (it is replaced), `signal.reason` on abort.
   */
  transcribe(
    samples: Float32Array,
    options: { priority: Priority; signal: AbortSignal; search?: Search; owner?: string; urgent?: AbortSignal },
  ): Promise<Transcript>;
}

export interface Synthesiser {
  /**
   * Speech of `text`, clause by clause: the first arrives before the last is made. Mono, 16 bit.
   * Digits, prices, times and postcodes are said as people say them. `priority`: "answer" unless given.
   * `rateHz`: 8000 unless given.
   * @throws AppError("speech_failed") if the child died, `signal.reason` on abort.
   */
  synthesise(text: string, signal: AbortSignal, priority?: Priority, rateHz?: RateHz): AsyncIterable<Int16Array>;
}

export interface LiveVoice {
  /** As `synthesise`, for a caller who waits: what there is of a clause comes before all of it is made. */
  speak(text: string, signal: AbortSignal, rateHz: RateHz): AsyncIterable<SpokenPart>;
}

export type SpeechChildStatus = {
  kind: "whisper" | "voice";
  pid: number;
  ready: boolean;
  restarts: number;
  queued: number;
  model: string;
};

/**
 * `off`: not configured. `lost`: nothing works, and not only for a moment. `last-resort`: espeak-ng speaks in place of the
 * configured voice. `failure`: what IT is told of it.
 */
export type HalfHealth = { state: "works" | "last-resort" | "lost" | "off"; failure?: string };

export type SpeechHealth = { hearing: HalfHealth; speaking: HalfHealth };

/** Both, with their life cycle. `ready` settles when every child has warmed up; rejects AppError("model_damaged") etc. */
export interface Speech extends Transcriber, Synthesiser, LiveVoice {
  ready: Promise<void>;
  /** The same of each half. */
  readyToHear: Promise<void>;
  readyToSpeak: Promise<void>;
  health(): SpeechHealth;
  /** Told at each change. @returns what ends that. */
  onHealth(listener: (health: SpeechHealth) => void): () => void;
  /** How words are said from the next text on, in place of what was told before. Audio that was made before stays as it is. */
  pronounce(entries: readonly Pronunciation[]): void;
  /** What the voice is really given for a text: when that changes, audio of it is out of date. */
  spokenForm(text: string): string;
  /** The word of an entry as it would be said by it, behind all callers. As `synthesise` otherwise. */
  tryOut(entry: Pronunciation, signal: AbortSignal, rateHz?: RateHz): AsyncIterable<Int16Array>;
  /** Names and addresses that callers are expected to say, as they are written. In place of those told before. */
  expect(names: readonly string[]): void;
  status(): SpeechChildStatus[];
  close(): Promise<void>;
}
