/** Opens a decoder so that its cache may be as short as its text, if it then says what it says with a long one. */
import type { InferenceSession } from "onnxruntime-node";
import { createDecoder } from "./decoder.ts";
import { openGraph } from "./graph.ts";
import { type ModelFile, modelFileBytes, readModelFile } from "./model-files.ts";
import { openContext } from "./open-context.ts";
import type { Ort } from "./ort.ts";
import type { WhisperSettings } from "./settings.ts";

/** The file is in memory twice while it is opened. Above this (whisper medium) that is not worth it. */
const mostBytes = 400 << 20;
/** Steps after the prompt for which both ways must agree, and by how much their logits may differ. */
const stepsCompared = 3;
const tolerance = 1e-3;
const columns = 50;

/** @throws AppError("model_damaged" | "model_missing") naming the file. */
export async function openDecoder(
  file: ModelFile,
  settings: WhisperSettings,
  options: { ort: Ort; threads: number },
): Promise<{ decoder: InferenceSession; isOpen: boolean }> {
  const opened = await tryOpen(file, settings, options);
  return opened === undefined
    ? { decoder: await openGraph(file, options), isOpen: false }
    : { decoder: opened, isOpen: true };
}

/** `undefined`: this graph does need all of its cache, or cannot be read at all, which opening it as it is will tell. */
async function tryOpen(
  file: ModelFile,
  settings: WhisperSettings,
  options: { ort: Ort; threads: number },
): Promise<InferenceSession | undefined> {
  if (modelFileBytes(file) > mostBytes) return undefined;
  const bytes = Uint8Array.from(readModelFile(file)); // what is embedded must stay as it is
  if (!openContext(bytes, settings.textContext)) return undefined;
  const session = await openGraph(file, options, bytes).catch(() => undefined);
  if (session === undefined) return undefined;
  if (await saysTheSame(options.ort, session, settings)) return session;
  await session.release();
  return undefined;
}

/** Hearing noise that is the same each time, with a cache as long as the file declared it and with one as short as can be. */
async function saysTheSame(ort: Ort, session: InferenceSession, settings: WhisperSettings): Promise<boolean> {
  try {
    const long = await logitsOf(ort, session, settings, false);
    const short = await logitsOf(ort, session, settings, true);
    return long.every((value, at) => Math.abs(value - (short[at] ?? Number.NaN)) <= tolerance);
  } catch {
    return false; // it refuses the short one, or is no decoder: opened as it is it will say so
  }
}

async function logitsOf(
  ort: Ort,
  session: InferenceSession,
  settings: WhisperSettings,
  isOpen: boolean,
): Promise<Float32Array> {
  const { prompt, textLayers, textState, vocabulary } = settings;
  const shape = [textLayers, 1, columns, textState];
  const noise = (seed: number) => new ort.Tensor("float32", seededNoise(textLayers * columns * textState, seed), shape);
  const decoder = createDecoder(ort, session, settings, isOpen);
  decoder.begin({ keys: noise(1), values: noise(2) }, prompt.length + stepsCompared);
  const all = new Float32Array(vocabulary * stepsCompared);
  await decoder.step(prompt, 0);
  for (let step = 0; step < stepsCompared; step++)
    all.set(await decoder.step([(step + 1) * 7], prompt.length + step), step * vocabulary);
  return all;
}

/** In −0.5…0.5. */
function seededNoise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 32;
  });
}
