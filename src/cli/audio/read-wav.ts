import { WaveFile } from "wavefile";
import { AppError } from "../../app-error.ts";
import { damagedSound, type Sound } from "./sound.ts";

/** A program that writes into a pipe does not know the length yet and names one that no file has: from this on. */
const unknownLength = 0x7fff_0000;

/** @throws AppError("invalid_input") for a damaged file, and for compressions that nobody uses for speech. */
export function readWav(bytes: Uint8Array, path: string): Sound {
  const whole = withTrueLengths(bytes, path);
  let wave: WaveFile;
  try {
    wave = new WaveFile(whole);
    expand(wave);
  } catch (cause) {
    throw damagedSound(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  const { sampleRate = 0, numChannels = 0 }: { sampleRate?: number; numChannels?: number } = wave.fmt;
  const scale = scales[wave.bitDepth];
  if (scale === undefined)
    throw new AppError("invalid_input", `${path} has samples of a kind that is not known here (${wave.bitDepth} bit).`);
  if (numChannels < 1) throw damagedSound(path, "it has no channel");
  // In spite of its type it is an array of channels where there are several.
  const all = wave.getSamples(false, Float64Array) as Float64Array | Float64Array[];
  const channels = (Array.isArray(all) ? all : [all]).map((channel) =>
    Float32Array.from(channel, (sample) => (sample - scale.zero) / scale.full),
  );
  return { rateHz: sampleRate, channels };
}

/** By wavefile's name of a depth. 8 bit is unsigned (Microsoft, "Multimedia Data Standards Update", 1994). */
const scales: Readonly<Record<string, { zero: number; full: number }>> = {
  "8": { zero: 128, full: 128 },
  "16": { zero: 0, full: 2 ** 15 },
  "24": { zero: 0, full: 2 ** 23 },
  "32": { zero: 0, full: 2 ** 31 },
  "32f": { zero: 0, full: 1 },
  "64": { zero: 0, full: 1 },
};

function expand(wave: WaveFile): void {
  if (wave.bitDepth === "8a") wave.fromALaw("16");
  if (wave.bitDepth === "8m") wave.fromMuLaw("16");
  if (wave.bitDepth === "4") wave.fromIMAADPCM("16");
}

/**
 * A copy that says how much sound there really is, where it came out of a pipe.
 *
 * @throws AppError("invalid_input") if sound is missing that was promised.
 */
function withTrueLengths(bytes: Uint8Array, path: string): Uint8Array {
  const mark = Buffer.from(bytes.subarray(0, 4)).toString("latin1");
  if (mark === "RF64") return bytes; // its lengths stand elsewhere
  const isLittle = mark === "RIFF";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, isLittle);
    const there = bytes.length - at - 8;
    const isData = Buffer.from(bytes.subarray(at, at + 4)).toString("latin1") === "data";
    if (isData && length > there) {
      if (length < unknownLength) throw damagedSound(path, `${there} of ${length} bytes of sound are there`);
      const copy = bytes.slice();
      const lengths = new DataView(copy.buffer);
      lengths.setUint32(4, bytes.length - 8, isLittle);
      lengths.setUint32(at + 4, there, isLittle);
      return copy;
    }
    if (isData) return bytes;
    at += 8 + length + (length % 2);
  }
  throw damagedSound(path, "it holds no sound");
}
