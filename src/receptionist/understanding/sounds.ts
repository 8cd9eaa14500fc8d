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

function substitution(a: string, b: string): number {
  if (a === b) return 0;
  if (VOWELS.includes(a) && VOWELS.includes(b)) return 0.4;
  return CLOSE.some((pair) => pair.includes(a) && pair.includes(b)) ? 0.5 : 1;
}

const removal = (sound: string): number => (VOWELS.includes(sound) ? 0.6 : 0.9);

/** 0 (nothing in common) … 1 (same sound). @param left, right Results of `soundOf`. */
export function soundsAlike(left: string, right: string): number {
  const longest = Math.max(left.length, right.length);
  if (longest === 0) return 0;
  let row = [0];
  for (const sound of right) row.push((row.at(-1) ?? 0) + removal(sound));
  for (const one of left) {
    const next = [(row[0] ?? 0) + removal(one)];
    for (let j = 0; j < right.length; j++) {
      const other = right[j] ?? "";
      const swapped = (row[j] ?? 0) + substitution(one, other);
      next.push(Math.min(swapped, (row[j + 1] ?? 0) + removal(one), (next[j] ?? 0) + removal(other)));
    }
    row = next;
  }
  return Math.max(0, 1 - (row.at(-1) ?? longest) / longest);
}
