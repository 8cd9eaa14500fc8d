/** Which characters are heard for which on the telephone, as natural-log costs. Pure. */

/** Spoken names that differ in a consonant which the telephone's band cuts off, or in a vowel. The first sets are the closest. */
const SETS: readonly (readonly [characters: string, cost: number])[] = [
  ["BDEPV", 2.6],
  ["CEGTZ3", 3],
  ["BCDEGPTV3", 3.2],
  ["MN", 2.2],
  ["FSX", 2.5],
  ["AHJK8", 3],
  ["A8", 2.3],
  ["JK", 2.6],
  ["IY", 2.8],
  ["I59Y", 3.2],
  ["59", 2.6],
  ["O0", 0.2],
  ["QU2W", 3.2],
  ["QU", 2.6],
  ["LMN", 3.4],
  ["LO0", 3.8],
  ["IR", 3.4],
  ["1N", 3.8],
  ["4FO", 3.8],
  ["67SX", 3.8],
  ["GJ", 3],
];
const otherwise = 6;

const COSTS = new Map<string, number>();
for (const [characters, cost] of SETS) {
  for (const one of characters) {
    for (const other of characters) {
      if (one !== other) COSTS.set(one + other, Math.min(cost, COSTS.get(one + other) ?? otherwise));
    }
  }
}

/** 0 for the same character. */
export const confusionCost = (heard: string, said: string): number =>
  heard === said ? 0 : (COSTS.get(heard + said) ?? otherwise);
