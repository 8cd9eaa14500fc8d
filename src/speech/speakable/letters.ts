/** Letters by name, each in a spelling of its own ("A" alone would be read as the article). Their sounds: pronounce.ts. */

/** What says it in any voice, and its sound in espeak-ng's phonemes. */
export const letterNames: Readonly<Record<string, { words: string; phonemes: string }>> = {
  a: { words: "eigh", phonemes: "'eI" },
  b: { words: "bee", phonemes: "b'i:" },
  c: { words: "cee", phonemes: "s'i:" },
  d: { words: "dee", phonemes: "d'i:" },
  e: { words: "ee", phonemes: "'i:" },
  f: { words: "ef", phonemes: "'Ef" },
  g: { words: "jee", phonemes: "dZ'i:" },
  h: { words: "aitch", phonemes: "'eItS" },
  i: { words: "eye", phonemes: "'aI" },
  j: { words: "jay", phonemes: "dZ'eI" },
  k: { words: "kay", phonemes: "k'eI" },
  l: { words: "ell", phonemes: "'El" },
  m: { words: "em", phonemes: "'Em" },
  n: { words: "en", phonemes: "'En" },
  o: { words: "oh", phonemes: "'oU" },
  p: { words: "pee", phonemes: "p'i:" },
  q: { words: "queue", phonemes: "kj'u:" },
  r: { words: "ar", phonemes: "'A@" },
  s: { words: "ess", phonemes: "'Es" },
  t: { words: "tee", phonemes: "t'i:" },
  u: { words: "yoo", phonemes: "j'u:" },
  v: { words: "vee", phonemes: "v'i:" },
  w: { words: "double yoo", phonemes: "d'Vb@Lj,u:" },
  x: { words: "ex", phonemes: "'Eks" },
  y: { words: "wye", phonemes: "w'aI" },
  z: { words: "zed", phonemes: "z'Ed" },
};

/** "wb" → "double yoo bee". Anything but a–z is left out. */
export function spelledOut(letters: string): string {
  return [...letters.toLowerCase()].flatMap((letter) => letterNames[letter]?.words ?? []).join(" ");
}
