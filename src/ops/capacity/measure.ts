/** How long this machine takes to hear and to speak, with the models that are configured. */
import { availableParallelism } from "node:os";
import { createCallCodec } from "../../media/call-codec.ts";
import { codecs } from "../../media/codecs.ts";
import type { CodecName } from "../../media/messages.ts";
import { createUpsampler } from "../../media/resample.ts";
import { loadOpus } from "../../media/worker/opus-library.ts";
import type { Speech } from "../../speech/ports.ts";
import { type Pace, utteranceSeconds } from "./model.ts";

/** What callers say; spoken by the configured voice, so that Whisper has speech to hear. */
const said = "I would like to see the flat in Maple Road on Thursday afternoon, please.";
/** The first clause of an answer. */
const clause = "Thursday at half past two is free,";
/** Packets in and out (`bun run load`: 0.25 % of a core for each call) and voice activity (31 steps of 60 µs a second). */
const packetShare = 0.005;

/**
 * All processes of both kinds work at once, `rounds` times. A good round is taken, the lower quartile: what else the
 * machine did in the others (it may be starting, too) is over by the time that calls come.
 * @throws AppError("speech_failed") if a process dies over it, `signal.reason` on abort.
 */
export async function measurePace(
  speech: Pick<Speech, "status" | "transcribe" | "synthesise">,
  enabled: readonly CodecName[],
  rounds: number,
  signal: AbortSignal,
): Promise<Pace> {
  const children = speech.status();
  const hearers = children.filter(({ kind }) => kind === "whisper").length;
  const speakers = children.length - hearers;
  const utterance = await utteranceOf(speech, signal);
  const heard: number[] = [];
  const spoken: number[] = [];
  const hear = async () => {
    const { tookMs } = await speech.transcribe(utterance, { priority: "answer", signal });
    heard.push(tookMs);
  };
  const speak = async () => {
    const fromMs = performance.now();
    for await (const _ of speech.synthesise(clause, signal)) break; // all of it: the next caller waits for that
    spoken.push(performance.now() - fromMs);
  };
  for (let round = 0; round < rounds; round++) {
    await Promise.all([...Array.from({ length: hearers }, hear), ...Array.from({ length: speakers }, speak)]);
  }
  return {
    hearMs: lowerQuartile(heard),
    hearers,
    speakMs: lowerQuartile(spoken),
    speakers,
    mediaShare: packetShare + Math.max(...(await Promise.all(enabled.map(codecShare)))),
    cores: availableParallelism(),
  };
}

/** 16 kHz, −1…1, of the length that the model reckons with. */
async function utteranceOf(speech: Pick<Speech, "synthesise">, signal: AbortSignal): Promise<Float32Array> {
  const samples = new Float32Array(utteranceSeconds * 16_000);
  const upsampler = createUpsampler();
  let at = 0;
  for await (const part of speech.synthesise(said, signal)) {
    const wide = upsampler.push(part).subarray(0, samples.length - at);
    samples.set(wide, at);
    at += wide.length;
    if (at === samples.length) break;
  }
  return samples;
}

/** Of one core, for decoding and encoding one call: a second of sound, the second time. */
async function codecShare(name: CodecName): Promise<number> {
  const { clockHz } = codecs[name];
  const memory = name === "opus" ? await loadOpus(1) : noMemory;
  const codec = createCallCodec(name, memory);
  const frames = 50;
  const ticks = clockHz / frames;
  const samples = Int16Array.from({ length: codec.rateHz / frames }, (_, i) => 4000 * Math.sin(i / 3));
  const into = new Int16Array(samples.length);
  const oneSecond = () => {
    const fromMs = performance.now();
    for (let frame = 0; frame < frames; frame++) {
      const sound = { codec: name, payload: codec.encode(samples).slice(), ticks };
      codec.decode([{ kind: "heard", ticks, sound, offset: 0 }], into);
    }
    return (performance.now() - fromMs) / 1000;
  };
  oneSecond();
  const share = oneSecond();
  codec.close();
  return share;
}

const noMemory = {
  openOpus(): never {
    throw new Error("only Opus has coders of its own");
  },
};

function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 4)] ?? 0;
}
