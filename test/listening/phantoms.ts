/** What our hearing makes of sounds that are no words. A phantom is a turn that nobody took. */

import { isOfNobody } from "../../src/calls/nobody.ts";
import { isSpeechWithoutWords } from "../../src/calls/turn-taking.ts";
import type { SpeechEvent } from "../../src/media/hearing.ts";
import type { Voice } from "../../src/media/voice-likeness.ts";
import type { WhisperEngine } from "../../src/speech/whisper/engine.ts";
import { to16k } from "../caller/voice.ts";
import { clearVoice } from "../calls/harness.ts";
import { seeded } from "../speech/whisper/clips.ts";
import { type Ears, listen } from "./line.ts";
import type { Sounds } from "./sounds.ts";

/**
 * `asked`: the caller would be asked to say it again, as there was surely speech without words, or words that are more
 * likely wrong than right. `turns`: words that would be answered.
 */
export type Count = {
  kind: string;
  minutes: number;
  onsets: number;
  utterances: number;
  turns: number;
  asked: number;
  /** What was made of it, of the first few: these are no caller's words. */
  texts: string[];
};

/**
 * `real`: as in a call. `open`: its thresholds are zero, everything is an utterance. `sure`: it is not asked at all, and
 * everything counts as a clear voice, so that the recogniser's own gates stand alone.
 */
export const voiceActivities = ["real", "open", "sure"] as const;
export type VoiceActivity = (typeof voiceActivities)[number];

export type Hunt = {
  sounds: Sounds;
  minutes: number;
  seed: number;
  voiceActivity: VoiceActivity;
  progress?: (share: number) => void;
};

const pieceSeconds = 30;
/** Pieces that are heard at the same time: voice activity judges up to eight lines in one run. */
const lines = 8;
const textsKept = 4;

export async function huntPhantoms(
  ears: Ears,
  recogniser: WhisperEngine,
  { sounds, minutes, seed, voiceActivity, progress }: Hunt,
): Promise<Count[]> {
  const kinds = Object.keys(sounds);
  const counts = new Map<string, Count>(
    kinds.map((kind) => [kind, { kind, minutes: 0, onsets: 0, utterances: 0, turns: 0, asked: 0, texts: [] }]),
  );
  const pieces = Math.ceil((minutes * 60) / pieceSeconds);
  let next = 0;
  let recognising: Promise<void> = Promise.resolve(); // one utterance at a time, as in the child

  function recognise(count: Count, samples: Float32Array, voice: Voice): void {
    count.utterances++;
    recognising = recognising.then(async () => {
      const transcript = await recogniser.transcribe(samples, { signal: new AbortController().signal });
      if (isOfNobody(transcript, voice)) return;
      if (transcript.doubtful || isSpeechWithoutWords(transcript)) count.asked++;
      else if (transcript.text !== "") {
        count.turns++;
        if (count.texts.length < textsKept) count.texts.push(transcript.text);
      }
    });
  }

  async function one(index: number): Promise<void> {
    const kind = kinds[index % kinds.length] ?? "";
    const count = counts.get(kind);
    if (count === undefined) return;
    const sound = sounds[kind]?.(pieceSeconds, seed * 1_000_003 + index) ?? new Int16Array(0);
    count.minutes += sound.length / 8000 / 60;
    if (voiceActivity === "sure")
      for (const part of cutAtRandom(sound, seed + index)) recognise(count, part, clearVoice);
    else await listenTo(count, sound);
    await recognising;
  }

  async function listenTo(count: Count, sound: Int16Array): Promise<void> {
    let latest: Float32Array | undefined;
    const heard = (event: SpeechEvent) => {
      if (event.kind === "speech-started") count.onsets++;
      if (event.kind === "paused") latest = event.samples;
      if (event.kind === "utterance") recognise(count, event.samples ?? latest ?? new Float32Array(0), event.voice);
    };
    await listen(ears, sound, heard, voiceActivity === "open");
  }

  await Promise.all(
    Array.from({ length: lines }, async () => {
      for (let index = next++; index < pieces; index = next++) {
        await one(index);
        progress?.(Math.min(1, (index + 1) / pieces));
      }
    }),
  );
  return [...counts.values()];
}

/** As a voice detector that is wrong would: turns of one to eight seconds, without a gap. */
function cutAtRandom(sound: Int16Array, seed: number): Float32Array[] {
  const random = seeded(seed);
  const parts: Float32Array[] = [];
  for (let at = 0; at < sound.length; ) {
    const to = Math.min(sound.length, at + Math.round(8000 * (1 + 7 * random())));
    parts.push(to16k(sound.subarray(at, to)));
    at = to;
  }
  return parts;
}
