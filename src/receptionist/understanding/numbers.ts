/** Spoken and written numbers: cardinals to 999 and ordinals to 31. */

import type { Token } from "./tokens.ts";
import { wordTable } from "./word-table.ts";

// biome-ignore format: a table
export const UNITS = wordTable<number>({
  zero: 0, nought: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9,
});
// biome-ignore format: a table
export const TEENS = wordTable<number>({
  ten: 10, eleven: 11, twelve: 12, thirteen: 13, fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19,
});
// biome-ignore format: a table
export const TENS = wordTable<number>({
  twenty: 20, thirty: 30, forty: 40, fourty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90,
});
// biome-ignore format: a table
const ORDINALS = wordTable<number>({
  first: 1, second: 2, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10,
  eleventh: 11, twelfth: 12, thirteenth: 13, fourteenth: 14, fifteenth: 15, sixteenth: 16, seventeenth: 17,
  eighteenth: 18, nineteenth: 19, twentieth: 20, thirtieth: 30,
});

export type NumberAt = { value: number; to: number };

/** A cardinal that starts at `index`: "22", "twenty two", "a hundred and five". `to` is the index after it. */
export function readCardinal(tokens: readonly Token[], index: number): NumberAt | undefined {
  const word = tokens[index]?.word;
  if (word === undefined) return undefined;
  if (/^\d{1,4}$/.test(word)) return { value: Number(word), to: index + 1 };
  const base = belowHundred(tokens, index) ?? (word === "a" ? { value: 1, to: index + 1 } : undefined);
  if (base === undefined) return undefined;
  if (tokens[base.to]?.word !== "hundred") return word === "a" ? undefined : base;
  const andAt = tokens[base.to + 1]?.word === "and" ? base.to + 2 : base.to + 1;
  const rest = belowHundred(tokens, andAt);
  const hundreds = base.value * 100;
  return rest === undefined ? { value: hundreds, to: base.to + 1 } : { value: hundreds + rest.value, to: rest.to };
}

/** "five", "fifteen", "twenty", "twenty five"; words only. */
export function belowHundred(tokens: readonly Token[], index: number): NumberAt | undefined {
  const word = tokens[index]?.word ?? "";
  const small = UNITS[word] ?? TEENS[word];
  if (small !== undefined) return { value: small, to: index + 1 };
  const tens = TENS[word];
  if (tens === undefined) return undefined;
  const next = tokens[index + 1];
  const unit = next === undefined || next.breakBefore ? undefined : UNITS[next.word];
  return unit === undefined || unit === 0 ? { value: tens, to: index + 1 } : { value: tens + unit, to: index + 2 };
}

/** An ordinal 1…31 that starts at `index`: "5th", "fifth", "twenty first", "twenty 1st". */
export function readOrdinal(tokens: readonly Token[], index: number): NumberAt | undefined {
  const word = tokens[index]?.word ?? "";
  const digits = /^(\d{1,2})(?:st|nd|rd|th)$/.exec(word)?.[1];
  const simple = digits === undefined ? ORDINALS[word] : Number(digits);
  if (simple !== undefined) return simple >= 1 && simple <= 31 ? { value: simple, to: index + 1 } : undefined;
  const tens = TENS[word];
  if (tens === undefined) return undefined;
  const unit = readOrdinal(tokens, index + 1);
  if (unit === undefined || unit.value > 9 || tens + unit.value > 31) return undefined;
  return { value: tens + unit.value, to: unit.to };
}
