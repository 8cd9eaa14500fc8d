/** A call on the speaker of a telephone: our prompts, their echo, a caller who speaks into them, and what we make of it. */
import { embeddedFile } from "../../../src/embedded/files.ts";
import { extractNatives, loadOnnxRuntime } from "../../../src/embedded/natives.ts";
import type { EchoCanceller } from "../../../src/media/echo/canceller.ts";
import { endpointerSettings } from "../../../src/media/endpointer.ts";
import { createHearing, type SpeechEvent } from "../../../src/media/hearing.ts";
import type { RateHz } from "../../../src/media/messages.ts";
import { createVad, type VadModel } from "../../../src/media/silero.ts";
import { loadVadModel } from "../../../src/media/worker/vad-model.ts";
import type { SpeakerPhone } from "./echo-path.ts";

/** What is said from a moment on, ms since the call's beginning. */
export type Line = { fromMs: number; samples: Int16Array };

export type SpeakerCall = {
  phone: SpeakerPhone;
  rateHz: RateHz;
  agent: readonly Line[];
  caller: readonly Line[];
  /** Undefined: the call as it would be without. */
  canceller: EchoCanceller | undefined;
  untilMs: number;
  /** From such a time on the echo comes so much later. `isOurs`: our jitter buffer's doing, which we know of. */
  jumps?: readonly { atMs: number; ms: number; isOurs?: boolean }[];
};

export type HeardCall = {
  /** When the agent was told of speech. */
  startedMs: number[];
  events: SpeechEvent[];
  /** What came and what was left of it while no caller spoke and the agent's echo was there, as sums of squares. */
  echoPower: number;
  leftPower: number;
  /** Of the canceller, µs for each frame. */
  costUs: number;
  cleaned: Int16Array;
  heard: Int16Array;
};

const frameMs = 20;

export async function loadVad(): Promise<VadModel> {
  const runtime = await loadOnnxRuntime(extractNatives(import.meta.dir));
  return loadVadModel(runtime, embeddedFile("models/silero_vad_v5.onnx"));
}

/** The agent falls silent when it is told of speech, until its next line. */
export async function runSpeakerCall(model: VadModel, call: SpeakerCall): Promise<HeardCall> {
  const { phone, rateHz, agent, caller, canceller, untilMs, jumps = [] } = call;
  const settings = endpointerSettings({ speculateAfterMs: 120, defaultSilenceMs: 700, maxUtteranceMs: 15_000 });
  const samples = (frameMs * rateHz) / 1000;
  const total = (untilMs * rateHz) / 1000;
  const result: HeardCall = {
    startedMs: [],
    events: [],
    echoPower: 0,
    leftPower: 0,
    costUs: 0,
    cleaned: new Int16Array(total),
    heard: new Int16Array(total),
  };
  let nowMs = 0;
  let quietUntil: number | undefined;
  const vad = createVad(model, (error) => {
    throw error;
  });
  const hearing = createHearing("call", settings, vad, (event) => {
    result.events.push(event);
    if (event.kind !== "speech-started") return;
    result.startedMs.push(nowMs);
    quietUntil = agent.find(({ fromMs }) => fromMs >= nowMs)?.fromMs ?? untilMs;
  });
  let steps = 0;
  for (let at = 0; at + samples <= total; at += samples) {
    const fromMs = (1000 * at) / rateHz;
    let grownMs = 0;
    for (const { atMs, ms, isOurs } of jumps) {
      if (atMs < fromMs || atMs >= fromMs + frameMs) continue;
      phone.jump(ms);
      if (isOurs) grownMs += ms;
    }
    const isQuiet = quietUntil !== undefined && fromMs < quietUntil;
    const said = isQuiet ? new Int16Array(samples) : frameOf(agent, at, samples, rateHz);
    const near = frameOf(caller, at, samples, rateHz);
    const heard = phone.hear(said, near);
    nowMs = fromMs + frameMs;
    const startMs = performance.now();
    canceller?.said(said);
    const cleaned = canceller?.heard(heard, (grownMs * rateHz) / 1000) ?? {
      samples: heard,
      verdict: "caller" as const,
    };
    result.costUs += 1000 * (performance.now() - startMs);
    result.heard.set(heard, at);
    result.cleaned.set(cleaned.samples, at);
    if (near.every((x) => x === 0)) {
      result.echoPower += power(heard);
      result.leftPower += power(cleaned.samples);
    }
    hearing.hear(cleaned.samples, rateHz, cleaned.verdict);
    steps += (frameMs * 16) / 512;
    while (vad.counts.inferred + vad.counts.silent < Math.floor(steps))
      await new Promise((resolve) => setImmediate(resolve));
  }
  hearing.close();
  result.costUs /= total / samples;
  return result;
}

/** When each line is first heard to be speech, ms: 25 dB below its loudest 10 ms. */
export function onsetOf({ fromMs, samples }: Line, rateHz: number): number {
  const block = rateHz / 100;
  const powers = Array.from({ length: Math.floor(samples.length / block) }, (_, i) =>
    power(samples.subarray(i * block, (i + 1) * block)),
  );
  const threshold = Math.max(...powers) / 10 ** 2.5;
  return fromMs + 10 * powers.findIndex((value) => value >= threshold);
}

function frameOf(lines: readonly Line[], at: number, count: number, rateHz: number): Int16Array {
  const frame = new Int16Array(count);
  for (const { fromMs, samples } of lines) {
    const first = Math.round((fromMs * rateHz) / 1000);
    for (let n = 0; n < count; n++) {
      const value = samples[at + n - first];
      if (value !== undefined) frame[n] = Math.max(-32_768, Math.min(32_767, (frame[n] ?? 0) + value));
    }
  }
  return frame;
}

export function power(samples: Int16Array): number {
  let sum = 0;
  for (const x of samples) sum += x * x;
  return sum;
}
