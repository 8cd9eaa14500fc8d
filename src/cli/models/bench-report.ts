import type { Arithmetic, Processor } from "../../models/bench/arithmetic.ts";
import { type Rated, wantedCalls } from "../../models/bench/recommend.ts";
import type { VoiceFigures } from "../../models/bench/voice.ts";
import type { WhisperFigures } from "../../models/bench/whisper.ts";
import { goalMs } from "../../ops/capacity/model.ts";
import { table } from "./place.ts";

export type WhisperRow = { name: string; precision: "int8" | "fp32"; figures: WhisperFigures };
export type VoiceRow = { name: string; figures: VoiceFigures };

export type BenchReport = {
  processor: Processor;
  cores: number;
  arithmetic: Arithmetic;
  whisper: WhisperRow[];
  voices: VoiceRow[];
  rated: Rated[];
  recommended: { here: Rated | undefined; toFetch: Rated | undefined };
  maxCalls: number;
};

const ms = (value: number) => `${Math.round(value)} ms`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

export function describeBench({
  processor,
  cores,
  arithmetic,
  whisper,
  voices,
  rated,
  recommended,
}: BenchReport): string[] {
  return [
    `Processor   ${processor.name}, ${cores} cores; of use here: ${processor.flags.join(", ") || "nothing"}`,
    `Arithmetic  ${arithmeticWords(arithmetic, processor)}`,
    "",
    ...table([
      ["WHISPER", "", "ENCODER", "TOKEN", "TOKENS/S", "REAL TIME", "FINAL TEXT p50, p95", "MEMORY (PEAK)"],
      ...whisper.map(({ name, precision, figures }) => [
        name,
        precision,
        ms(figures.encodeMs),
        `${figures.tokenMs.toFixed(1)} ms`,
        `${Math.round(1000 / figures.tokenMs)}`,
        `× ${figures.realTimeFactor.toFixed(3)}`,
        `${ms(figures.finalP50Ms)}, ${ms(figures.finalP95Ms)}`,
        `${megabytes(figures.restBytes)} (${megabytes(figures.peakBytes)})`,
      ]),
    ]),
    "Of utterances of 1 to 5 s; the decoder is fed the words that were said, so that every model takes the steps it would.",
    "",
    ...table([
      ["VOICE", "FIRST SOUND p50, p95", "REAL TIME"],
      ...voices.map(({ name, figures }) => [
        name,
        `${ms(figures.firstP50Ms)}, ${ms(figures.firstP95Ms)}`,
        `× ${figures.realTimeFactor.toFixed(3)}`,
      ]),
    ]),
    "",
    ...table([
      [`${wantedCalls} CALLS WITH`, "3 s HEARD IN", "ANSWER BEGINS AFTER p95", ""],
      ...rated.map(({ name, hearMs, reckoned, load, fits }) => [
        name,
        `${ms(hearMs)}${reckoned ? " (reckoned)" : ""}`,
        Number.isFinite(load.responseP95Ms) ? ms(load.responseP95Ms) : "never",
        fits ? "within the goal" : `beyond ${goalMs} ms`,
      ]),
    ]),
    "",
    advice(recommended),
  ];
}

function arithmeticWords({ utterances, wrong }: Arithmetic, { maySaturate }: Processor): string {
  if (wrong.length > 0)
    return (
      `WRONG: of ${utterances} utterances ${wrong.length} come out otherwise than they must${maySaturate ? " (8-bit products saturate here)" : ""}. ` +
      'Use speech.whisper.precision = "fp32", or another processor.'
    );
  const caution = maySaturate ? "; the processor has no VNNI, so compare int8 with fp32 for a model of your own" : "";
  return `right: ${utterances} utterances give the tokens that they must${caution}`;
}

function advice({ here, toFetch }: BenchReport["recommended"]): string {
  const first =
    here === undefined
      ? `No model that is here keeps ${wantedCalls} calls within ${goalMs} ms: lower sip.maxCalls (gatehouse capacity).`
      : `Of the models that are here, ${here.name} is the largest that keeps ${wantedCalls} calls within ${goalMs} ms (p95).`;
  return toFetch === undefined
    ? first
    : `${first} ${toFetch.name} would too, by its size: worth fetching and measuring.`;
}
