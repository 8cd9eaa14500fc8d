import type { Aligner } from "./aligner.ts";
import { decodeBeam } from "./beam.ts";
import type { Bias } from "./bias.ts";
import { type Decoded, type DecodeRules, decodeGreedily, longestText, type Sampling, turn } from "./decode.ts";
import type { Heard } from "./decoder.ts";
import { drawn, isHopeless } from "./fallback.ts";
import { neverSaid, withoutAnnotations } from "./gates.ts";
import { type Framing, frameCount, hopSamples, type LogMel, melFrontEnd, sampleRateHz } from "./mel.ts";
import type { WhisperModel } from "./model.ts";
import { rulesFor } from "./rules.ts";
import { isTone } from "./tones.ts";
import type { Span } from "./words.ts";

/**
 * What was heard in a piece of an utterance. `text` is empty if nothing was said. `others`: what else it may have been,
 * best first, where a search found any.
 */
export type Part = {
  decoded: Decoded;
  text: string;
  others: { text: string; logProbability: number }[];
  /** One for each token, in samples of the piece. Only if an aligner was there. */
  times?: Span[];
};

/**
 * A beam over what the model is unsure of. `mayGoOn(ms)`: whether there is time for `ms` more. `width`: so many readings
 * are wanted, of what it is sure of as well.
 */
export type WideSearch = { bias: Bias | undefined; mayGoOn(ms: number): boolean; width?: number };

export type HearOptions = {
  search?: WideSearch | undefined;
  /** Tokens of what was said before, for a model that was trained with such. */
  previous?: readonly number[] | undefined;
  /** Tells when each token was said. */
  aligner?: Aligner | undefined;
};

/** Hears one piece that fits the model. `undefined`: there was nothing to hear, and the model was not asked. */
export type Hear = (piece: Float32Array, signal: AbortSignal, options?: HearOptions) => Promise<Part | undefined>;

/**
 * Whisper's own. On 468 typical lines with the demo model it agrees with what the model's makers heard in 89 of 100,
 * sherpa-onnx's framing in 87; neither writes more of them right (37 lines only the one, 31 only the other).
 */
export const framing: Framing = "openai";
/**
 * Lengths are rounded up to half seconds. Measured (`bun run bench:whisper bucket`): ONNX Runtime keeps nothing by shape
 * here, so that more or fewer of them cost the same memory; of 160 lines as many are right as with any other rounding,
 * and the encoder has 3 % more to do than with 0.32 s. Even, as T must be.
 */
export const bucketFrames = 50;
/** The encoder makes one position of two frames. */
const positionSamples = 2 * hopSamples;
/** Shorter ones are padded with silence: there is no word in less. */
const leastSamples = sampleRateHz / 10;
/** −80 dBFS: a muted line. */
const digitalSilence = 1e-4;

/** A caller waits: drawing tokens anew may take this long in all, and the try that it ends in. */
const drawingMs = 300;

/** Frames that the encoder is given for so many samples and a tail of silence: a multiple of `bucket`, at most `whole`. */
export const encoderFrames = (samples: number, tailFrames: number, whole: number, bucket = bucketFrames): number =>
  Math.min(Math.ceil((frameCount(samples, framing) + tailFrames) / bucket) * bucket, whole);

/**
 * @param tailFrames Zero frames after the speech.
 * @param retriesWhole Whether a text that goes round in circles or has no end is tried again at the model's full length,
 *   for models that were trained on nothing shorter.
 */
export function hearing(model: WhisperModel, tailFrames: number, retriesWhole: boolean): Hear {
  const { settings } = model;
  const frontEnd = melFrontEnd(settings.mels);
  const whole = settings.audioContext * 2;
  return async (piece, signal, { search, previous, aligner } = {}) => {
    await turn(signal);
    if (piece.every((value) => Math.abs(value) < digitalSilence)) return undefined;
    const audio = atLeast(piece, leastSamples);
    const columns = encoderFrames(audio.length, tailFrames, whole);
    const mel = frontEnd(audio, framing, columns);
    if (isTone(mel)) return undefined;
    const rules = rulesFor(model, audio.length, previous);
    let found = await greedy(model, mel, rules, signal);
    if (retriesWhole && columns < whole && isUnfinished(found.decoded)) {
      await turn(signal);
      found = await greedy(model, frontEnd(audio, framing, whole), rules, signal);
    }
    const { heard } = found;
    const decoded = await believable(model, found, rules, signal);
    const text = withoutAnnotations(model.tokens.text(decoded.tokens));
    if (neverSaid(decoded, text)) return { decoded, text: "", others: [] };
    const likeliest = { decoded, text, others: [] };
    const isWide = search && (search.width !== undefined || isUnsure(decoded));
    const part = isWide ? await widened(model, rules, likeliest, search, signal) : likeliest;
    if (aligner === undefined) return part;
    await turn(signal);
    const spans = await aligner.align(heard, rules.prompt, part.decoded.tokens, Math.ceil(mel.frames / 2));
    return {
      ...part,
      times: spans.map(({ from, to }) => ({ from: from * positionSamples, to: to * positionSamples })),
    };
  };
}

type Found = { heard: Heard; decoded: Decoded };

async function greedy(model: WhisperModel, mel: LogMel, rules: DecodeRules, signal: AbortSignal): Promise<Found> {
  const heard = await model.encode(mel);
  model.begin(heard, longestText(rules));
  return { heard, decoded: await decodeGreedily(model.step, rules, signal) };
}

const isUnfinished = ({ tokens, ended }: Decoded): boolean => tokens.length > 0 && ended !== "end";

/** What was found, or something better if that is hopeless. */
async function believable(
  model: WhisperModel,
  { heard, decoded }: Found,
  rules: DecodeRules,
  signal: AbortSignal,
): Promise<Decoded> {
  if (!isHopeless(decoded)) return decoded;
  const until = performance.now() + drawingMs;
  const again = (sampling: Sampling) => {
    model.begin(heard, longestText(rules));
    return decodeGreedily(model.step, rules, signal, sampling);
  };
  return await drawn(decoded, again, () => performance.now() < until);
}

/**
 * Below this probability of its worst token a text is looked at again. Of 280 typical lines the demo model got 58 wrong,
 * all of them with a worse token than this, and 118 right.
 */
const unsureLogProbability = -0.4;
const beamWidth = 4;

export const isUnsure = ({ logProbabilities }: Pick<Decoded, "logProbabilities">): boolean =>
  Math.min(...logProbabilities) < unsureLogProbability;

/** The best reading that a beam finds in the time there is; what was there before, if it finds none. */
async function widened(
  model: WhisperModel,
  rules: DecodeRules,
  likeliest: Part,
  { bias, mayGoOn, width = beamWidth }: WideSearch,
  signal: AbortSignal,
): Promise<Part> {
  let stepMs = 0;
  let last = performance.now();
  const timed = () => {
    const now = performance.now();
    stepMs = Math.max(stepMs, now - last);
    last = now;
    return mayGoOn(stepMs);
  };
  if (!mayGoOn(0)) return likeliest;
  const { decoded } = likeliest;
  let wasCut = false;
  const cutShort = () => {
    wasCut = true;
  };
  const found = await decodeBeam(model, decoded.first, rules, { width, bias, mayGoOn: timed, cutShort }, signal);
  const readings = found.map((reading) => ({
    ...reading,
    text: withoutAnnotations(model.tokens.text(reading.tokens)),
  }));
  const [best, ...rest] = readings.filter(({ text }) => text !== "");
  // A search that was cut short has seen the shorter readings only, and per token those look well: "My name is Jay" stands
  // for "My name is James Wilson" only if it is likelier as a whole.
  const greedyStands =
    best === undefined ||
    best.score <= decoded.averageLogProbability ||
    (wasCut && best.logProbability <= decoded.logProbability);
  if (greedyStands) {
    return { ...likeliest, others: otherThan(likeliest.text, readings) };
  }
  const { tokens, logProbabilities, logProbability, averageLogProbability, text } = best;
  const choices = tokens.length + 1;
  return {
    text,
    decoded: { ...decoded, tokens, logProbabilities, logProbability, averageLogProbability, choices, ended: "end" },
    others: otherThan(text, [...rest, { text: likeliest.text, logProbability: decoded.logProbability }]),
  };
}

/** Each text once. */
function otherThan(text: string, readings: readonly { text: string; logProbability: number }[]) {
  const seen = new Set([text, ""]);
  return readings.flatMap(({ text: other, logProbability }) => {
    if (seen.has(other)) return [];
    seen.add(other);
    return [{ text: other, logProbability }];
  });
}

function atLeast(samples: Float32Array, least: number): Float32Array {
  if (samples.length >= least) return samples;
  const longer = new Float32Array(least);
  longer.set(samples);
  return longer;
}
