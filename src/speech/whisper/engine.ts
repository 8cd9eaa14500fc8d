import { AppError } from "../../app-error.ts";
import type { Transcript } from "../ports.ts";
import { type Bias, biasTo } from "./bias.ts";
import { textEncoder } from "./bpe.ts";
import { framing, type HearOptions, hearing } from "./hear.ts";
import { frameCount, hopSamples, melFrontEnd, sampleRateHz } from "./mel.ts";
import { loadModel } from "./model.ts";
import type { ModelSource, Precision } from "./model-files.ts";
import type { Ort } from "./ort.ts";
import type { TokenTable } from "./tokens.ts";
import { hearUtterance, type LocatedPart, transcriptOf } from "./utterance.ts";
import { type Span, type Word, wordsOf } from "./words.ts";

export type WhisperOptions = {
  source: ModelSource;
  /** Preferred; a graph that exists only in the other one is taken in that. */
  precision: Precision;
  /** Zero frames after the speech, a property of the model (see `defaultTailFrames`). */
  tailFrames: number;
  /** What the model hears well in one go, a property of it as well. Default: `defaultPieceSeconds`. */
  pieceSeconds?: number;
  /** Texts of a lower average log-probability are called doubtful. Default: `defaultDoubtBelow`. */
  doubtBelow?: number;
  ort: Ort;
  threads: number;
  /** For `explain`: loads what tells when words were said, where the model has it. */
  wordTimes?: boolean;
};

/** `parts`: the pieces that were heard one by one, in order; those that held nothing are left out. */
export type Explained = Transcript & { parts: ExplainedPart[] };

/** `from`…`to`: samples of the utterance. `tokens` and `logProbabilities` go together. */
export type ExplainedPart = {
  from: number;
  to: number;
  text: string;
  /** Best first; one unless more were asked for. */
  nbest: Transcript["nbest"];
  tokens: { id: number; text: string; logProbability: number }[];
  /** `at`: where it was said, if the model can tell. */
  words: (Word & { at?: Span })[];
};

/** A loaded model, ready for one utterance at a time. */
export type WhisperEngine = {
  /** File names of the graphs, for status. */
  model: string;
  /**
   * @param samples 16 kHz mono, −1…1, of any length: long ones are cut at pauses.
   * @returns `text` is "" if nothing was said: silence, noise, tones, music.
   * @throws signal.reason on abort, after the model run in progress at most; AppError("speech_failed") if a graph fails
   *   or gives no numbers.
   */
  transcribe(
    samples: Float32Array,
    options: { signal: AbortSignal; search?: { liftNames: boolean; mayGoOn(ms: number): boolean } },
  ): Promise<Transcript>;
  /**
   * The same with all that is known of it, for people who look into a recording.
   *
   * @param options `readings`: more than 1 searches for so many, however long it takes. `previous`: what was said before.
   * @throws as `transcribe`; AppError("invalid_input") where `previous` is nothing for this model.
   */
  explain(
    samples: Float32Array,
    options: { signal: AbortSignal; readings?: number; previous?: string },
  ): Promise<Explained>;
  /** Names that a search may lift, in place of those before. */
  expect(names: readonly string[]): void;
  /** Runs the usual lengths once, so that the first caller does not wait for memory and kernels. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
};

/** Stock weights were trained on 30 s and miss the end of a text that stops at once; the embedded model was not. */
export function defaultTailFrames(source: ModelSource): number {
  return "embedded" in source ? 50 : 1000;
}

/** The embedded model was trained on single sentences: of two in one go it hears 70 %, of four 25 %. */
export function defaultPieceSeconds(source: ModelSource): number {
  return "embedded" in source ? 4 : 28;
}

/**
 * Of 206 lines that the embedded model hears right none is below −0.37, of 160 in noise none below −0.44; what it makes
 * of other people's talk and of voices beyond it lies between −0.5 and −0.9. Stock models are unsure of much that is right.
 */
export function defaultDoubtBelow(source: ModelSource): number {
  return "embedded" in source ? -0.5 : -1;
}

/**
 * Where a text is not what people who speak up are heard to say. The embedded model: of 210 synthetic lines, a third of
 * them in noise, the worst average was −0.30 (one in 20 below −0.20) and the highest probability of no speech 0.0004; of
 * what it makes of noises and music three quarters are beyond one of the two. Stock models doubt more of what is right.
 */
function unsureWhere(source: ModelSource): { belowAverage: number; aboveNoSpeech: number } {
  return "embedded" in source
    ? { belowAverage: -0.25, aboveNoSpeech: 0.0004 }
    : { belowAverage: -0.7, aboveNoSpeech: 0.3 };
}

/** Tail of the longest piece: a model of 30 s hears 28 s at once. */
const leastTailFrames = 200;

/** @throws AppError("model_missing" | "model_damaged") naming the file. */
export async function loadWhisper(options: WhisperOptions): Promise<WhisperEngine> {
  const model = await loadModel(options.source, options);
  const hear = hearing(model, options.tailFrames, "folder" in options.source);
  const most = (model.settings.audioContext * 2 - leastTailFrames) * hopSamples;
  const wanted = (options.pieceSeconds ?? defaultPieceSeconds(options.source)) * sampleRateHz;
  const doubtBelow = options.doubtBelow ?? defaultDoubtBelow(options.source);
  const unsure = unsureWhere(options.source);
  const aligner = options.wordTimes ? await model.openAligner() : undefined;
  const encode = textEncoder(model.tokens, model.settings.endOfText);
  let bias: Bias | undefined;
  let busy = false;

  const heard = async (samples: Float32Array, signal: AbortSignal, options: HearOptions) => {
    if (busy) throw new Error("a Whisper engine takes one utterance at a time");
    busy = true;
    try {
      const began = performance.now();
      const parts = await hearUtterance((piece) => hear(piece, signal, options), samples, { wanted, most });
      signal.throwIfAborted();
      const said = transcriptOf(parts);
      const isDrawn = parts.some(({ text, decoded }) => text !== "" && decoded.drawn);
      const doubtful = said.text !== "" && (isDrawn || said.averageLogProbability < doubtBelow);
      const audioMs = (samples.length / sampleRateHz) * 1000;
      const tookMs = performance.now() - began;
      const isUnsure =
        said.averageLogProbability < unsure.belowAverage || said.noSpeechProbability > unsure.aboveNoSpeech;
      const transcript: Transcript = {
        ...said,
        ...(doubtful ? { doubtful } : {}),
        ...(said.text !== "" && isUnsure ? { unsure: true } : {}),
        audioMs,
        tookMs,
      };
      return { transcript, parts };
    } finally {
      busy = false;
    }
  };

  const previousTokens = (text: string): number[] => {
    if (text.trim() === "") return [];
    if (model.settings.previousText === undefined)
      throw new AppError("invalid_input", `${model.name} was not trained with prompts: leave --prompt out.`);
    const ids = encode(` ${text.trim()}`);
    if (ids.length > 0) return ids;
    throw new AppError("invalid_input", `${model.name} has no tokens for that prompt: use other letters.`);
  };

  return {
    model: model.name,
    expect(names) {
      bias = names.length === 0 ? undefined : biasTo(names.map((name) => encode(` ${name}`)));
    },
    async transcribe(samples, { signal, search }) {
      const wider = search && { bias: search.liftNames ? bias : undefined, mayGoOn: search.mayGoOn };
      return (await heard(samples, signal, { search: wider })).transcript;
    },
    async explain(samples, { signal, readings = 1, previous = "" }) {
      const search = readings > 1 ? { bias: undefined, mayGoOn: () => true, width: readings } : undefined;
      const { transcript, parts } = await heard(samples, signal, {
        search,
        previous: previousTokens(previous),
        aligner,
      });
      return { ...transcript, parts: parts.map((part) => explained(part, model.tokens)) };
    },
    async warmUp() {
      warmFrontEnd(model.settings.mels);
      for (const seconds of [1, 3, 8]) await hear(rumble(seconds), new AbortController().signal);
    },
    async close() {
      await aligner?.close();
      await model.close();
    },
  };
}

function explained({ from, to, text, decoded, others, times }: LocatedPart, table: TokenTable): ExplainedPart {
  const tokens = decoded.tokens.map((id, at) => ({
    id,
    text: table.text([id]),
    logProbability: decoded.logProbabilities[at] ?? Number.NEGATIVE_INFINITY,
  }));
  const nbest = [{ text, logProbability: decoded.logProbability }, ...others];
  const words = (text === "" ? [] : wordsOf(decoded.tokens, table)).map((word) => {
    const [first, last] = [times?.[word.first], times?.[word.end - 1]];
    return first && last ? { ...word, at: { from: from + first.from, to: Math.min(from + last.to, to) } } : word;
  });
  return { from, to, text, nbest, tokens, words };
}

/** Five seconds cost 2 ms, but only once JavaScriptCore has compiled the loops to the end: after a minute of audio. */
export function warmFrontEnd(mels: number): void {
  const front = melFrontEnd(mels);
  const sound = rumble(5);
  for (let round = 0; round < 12; round++) front(sound, framing, frameCount(sound.length, framing));
}

/** Neither silence nor a tone, so that the whole way is gone. The same at each start. */
function rumble(seconds: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: seconds * sampleRateHz }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 36;
  });
}
