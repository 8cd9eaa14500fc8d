/**
 * What a Whisper model costs on this machine. The decoder is fed the words that were said, one token after the other, as if
 * it had heard them: so a model takes as many steps as a good one would, and files whose weights mean nothing can be
 * measured as well. Everything else is as in a call: mel, encoder with the model's tail, prompt, tokens, one thread.
 */
import { readFileSync } from "node:fs";
import { textEncoder } from "../../speech/whisper/bpe.ts";
import { encoderFrames, framing } from "../../speech/whisper/hear.ts";
import { melFrontEnd, sampleRateHz } from "../../speech/whisper/mel.ts";
import { loadModel, type WhisperModel } from "../../speech/whisper/model.ts";
import type { ModelSource, Precision } from "../../speech/whisper/model-files.ts";
import type { Ort } from "../../speech/whisper/ort.ts";
import type { Utterance } from "./utterances.ts";

export type WhisperFigures = {
  loadMs: number;
  /** Of the process that measured: with the model, at rest and at its largest. */
  restBytes: number;
  peakBytes: number;
  /** From the last sample to the text, of utterances of one to five seconds. */
  finalP50Ms: number;
  finalP95Ms: number;
  /** The same for one of about three seconds, and what of it the encoder is. */
  hearMs: number;
  encodeMs: number;
  tokenMs: number;
  realTimeFactor: number;
  /** Of the model, for what others will cost: frames of the encoder for three seconds, and how wide it is. */
  frames: number;
  textLayers: number;
  textState: number;
  vocabulary: number;
};

export type WhisperSubject = { source: ModelSource; precision: Precision; tailFrames: number };

/** The utterances that are taken for one of three seconds. */
const aboutThree = { leastSeconds: 2.4, mostSeconds: 3.6 };

type Sample = { seconds: number; encodeMs: number; stepsMs: number; steps: number; totalMs: number; frames: number };

/** @throws AppError of a model that cannot be loaded or run. */
export async function measureWhisper(
  { source, precision, tailFrames }: WhisperSubject,
  utterances: readonly Utterance[],
  { rounds, ort }: { rounds: number; ort: Ort },
): Promise<WhisperFigures> {
  const startedAt = performance.now();
  const model = await loadModel(source, { precision, threads: 1, ort });
  const loadMs = performance.now() - startedAt;
  const once = hearer(model, tailFrames);
  for (const utterance of utterances) await once(utterance); // kernels and memory
  const samples: Sample[] = [];
  for (let round = 0; round < rounds; round++) for (const utterance of utterances) samples.push(await once(utterance));
  Bun.gc(true);
  const memory = processMemory();
  const { textLayers, textState, vocabulary } = model.settings;
  await model.close();
  return { loadMs, ...memory, ...figuresOf(samples), textLayers, textState, vocabulary };
}

function hearer(model: WhisperModel, tailFrames: number): (utterance: Utterance) => Promise<Sample> {
  const { settings } = model;
  const frontEnd = melFrontEnd(settings.mels);
  const encode = textEncoder(model.tokens, settings.endOfText);
  return async ({ text, samples }) => {
    const ids = [...encode(` ${text}`), settings.endOfText];
    const startedAt = performance.now();
    const frames = encoderFrames(samples.length, tailFrames, settings.audioContext * 2);
    const heard = await model.encode(frontEnd(samples, framing, frames));
    const encodedAt = performance.now();
    model.begin(heard, settings.prompt.length + ids.length);
    await model.step(settings.prompt, 0);
    const promptedAt = performance.now();
    for (const [at, id] of ids.entries()) await model.step([id], settings.prompt.length + at);
    const doneAt = performance.now();
    return {
      seconds: samples.length / sampleRateHz,
      encodeMs: encodedAt - startedAt,
      stepsMs: doneAt - promptedAt,
      steps: ids.length,
      totalMs: doneAt - startedAt,
      frames,
    };
  };
}

function figuresOf(samples: readonly Sample[]) {
  const sum = (of: (sample: Sample) => number) => samples.reduce((total, sample) => total + of(sample), 0);
  const totals = samples.map(({ totalMs }) => totalMs);
  const { leastSeconds, mostSeconds } = aboutThree;
  const middle = samples.filter(({ seconds }) => seconds >= leastSeconds && seconds <= mostSeconds);
  const three = middle.length > 0 ? middle : samples;
  return {
    finalP50Ms: quantile(totals, 0.5),
    finalP95Ms: quantile(totals, 0.95),
    hearMs: quantile(
      three.map(({ totalMs }) => totalMs),
      0.5,
    ),
    encodeMs: quantile(
      three.map(({ encodeMs }) => encodeMs),
      0.5,
    ),
    tokenMs: sum(({ stepsMs }) => stepsMs) / sum(({ steps }) => steps),
    realTimeFactor: sum(({ totalMs }) => totalMs) / 1000 / sum(({ seconds }) => seconds),
    frames: quantile(
      three.map(({ frames }) => frames),
      0.5,
    ),
  };
}

/** @param share 0…1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** proc_pid_status(5), in kilobytes there. */
function processMemory(): { restBytes: number; peakBytes: number } {
  const status = readFileSync("/proc/self/status", "utf8");
  const of = (field: string) => 1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return { restBytes: of("VmRSS"), peakBytes: of("VmHWM") };
}
