/** One sound, heard in stretches that fit the engine, and put together again with the times of all its words. */
import { cutBefore } from "../../speech/whisper/cut.ts";
import type { Explained, ExplainedPart, WhisperEngine } from "../../speech/whisper/engine.ts";
import { type Span, spread } from "../../speech/whisper/words.ts";
import type { FindSpeech } from "./speech-spans.ts";

const rateHz = 16_000;
/** As long as an utterance of a call may be. */
const stretchSamples = 28 * rateHz;

type Token = ExplainedPart["tokens"][number];
type Reading = { text: string; logProbability: number };

/** Times in seconds from the file's beginning. Log-probabilities are natural; a token's are its own, a reading's summed. */
export type HeardFile = {
  text: string;
  seconds: number;
  /** Of hearing alone: reading the file and loading the model are not in it. */
  tookSeconds: number;
  realTimeFactor: number;
  averageLogProbability: number;
  noSpeechProbability: number;
  doubtful: boolean;
  /** Not all words were measured by the model's attention: the others are spread over speech by their letters. */
  approximate: boolean;
  words: { text: string; start: number; end: number }[];
  /** What was heard in one go: other readings and tokens are known for each. */
  parts: { start: number; end: number; text: string; nbest: Reading[]; tokens: Token[] }[];
};

export type HearOptions = {
  signal: AbortSignal;
  readings: number;
  previous: string;
  /** Told after each stretch: the share of the file that is done. */
  progress(share: number): void;
};

/** @param samples 16 kHz, −1…1. @throws as `WhisperEngine.explain` does. */
export async function hearFile(
  engine: WhisperEngine,
  findSpeech: FindSpeech,
  samples: Float32Array,
  { signal, readings, previous, progress }: HearOptions,
): Promise<HeardFile> {
  const heard: Explained[] = [];
  const file: Pick<HeardFile, "words" | "parts"> = { words: [], parts: [] };
  let at = 0;
  for (const stretch of cutBefore(samples, stretchSamples)) {
    const explained = await engine.explain(stretch, { signal, readings, previous });
    const spans = explained.text === "" ? [] : await findSpeech(stretch);
    for (const part of explained.parts.filter(({ text }) => text !== "")) {
      file.words.push(...timesOf(part, spans, at));
      file.parts.push({
        ...secondsOf(part, at),
        text: part.text,
        nbest: best(part.nbest, readings),
        tokens: part.tokens,
      });
    }
    heard.push(explained);
    at += stretch.length;
    progress(at / samples.length);
  }
  return { ...totals(heard), ...file, approximate: !heard.every(isMeasured) };
}

const isMeasured = ({ parts }: Explained) => parts.every(({ words }) => words.every(({ at }) => at !== undefined));

/** Measured times without the silence before and after a word, which attention gives to one of its neighbours. */
function timesOf(part: ExplainedPart, spans: readonly Span[], at: number): HeardFile["words"] {
  const measured = part.words.flatMap((word) => (word.at === undefined ? [] : [{ text: word.text, span: word.at }]));
  if (measured.length < part.words.length) return approximateTimes(part, spans, at);
  return measured.map(({ text, span }) => ({ text, ...secondsOf(withoutSilence(span, spans), at) }));
}

function withoutSilence({ from, to }: Span, spans: readonly Span[]): Span {
  const spoken = spans.filter((span) => span.from < to && span.to > from);
  return { from: Math.max(from, spoken[0]?.from ?? from), to: Math.min(to, spoken.at(-1)?.to ?? to) };
}

function approximateTimes({ words, from, to }: ExplainedPart, spans: readonly Span[], at: number) {
  const inside = spans
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.to > span.from);
  const texts = words.map(({ text }) => text);
  return spread(texts, inside, { from, to }).map((span, index) => ({
    text: texts[index] ?? "",
    ...secondsOf(span, at),
  }));
}

const best = (nbest: readonly Reading[], most: number): Reading[] => nbest.slice(0, most);

/** To the millisecond. @param at Where the stretch begins, in samples. */
function secondsOf({ from, to }: Span, at: number): { start: number; end: number } {
  const seconds = (samples: number) => Math.round(((at + samples) / rateHz) * 1000) / 1000;
  return { start: seconds(from), end: seconds(to) };
}

function totals(heard: readonly Explained[]): Omit<HeardFile, "words" | "parts" | "approximate"> {
  const said = heard.filter(({ text }) => text !== "");
  const counted = said.length > 0 ? said : heard;
  const choices = counted.map((each) => each.parts.reduce((sum, { tokens }) => sum + tokens.length + 1, 0));
  const all = choices.reduce((sum, count) => sum + count, 0);
  const seconds = heard.reduce((sum, { audioMs }) => sum + audioMs, 0) / 1000;
  const tookSeconds = heard.reduce((sum, { tookMs }) => sum + tookMs, 0) / 1000;
  return {
    text: said.map(({ text }) => text).join(" "),
    seconds,
    tookSeconds,
    realTimeFactor: tookSeconds / seconds,
    averageLogProbability:
      all === 0 ? 0 : counted.reduce((sum, each, i) => sum + each.averageLogProbability * (choices[i] ?? 0), 0) / all,
    noSpeechProbability: Math.min(1, ...counted.map(({ noSpeechProbability }) => noSpeechProbability)),
    doubtful: said.some(({ doubtful }) => doubtful === true),
  };
}
