/** Recordings beside the repository: people who speak, and places that are loud. Nothing of it is in the repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readSoundFile } from "../../src/cli/audio/read-sound.ts";
import { resampled } from "../../src/media/resample.ts";
import { seeded } from "../speech/whisper/clips.ts";
import type { Sounds } from "./sounds.ts";

/** Where it lies, if it is there. */
export const recordings: string | undefined = [join(import.meta.dir, "../../../shared/data/audio")].find(existsSync);

/** −1…1, 8 kHz. */
export async function narrow(path: string): Promise<Float32Array> {
  return resampled(await readSoundFile(path, { rawAlaw: false }), 16_000, 8000);
}

/** Somebody speaks in these, alone in front of the noise: no turn of theirs is a phantom. */
const withSpeech = /^gtcrn-/;
/** Answers of rooms, for convolution. */
const roomResponses = /-rir\d/;

/** Each recording of noise: another stretch of it, at another loudness, for every seed. */
export async function recordedNoises(folder: string): Promise<Sounds> {
  const noises: Sounds = {};
  for (const file of readdirSync(join(folder, "noise")).sort()) {
    if (!file.endsWith(".wav") || withSpeech.test(file) || roomResponses.test(file)) continue;
    const whole = await narrow(join(folder, "noise", file));
    const loudest = whole.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    noises[basename(file, ".wav")] = (seconds, seed) => {
      const random = seeded(seed);
      const from = Math.floor(random() * whole.length);
      const gain = 10 ** ((-46 + 43 * random()) / 20) / loudest;
      return Int16Array.from({ length: seconds * 8000 }, (_, n) =>
        Math.round(32_767 * gain * (whole[(from + n) % whole.length] ?? 0)),
      );
    };
  }
  return noises;
}

export type HumanClip = { path: string; text: string; samples: Float32Array };

/** Made by machines, or nobody says whether they were; with noise in them already; keys and not words. */
const notHuman = /(^|\/)(stp-tts|google-|livekit-)|-noisy|^dtmf/;

/** Recordings of one person speaking, with what he says: WAV and FLAC only. */
export async function humanClips(folder: string): Promise<HumanClip[]> {
  const clips: HumanClip[] = [];
  const lines = readFileSync(join(folder, "manifest.jsonl"), "utf8").trim().split("\n");
  for (const line of lines) {
    const { path, text } = JSON.parse(line) as { path: string; text: string | null };
    if (!text || !/\.(wav|flac)$/.test(path) || notHuman.test(path)) continue;
    if (!existsSync(join(folder, path))) continue;
    clips.push({ path, text, samples: await narrow(join(folder, path)) });
  }
  return clips;
}
