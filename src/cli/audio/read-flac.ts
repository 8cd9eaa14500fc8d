import { AppError } from "../../app-error.ts";
import { damagedSound, type Sound } from "./sound.ts";

/** FLAC (RFC 9639), as it is or in Ogg. @throws AppError("invalid_input") for a damaged file. */
export async function readFlac(bytes: Uint8Array, path: string): Promise<Sound> {
  const { FLACDecoder } = await import("@wasm-audio-decoders/flac"); // 100 KB that other commands need not unpack
  const decoder = new FLACDecoder();
  await decoder.ready;
  try {
    const { channelData, sampleRate, samplesDecoded, errors } = await quietly(() => decoder.decodeFile(bytes));
    const [error] = errors;
    if (error !== undefined) throw damagedSound(path, error.message);
    const told = samplesTold(bytes);
    // A frame whose check sum is wrong is left out without a word: the sound would be shorter, and nobody would know.
    if (told !== undefined && samplesDecoded !== told)
      throw damagedSound(path, `${samplesDecoded} of ${told} samples can be read`);
    return { rateHz: sampleRate, channels: channelData.map((channel) => channel.slice(0, samplesDecoded)) };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw damagedSound(path, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    decoder.free();
  }
}

/** The decoder tells standard error what it also returns, and it does so before its promise is made. */
function quietly<T>(run: () => T): T {
  const { error } = console;
  console.error = () => undefined;
  try {
    return run();
  } finally {
    console.error = error;
  }
}

/** How many samples STREAMINFO (RFC 9639 §8.2) promises; `undefined` where its writer did not know, and in Ogg. */
function samplesTold(bytes: Uint8Array): number | undefined {
  if (bytes.length < 26 || bytes[0] !== 0x66 || ((bytes[4] ?? 0) & 0x7f) !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const samples = (view.getUint8(21) & 0x0f) * 2 ** 32 + view.getUint32(22);
  return samples === 0 ? undefined : samples;
}
