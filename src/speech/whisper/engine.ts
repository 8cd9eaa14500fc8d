import type { Transcript } from "../ports.ts";
import { type Bias, biasTo } from "./bias.ts";
import { textEncoder } from "./bpe.ts";
import { cutAtPauses } from "./cut.ts";
import { hearing, type Part } from "./hear.ts";
import { hopSamples, sampleRateHz } from "./mel.ts";
import { loadModel } from "./model.ts";
import type { ModelSource, Precision } from "./model-files.ts";
import type { Ort } from "./ort.ts";

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

/** Tail of the longest piece: a model of 30 s hears 28 s at once. */
const leastTailFrames = 200;
/** At this average log-probability a text is taken as it is. Measured, see `hearLong`. */
const sureLogProbability = -0.05;

/** @throws AppError("model_missing" | "model_damaged") naming the file. */
export async function loadWhisper(options: WhisperOptions): Promise<WhisperEngine> {
  const model = await loadModel(options.source, options);
  const hear = hearing(model, options.tailFrames);
  const most = (model.settings.audioContext * 2 - leastTailFrames) * hopSamples;
  const wanted = (options.pieceSeconds ?? defaultPieceSeconds(options.source)) * sampleRateHz;
  const doubtBelow = options.doubtBelow ?? defaultDoubtBelow(options.source);
  const encode = textEncoder(model.tokens, model.settings.endOfText);
  let bias: Bias | undefined;
  let busy = false;
  return {
    model: model.name,
    expect(names) {
      bias = names.length === 0 ? undefined : biasTo(names.map((name) => encode(` ${name}`)));
    },
    async transcribe(samples, { signal, search }) {
      if (busy) throw new Error("a Whisper engine takes one utterance at a time");
      busy = true;
      try {
        const began = performance.now();
        const wider = search && { bias: search.liftNames ? bias : undefined, mayGoOn: search.mayGoOn };
        const once: HearPiece = (piece) => hear(piece, signal, wider);
        const heard = join(await hearLong(once, samples, { wanted, most }));
        signal.throwIfAborted();
        const doubtful = heard.text !== "" && heard.averageLogProbability < doubtBelow;
        return {
          ...heard,
          ...(doubtful ? { doubtful } : {}),
          audioMs: (samples.length / sampleRateHz) * 1000,
          tookMs: performance.now() - began,
        };
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

type HearPiece = (piece: Float32Array) => Promise<Part | undefined>;

/**
 * Hears an utterance of any length. One that is longer than `wanted` may be one slow sentence, which must stay whole
 * (a telephone number cut at its pauses loses digits), or several, which must be cut: both are tried, and the one that
 * the model is surer of is taken. Measured with the demo model: slow numbers 98 % (only cut: 69 %), two sentences 98 %,
 * four 100 % (only whole: 70 and 25 %).
 *
 * @param lengths Samples: what the model hears well, and what it takes at all.
 */
async function hearLong(
  hear: HearPiece,
  samples: Float32Array,
  { wanted, most }: { wanted: number; most: number },
): Promise<Part[]> {
  const tryWhole = samples.length <= Math.min(wanted * 2, most);
  const whole = tryWhole ? await hear(samples) : undefined;
  if (tryWhole && (samples.length <= wanted || isSure(whole))) return whole === undefined ? [] : [whole];
  const pieces = cutAtPauses(samples, wanted, most);
  if (tryWhole && pieces.length === 1) return whole === undefined ? [] : [whole];
  const parts: Part[] = [];
  for (const piece of pieces) {
    const part = await hear(piece);
    if (part !== undefined) parts.push(part);
  }
  if (whole === undefined || whole.text === "") return parts;
  const cut = join(parts);
  return cut.text !== "" && cut.averageLogProbability > whole.decoded.averageLogProbability ? parts : [whole];
}

function isSure(part: Part | undefined): boolean {
  return part !== undefined && part.text !== "" && part.decoded.averageLogProbability > sureLogProbability;
}

/** One transcript of the pieces in which something was said; of all, if that is none. */
function join(parts: Part[]): Omit<Transcript, "audioMs" | "tookMs"> {
  const said = parts.filter(({ text }) => text !== "");
  const counted = (said.length > 0 ? said : parts).map(({ decoded }) => decoded);
  const text = said.map((part) => part.text).join(" ");
  const logProbability = counted.reduce((sum, decoded) => sum + decoded.logProbability, 0);
  const choices = counted.reduce((sum, decoded) => sum + decoded.choices, 0);
  return {
    text,
    nbest: [{ text, logProbability }, ...(said.length === 1 ? (said[0]?.others ?? []) : [])],
    averageLogProbability: choices === 0 ? 0 : logProbability / choices,
    noSpeechProbability: Math.min(1, ...counted.map((decoded) => decoded.noSpeechProbability)),
  };
}

/** Neither silence nor a tone, so that the whole way is gone. The same at each start. */
function rumble(seconds: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: seconds * sampleRateHz }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 36;
  });
}
