/** What the main process and a speech child say to one another (Bun IPC, `advanced`: typed arrays travel as they are). */
import type { ErrorCode } from "../app-error.ts";
import type { RateHz } from "../media/messages.ts";
import type { Transcript } from "./ports.ts";
import type { VoiceSettings } from "./voice/engine.ts";
import type { ModelSource, Precision } from "./whisper/model-files.ts";

export type SpeechKind = "whisper" | "voice";

/** A folder on disk in the public sherpa-onnx layout, or the prefix of one that the executable carries. */
export type WhisperSettings = {
  source: ModelSource;
  precision: Precision;
  /** Zero frames behind the utterance, a property of the model; its own default if not given. */
  tailFrames?: number;
  /** Longer speech is cut at pauses; its own default if not given. */
  pieceSeconds?: number;
};

/** `byMs`: when the answer is wanted, ms since the epoch with fractions, on the clock that processes of a machine share. */
export type TimedSearch = { liftNames: boolean; byMs: number };

export type Job =
  /** 16 kHz, −1…1. */
  | { kind: "transcribe"; samples: Float32Array; search?: TimedSearch }
  /**
   * One clause, already speakable, and the silence to put behind it. `inParts`: for somebody who waits, what there is of it
   * is told as it is made.
   */
  | { kind: "speak"; text: string; pauseMs: number; rateHz: RateHz; inParts?: boolean };

export type ToChild =
  | {
      kind: "load";
      nativeDir: string;
      model: { kind: "whisper"; whisper: WhisperSettings } | { kind: "voice"; voice: VoiceSettings };
    }
  /** One at a time: the next is sent when this one is answered. */
  | { kind: "job"; id: number; job: Job }
  /** Somebody waits behind this job: what is merely better is no longer looked for. */
  | { kind: "hurry"; id: number }
  /** For the searches to come; told again to a child that took another's place. */
  | { kind: "expect"; names: readonly string[] }
  /** Stops the job between two runs of its graphs. Answered like the job itself: by `aborted`, or by a result that was faster. */
  | { kind: "abort"; id: number };

export type Answer =
  | { kind: "transcribed"; transcript: Transcript }
  /** Of the rate asked for; what is behind the parts told before. `fellBack`: the voice failed and espeak-ng spoke. */
  | { kind: "spoken"; audio: Int16Array; unknownPhonemes: number; fellBack: boolean; tookMs: number };

export type FromChild =
  /** Listening: a message sent before would be lost. */
  | { kind: "started" }
  /**
   * Loaded and warmed up. `gain`: of the voice; one that takes its place need not measure it again. `isWhole`: a voice
   * whose graph cannot be run in windows.
   */
  | { kind: "ready"; tookMs: number; gain?: number; isWhole?: boolean }
  /** Cannot be loaded; the child ends. */
  | { kind: "failed"; code: ErrorCode; message: string }
  /** The next of a clause that was asked for in parts; its answer follows. */
  | { kind: "part"; id: number; audio: Int16Array }
  | { kind: "answered"; id: number; answer: Answer }
  | { kind: "aborted"; id: number }
  /** The engine threw. `error` is a name or code: the text of an error could quote what was said. */
  | { kind: "job-failed"; id: number; error: string };
