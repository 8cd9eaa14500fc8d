/** Phonemes → the ids that a Piper voice is fed. Pure. */
import type { Piece } from "./clauses.ts";
import type { PiperConfig } from "./piper-config.ts";

export type PhonemeIds = {
  ids: number[];
  /** Code points that the voice has no id for; they are left out. */
  unknown: number;
};

/**
 * Phonemes of a clause with the punctuation put back behind each piece: the voice was trained with it and makes its
 * pauses and its tune out of it. A space stands between pieces as between words.
 *
 * @param phonemesOf Of words without punctuation, as espeak-ng gives them.
 */
export function clausePhonemes(pieces: readonly Piece[], phonemesOf: (words: string) => string): string {
  return pieces.map(({ words, mark }) => `${phonemesOf(words)}${mark}`).join(" ");
}

/**
 * `^ _ (p _)* $`: a pad after every phoneme, over the code points of the text decomposed (NFD), as the voice was trained.
 * Where its table has entries of several code points, the longest that fits is one phoneme.
 */
export function phonemeIds(
  phonemes: string,
  { ids: map, replacements }: Pick<PiperConfig, "ids" | "replacements">,
): PhonemeIds {
  const pad = map.get("_") ?? [];
  const ids = [...(map.get("^") ?? []), ...pad];
  const longest = Math.max(...[...map.keys()].map((key) => [...key].length));
  const codePoints = [...phonemes.normalize("NFD")].flatMap((one) => [...(replacements.get(one) ?? one)]);
  let unknown = 0;
  for (let at = 0; at < codePoints.length; ) {
    const taken = lengthOfKnown(codePoints, at, longest, map);
    if (taken === 0) unknown++;
    else ids.push(...(map.get(codePoints.slice(at, at + taken).join("")) ?? []), ...pad);
    at += Math.max(1, taken);
  }
  ids.push(...(map.get("$") ?? []));
  return { ids, unknown };
}

/** Code points of the longest entry that begins at `at`; 0 if there is none. */
function lengthOfKnown(codePoints: readonly string[], at: number, longest: number, map: PiperConfig["ids"]): number {
  for (let length = Math.min(longest, codePoints.length - at); length > 0; length--)
    if (map.has(codePoints.slice(at, at + length).join(""))) return length;
  return 0;
}
