/** Sound files as the recogniser wants them: whatever the file is, 16 kHz mono comes out. */
import { readFileSync } from "node:fs";
import { AppError } from "../../app-error.ts";
import { decode } from "../../media/g711.ts";
import { resampled } from "../../media/resample.ts";
import { readFlac } from "./read-flac.ts";
import { readWav } from "./read-wav.ts";
import type { Sound } from "./sound.ts";

const hearingRateHz = 16_000;
const leastRateHz = 1000;
const mostRateHz = 384_000;

export type SoundFileOptions = {
  /** Bytes without a header: A-law at 8 kHz. Files called .al or .alaw are taken so anyway. */
  rawAlaw: boolean;
};

/**
 * @returns 16 kHz, −1…1; several channels become their mean.
 * @throws AppError("invalid_input") naming the file, and what is wrong with it.
 */
export async function readSoundFile(path: string, { rawAlaw }: SoundFileOptions): Promise<Float32Array> {
  const bytes = readBytes(path);
  const sound = await soundOf(bytes, rawAlaw || /\.(al|alaw)$/i.test(path), path);
  const { rateHz, channels } = sound;
  const [samples = new Float32Array(0)] = channels.length === 1 ? channels : [meanOf(channels)];
  if (samples.length === 0) throw new AppError("invalid_input", `${path} holds no sound.`);
  if (!Number.isInteger(rateHz) || rateHz < leastRateHz || rateHz > mostRateHz)
    throw new AppError("invalid_input", `${path} is of ${rateHz} Hz: expected ${leastRateHz} to ${mostRateHz}.`);
  return resampled(samples, rateHz, hearingRateHz);
}

async function soundOf(bytes: Uint8Array, isAlaw: boolean, path: string): Promise<Sound> {
  const mark = Buffer.from(bytes.subarray(0, 4)).toString("latin1");
  if (mark === "RIFF" || mark === "RIFX" || mark === "RF64") return readWav(bytes, path);
  if (mark === "fLaC" || mark === "OggS") return await readFlac(bytes, path);
  if (isAlaw) return readAlaw(bytes);
  throw new AppError(
    "invalid_input",
    `${path} is no sound that is known here: expected WAV or FLAC, or A-law without a header (--raw-alaw).`,
  );
}

function readAlaw(bytes: Uint8Array): Sound {
  const samples = new Int16Array(bytes.length);
  decode("PCMA", bytes, samples);
  return { rateHz: 8000, channels: [Float32Array.from(samples, (sample) => sample / 32_768)] };
}

function meanOf(channels: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(channels[0]?.length ?? 0);
  for (const channel of channels) {
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (channel[i] ?? 0) / channels.length;
  }
  return mean;
}

function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("invalid_input", `${path} cannot be read (${reason}).`, { cause });
  }
}
