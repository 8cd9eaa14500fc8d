import { openDemoWhisper } from "../caller/demo-whisper.ts";
import { createMouth, to16k } from "../caller/voice.ts";
import { percentile } from "./voice-to-voice.ts";

const lines = [
  "I'd like to book a viewing for fourteen Maple Road please",
  "Thursday please",
  "half past two",
  "My name is James Wilson",
  "My number is oh seven seven oh oh, nine oh oh, one two three",
  "Yes, that's correct",
  "No, that's everything, thank you",
  "Can I speak to a person please",
];
const rounds = 5;

export async function whisperSpeed(): Promise<{ audioSeconds: number; realTimeFactor: number; p95Ms: number }> {
  const whisper = await openDemoWhisper();
  await whisper.warmUp();
  const say = await createMouth("gmw/en");
  const clips = lines.map((line) => to16k(say(line)));
  const tookMs: number[] = [];
  let audioSeconds = 0;
  for (let round = 0; round < rounds; round++) {
    for (const clip of clips) {
      const from = performance.now();
      await whisper.transcribe(clip, { signal: new AbortController().signal });
      tookMs.push(performance.now() - from);
      audioSeconds += clip.length / 16_000;
    }
  }
  const spentSeconds = tookMs.reduce((sum, took) => sum + took, 0) / 1000;
  return { audioSeconds, realTimeFactor: spentSeconds / audioSeconds, p95Ms: percentile(tookMs, 95) };
}
