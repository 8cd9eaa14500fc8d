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

/** `^ _ (p _)* $`: a pad after every phoneme, over the code points of the text decomposed (NFD), as the voice was trained. */
export function phonemeIds(
  phonemes: string,
  { ids: map, replacements }: Pick<PiperConfig, "ids" | "replacements">,
): PhonemeIds {
  const pad = map.get("_") ?? [];
  const ids = [...(map.get("^") ?? []), ...pad];
  let unknown = 0;
  for (const codePoint of phonemes.normalize("NFD")) {
    for (const phoneme of replacements.get(codePoint) ?? codePoint) {
      const found = map.get(phoneme);
      if (found === undefined) unknown++;
      else ids.push(...found, ...pad);
    }
  }
  ids.push(...(map.get("$") ?? []));
  return { ids, unknown };
}
