/** How far what was heard, letter by letter, is from what may have been said. Pure. */
import { confusionCost } from "./confusions.ts";
import type { SpokenSymbol } from "./symbols.ts";

/** What it takes that `character` was said where `symbol` was heard. */
export const costAs = ({ choices, isFirm }: SpokenSymbol, character: string): number =>
  Math.min(...choices.map((choice) => choice.cost + (isFirm ? 2 : 1) * confusionCost(choice.character, character)));

export type DistanceCosts = {
  /** A symbol that belongs to no character. */
  skip(symbol: SpokenSymbol): number;
  /** A character that nothing was heard of. */
  missing: number;
  /** From here on the rest is not looked at: that far apart is far enough. */
  most?: number;
};

/**
 * The cheapest way in which `said`, upper case, was heard as `symbols` (Levenshtein's distance with weights).
 *
 * @returns natural-log units, 0 for the very characters.
 */
export function spokenDistance(
  symbols: readonly SpokenSymbol[],
  said: string,
  { skip, missing, most = Number.POSITIVE_INFINITY }: DistanceCosts,
): number {
  let row = Array.from({ length: said.length + 1 }, (_, at) => at * missing);
  for (const symbol of symbols) {
    const skipped = skip(symbol);
    const next = [(row[0] ?? 0) + skipped];
    for (let at = 0; at < said.length; at++) {
      const match = costAs(symbol, said[at] ?? "");
      next.push(Math.min((row[at] ?? 0) + match, (row[at + 1] ?? 0) + skipped, (next[at] ?? 0) + missing));
    }
    row = next;
    if (Math.min(...row) > most) return most;
  }
  return row.at(-1) ?? 0;
}
