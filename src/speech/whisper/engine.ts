import type { Transcript } from "../ports.ts";
import { cutAtPauses } from "./cut.ts";
import { type Decoded, type DecodeRules, decodeGreedily, turn } from "./decode.ts";
import { neverSaid, withoutAnnotations } from "./gates.ts";
import { type Framing, frameCount, hopSamples, melFrontEnd, sampleRateHz } from "./mel.ts";
import { loadModel, type Ort, type WhisperModel } from "./model.ts";
import type { ModelSource, Precision } from "./model-files.ts";
import { isTone } from "./tones.ts";

export type WhisperOptions = {
  source: ModelSource;
  /** Preferred; a graph that exists only in the other one is taken in that. */
  precision: Precision;
  /** Zero frames after the speech, a property of the model (see `defaultTailFrames`). */
  tailFrames: number;
  /** Longer utterances are cut at pauses, a property of the model as well. Default: `defaultPieceSeconds`. */
  pieceSeconds?: number;
  ort: Ort;
  threads: number;
};

/** A loaded model, ready for one utterance at a time. */
export type WhisperEngine = {
  /** File names of the graphs, for status. */
  model: string;
  /**
   * @param samples 16 kHz mono, −1…1, of any length: long ones are cut at pauses.
   * @throws signal.reason on abort, after the model run in progress at most; AppError("speech_failed") if the model
   *   gives no numbers.
   */
  transcribe(samples: Float32Array, options: { signal: AbortSignal }): Promise<Transcript>;
  /** Runs the usual lengths once, so that the first caller does not wait for memory and kernels. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
};

/** Stock weights were trained on 30 s and miss the end of a text that stops at once; the embedded model was not. */
export function defaultTailFrames(source: ModelSource): number {
  return "embedded" in source ? 50 : 1000;
}

/** The embedded model was trained on single sentences: of two in one go it hears four fifths, of four a fifth. */
export function defaultPieceSeconds(source: ModelSource): number {
  return "embedded" in source ? 5 : 28;
}

/**
 * Whisper's own. On 468 typical lines with the demo model it agrees with what the model's makers heard in 89 of 100,
 * sherpa-onnx's framing in 87; neither writes more of them right (37 lines only the one, 31 only the other).
 */
const framing: Framing = "openai";
/** Lengths are rounded up to this many frames (0.32 s): ONNX Runtime then meets a few shapes only. Even, as T must be. */
const bucketFrames = 32;
/** Tail of the longest piece: a model of 30 s hears 28 s at once. */
const leastTailFrames = 200;
/** Shorter ones are padded with silence: there is no word in less. */
const leastSamples = sampleRateHz / 10;
/** Faster than anybody speaks (spelled letters and digits are one or two tokens each). */
const tokensPerSecond = 12;
const tokensAtLeast = 12;
/** −80 dBFS: a muted line. */
const digitalSilence = 1e-4;

/** @throws AppError("model_missing" | "model_damaged") naming the file. */
export async function loadWhisper(options: WhisperOptions): Promise<WhisperEngine> {
  const model = await loadModel(options.source, options);
  const hear = hearing(model, options.tailFrames);
  const mostSamples = (model.settings.audioContext * 2 - leastTailFrames) * hopSamples;
  const wantedSamples = (options.pieceSeconds ?? defaultPieceSeconds(options.source)) * sampleRateHz;
  let busy = false;
  return {
    model: model.name,
    async transcribe(samples, { signal }) {
      if (busy) throw new Error("a Whisper engine takes one utterance at a time");
      busy = true;
      try {
        const began = performance.now();
        const parts: Part[] = [];
        for (const piece of cutAtPauses(samples, wantedSamples, mostSamples)) {
          const part = await hear(piece, signal);
          if (part !== undefined) parts.push(part);
        }
        signal.throwIfAborted();
        return { ...join(parts), audioMs: (samples.length / sampleRateHz) * 1000, tookMs: performance.now() - began };
      } finally {
        busy = false;
      }
    },
    async warmUp() {
      for (const seconds of [1, 3, 8]) await hear(rumble(seconds), new AbortController().signal);
    },
    close: () => model.close(),
  };
}

type Part = { decoded: Decoded; text: string };

/** Hears one piece that fits the model. `undefined`: there was nothing to hear, and the model was not asked. */
function hearing(model: WhisperModel, tailFrames: number) {
  const { settings } = model;
  const frontEnd = melFrontEnd(settings.mels);
  return async (piece: Float32Array, signal: AbortSignal): Promise<Part | undefined> => {
    await turn(signal);
    if (isSilent(piece)) return undefined;
    const audio = atLeast(piece, leastSamples);
    const wanted = frameCount(audio.length, framing) + tailFrames;
    const columns = Math.min(Math.ceil(wanted / bucketFrames) * bucketFrames, settings.audioContext * 2);
    const mel = frontEnd(audio, framing, columns);
    if (isTone(mel)) return undefined;
    model.begin(await model.encode(mel));
    const decoded = await decodeGreedily(model.step, rulesFor(model, audio.length), signal);
    const text = withoutAnnotations(model.tokens.text(decoded.tokens));
    return { decoded, text: neverSaid(decoded, text) ? "" : text };
  };
}

function rulesFor({ settings, annotations }: WhisperModel, samples: number): DecodeRules {
  const cap = tokensAtLeast + Math.ceil((samples / sampleRateHz) * tokensPerSecond);
  return {
    ...settings,
    firstForbidden: settings.endOfText + 1,
    suppressed: annotations,
    // Not the end of text, which OpenAI's program suppresses here as well: it is how a model says that it heard nothing.
    suppressedFirst: [settings.blank],
    maxTokens: Math.min(cap, Math.floor(settings.textContext / 2) - settings.prompt.length),
    stopLoops: true,
  };
}

/** One transcript of the pieces in which something was said; of all, if that is none. */
function join(parts: Part[]): Omit<Transcript, "audioMs" | "tookMs"> {
  const said = parts.filter(({ text }) => text !== "");
  const counted = said.length > 0 ? said : parts;
  const text = said.map((part) => part.text).join(" ");
  const logProbability = counted.reduce((sum, { decoded }) => sum + decoded.logProbability, 0);
  const choices = counted.reduce((sum, { decoded }) => sum + decoded.choices, 0);
  return {
    text,
    nbest: [{ text, logProbability }],
    averageLogProbability: choices === 0 ? 0 : logProbability / choices,
    noSpeechProbability:
      counted.length === 0 ? 1 : Math.min(...counted.map(({ decoded }) => decoded.noSpeechProbability)),
  };
}

function isSilent(samples: Float32Array): boolean {
  return samples.every((value) => Math.abs(value) < digitalSilence);
}

function atLeast(samples: Float32Array, least: number): Float32Array {
  if (samples.length >= least) return samples;
  const longer = new Float32Array(least);
  longer.set(samples);
  return longer;
}

/** Neither silence nor a tone, so that the whole way is gone. The same at each start. */
function rumble(seconds: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: seconds * sampleRateHz }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 36;
  });
}
