/** How alike two words sound, for names of streets badly heard. Pure. */

// biome-ignore format: a table
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^kn/g, "n"], [/^wr/g, "r"], [/^wh/g, "w"], [/ph/g, "f"], [/ght/g, "t"], [/gh/g, "g"], [/ck/g, "k"], [/sch/g, "sk"],
  [/tch/g, "C"], [/ch/g, "C"], [/sh/g, "S"], [/th/g, "T"], [/dge/g, "j"], [/c(?=[eiy])/g, "s"], [/c/g, "k"],
  [/qu/g, "kw"], [/q/g, "k"], [/x/g, "ks"], [/z/g, "s"], [/(.)\1+/g, "$1"], [/[aeiouy]+$/g, "a"],
];

/** Letters as sounds, roughly; one character a sound. */
export function soundOf(word: string): string {
  let sound = word.toLowerCase().replace(/[^a-z]/g, "");
  for (const [from, to] of SPELLINGS) sound = sound.replace(from, to);
  return sound;
}

const VOWELS = "aeiouy";
/** Consonants that a telephone band confuses. */
const CLOSE = ["pb", "td", "kg", "sS", "fv", "fT", "mn", "jC", "lr", "wv", "sT", "bv", "bd", "hk"];

/** Cost of hearing one sound for another, by character codes below 128: worked out once. */
const COSTS = new Float32Array(128 * 128).fill(1);
const REMOVALS = new Float32Array(128).fill(0.9);
for (const vowel of VOWELS) {
  REMOVALS[vowel.charCodeAt(0)] = 0.6;
  for (const other of VOWELS) COSTS[vowel.charCodeAt(0) * 128 + other.charCodeAt(0)] = 0.4;
}
for (const pair of CLOSE) {
  const [a, b] = [pair.charCodeAt(0), pair.charCodeAt(1)];
  COSTS[a * 128 + b] = COSTS[b * 128 + a] = 0.5;
}
for (let code = 0; code < 128; code++) COSTS[code * 128 + code] = 0;

/** 0 (nothing in common) … 1 (same sound). @param left, right Results of `soundOf`: letters only. */
export function soundsAlike(left: string, right: string): number {
  const longest = Math.max(left.length, right.length);
  if (longest === 0) return 0;
  const row = new Float64Array(right.length + 1);
  for (let j = 0; j < right.length; j++) row[j + 1] = (row[j] ?? 0) + (REMOVALS[right.charCodeAt(j)] ?? 1);
  for (let i = 0; i < left.length; i++) {
    const one = left.charCodeAt(i);
    const removed = REMOVALS[one] ?? 1;
    let diagonal = row[0] ?? 0;
    row[0] = diagonal + removed;
    for (let j = 0; j < right.length; j++) {
      const other = right.charCodeAt(j);
      const above = row[j + 1] ?? 0;
      const swapped = diagonal + (COSTS[one * 128 + other] ?? 1);
      row[j + 1] = Math.min(swapped, above + removed, (row[j] ?? 0) + (REMOVALS[other] ?? 1));
      diagonal = above;
    }
  }
  return Math.max(0, 1 - (row[right.length] ?? longest) / longest);
}
