/**
 * How much work a Whisper model is, reckoned from its published dimensions: multiply-adds of the matrices, which is where
 * the time goes. It says what a model that is not here will cost, once one that is here has been measured.
 */
import { z } from "zod";

export const dimensionsSchema = z.strictObject({
  encoderLayers: z.int().positive(),
  decoderLayers: z.int().positive(),
  /** Width of both halves. */
  state: z.int().positive(),
  vocabulary: z.int().positive(),
});
export type Dimensions = z.infer<typeof dimensionsSchema>;

const melBands = 80;
const framesPerPosition = 2;

/** @param frames 10 ms each, what is appended to the speech included. @returns Multiply-adds of the encoder. */
export function encoderWork({ encoderLayers, decoderLayers, state }: Dimensions, frames: number): number {
  const positions = frames / framesPerPosition;
  const stem = 3 * melBands * state * frames + 3 * state * state * positions;
  const layer = 12 * state * state * positions + 2 * positions * positions * state;
  const crossKeysAndValues = decoderLayers * 2 * state * state * positions;
  return stem + encoderLayers * layer + crossKeysAndValues;
}

/** @param frames As above: every token looks at all of them. @returns Multiply-adds for one token. */
export function tokenWork({ decoderLayers, state, vocabulary }: Dimensions, frames: number): number {
  const positions = frames / framesPerPosition;
  return decoderLayers * (14 * state * state + 2 * positions * state) + vocabulary * state;
}
