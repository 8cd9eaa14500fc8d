/** Letters by name, spelled as words that every voice says alike ("A" alone would be read as the article). */

const names: Record<string, string> = {
  a: "eigh",
  b: "bee",
  c: "see",
  d: "dee",
  e: "ee",
  f: "ef",
  g: "jee",
  h: "aitch",
  i: "eye",
  j: "jay",
  k: "kay",
  l: "ell",
  m: "em",
  n: "en",
  o: "oh",
  p: "pee",
  q: "queue",
  r: "ar",
  s: "ess",
  t: "tee",
  u: "you",
  v: "vee",
  w: "double you",
  x: "ex",
  y: "why",
  z: "zed",
};

/** "wb" → "double you bee". Anything but a–z is left out. */
export function spelledOut(letters: string): string {
  return [...letters.toLowerCase()].flatMap((letter) => names[letter] ?? []).join(" ");
}
