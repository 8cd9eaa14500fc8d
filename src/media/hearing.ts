/** One caller's speech: frames of 8 or 16 kHz in, turns out. Upsampling, voice activity and endpointing, on one sample clock. */
import { createDoubtfulSteps } from "./echo/doubtful-steps.ts";
import type { Verdict } from "./echo/verdict.ts";
import {
  type EndpointerEffect,
  type EndpointerInput,
  type EndpointerSettings,
  startEndpointer,
  stepEndpointer,
} from "./endpointer.ts";
import type { FromMedia, RateHz } from "./messages.ts";
import { createUpsampler } from "./resample.ts";
import { createSampleRing } from "./sample-ring.ts";
import { type Vad, vadStepSamples } from "./silero.ts";

export type SpeechEvent = Extract<FromMedia, { kind: "speech-started" | "paused" | "resumed" | "utterance" }>;

export type Hearing = {
  /** Any number of samples of either rate; a call's codec may change. @param verdict whose sound it is. */
  hear(frame: Int16Array, rateHz: RateHz, verdict?: Verdict): void;
  wait(utteranceId: number, silenceMs: number, pause: number | undefined): void;
  close(): void;
};

const rateHz = 16_000;
const samplesPerMs = rateHz / 1000;
/** The voice activity model may lag by so much before steps are skipped; sound is kept for as long. */
const slackSamples = rateHz;

/** @param heard called from within `hear` and `wait`, or when the model has answered. */
export function createHearing(
  callId: string,
  settings: EndpointerSettings,
  vad: Vad,
  heard: (event: SpeechEvent) => void,
): Hearing {
  const upsampler = createUpsampler();
  const ring = createSampleRing(settings.maxUtteranceMs * samplesPerMs + slackSamples);
  const activity = vad.stream();
  const step = new Float32Array(vadStepSamples);
  let filled = 0;
  /** Of the step that is being filled. */
  let verdicts: Verdict[] = [];
  let state = startEndpointer(settings);
  const steps = createDoubtfulSteps(settings.holdProbability, (probability) => feed({ kind: "step", probability }));

  function feed(input: EndpointerInput): void {
    const stepped = stepEndpointer(state, input);
    state = stepped.state;
    for (const effect of stepped.effects) heard(eventOf(effect));
  }

  function eventOf(effect: EndpointerEffect): SpeechEvent {
    const { utteranceId } = effect;
    switch (effect.kind) {
      case "started":
        return { kind: "speech-started", callId, utteranceId, atMs: effect.speechFrom / samplesPerMs };
      case "paused": {
        const { pause, from, to, voice } = effect;
        const samples = ring.slice(from, to);
        return { kind: "paused", callId, utteranceId, pause, atMs: to / samplesPerMs, samples, voice };
      }
      case "resumed":
        return { kind: "resumed", callId, utteranceId };
      case "utterance":
        return {
          kind: "utterance",
          callId,
          utteranceId,
          pause: effect.pause,
          samples: effect.pause === undefined ? ring.slice(effect.from, effect.to) : undefined,
          startedAtMs: effect.speechFrom / samplesPerMs,
          speechEndedAtMs: effect.speechTo / samplesPerMs,
          voice: effect.voice,
          reason: effect.reason,
        };
    }
  }

  /** What is our own echo is no sound to the model, as faint as it may be left; the caller's words are kept with it. */
  function fill(samples: Float32Array, verdict: Verdict): void {
    if (verdict === "echo") step.fill(0, filled, filled + samples.length);
    else step.set(samples, filled);
    verdicts.push(verdict);
    filled += samples.length;
  }

  function judge(): void {
    const verdict = (["caller", "unsure", "echo"] as const).find((one) => verdicts.includes(one)) ?? "caller";
    filled = 0;
    verdicts = [];
    activity.push(step, (probability) => steps.push(probability, verdict));
  }

  return {
    hear(frame, frameRateHz, verdict = "caller") {
      const samples = frameRateHz === rateHz ? scaled(frame) : upsampler.push(frame);
      ring.push(samples);
      for (let at = 0; at < samples.length; ) {
        const taken = Math.min(samples.length - at, vadStepSamples - filled);
        fill(samples.subarray(at, at + taken), verdict);
        at += taken;
        if (filled === vadStepSamples) judge();
      }
    },
    wait: (utteranceId, silenceMs, pause) => feed({ kind: "wait", utteranceId, silenceMs, pause }),
    close: () => activity.close(),
  };
}

function scaled(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (sample) => sample / 32_768);
}
