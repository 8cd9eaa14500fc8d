/** Which model this machine bears: pure, from what was measured. */
import { goalMs, type Load, loadAt, type Pace } from "../../ops/capacity/model.ts";
import type { PublishedModel } from "../catalogue.ts";
import { type Dimensions, encoderWork, tokenWork } from "../cost.ts";
import type { WhisperFigures } from "./whisper.ts";

/** Live calls within the goal (docs: goals, Speed). */
export const wantedCalls = 10;

export type Measured = { name: string; figures: WhisperFigures };
export type Rated = { name: string; hearMs: number; reckoned: boolean; load: Load; fits: boolean };

/** How the calls would go with a model that takes so long for three seconds. */
export function rate(name: string, hearMs: number, reckoned: boolean, pace: Omit<Pace, "hearMs">): Rated {
  const load = loadAt({ ...pace, hearMs }, wantedCalls);
  return { name, hearMs, reckoned, load, fits: load.responseP95Ms <= goalMs };
}

/** Tokens in three seconds of speech, and the one that ends them. */
const tokens = 11;
/** 3 s and the 10 s behind it that stock weights need. */
const frames = 1_312;

/**
 * What models that are not here would take, by the work that they are beside one that was measured and whose dimensions are
 * published. The encoder and the tokens are reckoned apart: the one is bound by arithmetic, the other by memory.
 *
 * @returns Nothing where no such model was measured.
 */
export function reckon(
  measured: readonly Measured[],
  published: readonly PublishedModel[],
): { name: string; hearMs: number }[] {
  const known = measured.flatMap(({ figures }) => {
    const alike = published.find(({ dimensions }) => dimensions !== undefined && isAlike(dimensions, figures));
    return alike?.dimensions === undefined ? [] : [{ figures, dimensions: alike.dimensions }];
  });
  const yardstick = known.toSorted((a, b) => b.dimensions.state - a.dimensions.state)[0];
  if (yardstick === undefined) return [];
  const { figures, dimensions } = yardstick;
  const encode = figures.encodeMs / encoderWork(dimensions, figures.frames);
  const token = figures.tokenMs / tokenWork(dimensions, figures.frames);
  return published.flatMap(({ id, dimensions: other }) =>
    other === undefined
      ? []
      : [{ name: id, hearMs: encode * encoderWork(other, frames) + tokens * token * tokenWork(other, frames) }],
  );
}

function isAlike({ decoderLayers, encoderLayers, state, vocabulary }: Dimensions, figures: WhisperFigures): boolean {
  const { textLayers, textState } = figures;
  // Distilled models have fewer layers in the decoder; what an encoder has is not told apart by its metadata here.
  return (
    decoderLayers === textLayers &&
    encoderLayers === textLayers &&
    state === textState &&
    vocabulary === figures.vocabulary
  );
}

/** The one with the most work that fits; of those that are here before those that would have to be fetched. */
export function recommend(rated: readonly Rated[]): { here: Rated | undefined; toFetch: Rated | undefined } {
  const largest = (reckoned: boolean) =>
    rated.filter((one) => one.fits && one.reckoned === reckoned).toSorted((a, b) => b.hearMs - a.hearMs)[0];
  const [here, toFetch] = [largest(false), largest(true)];
  return { here, toFetch: toFetch !== undefined && toFetch.hearMs > (here?.hearMs ?? 0) ? toFetch : undefined };
}
