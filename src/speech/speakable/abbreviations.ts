const titles: Record<string, string> = {
  Mr: "Mister",
  Mrs: "Missis",
  Ms: "Miz",
  Dr: "Doctor",
  Prof: "Professor",
  Revd: "Reverend",
};
const streets: Record<string, string> = {
  Rd: "Road",
  Ave: "Avenue",
  Ln: "Lane",
  Gdns: "Gardens",
  Cres: "Crescent",
  Ct: "Court",
  Pl: "Place",
  Sq: "Square",
  Terr: "Terrace",
};
const others: [pattern: RegExp, said: string][] = [
  [/\bNo\.? ?(?=\d)/g, "number "],
  [/\be\.g\.(?!\w)/gi, "for example"],
  [/\bi\.e\.(?!\w)/gi, "that is"],
  [/\betc\b\.?/gi, "et cetera"],
  [/\bapprox\b\.?/gi, "approximately"],
  [/\bsq\.? ?ft\b\.?/gi, "square feet"],
  [/\bsq\.? ?m\b\.?/gi, "square metres"],
  [/\bm²/g, " square metres"],
  [/\bT&Cs?\b/g, "terms and conditions"],
  [/ ?& ?/g, " and "],
];

/** Titles, streets and the like in full, so that no full stop of an abbreviation is left to be taken for an end. */
export function sayAbbreviations(text: string): string {
  let said = text
    .replace(/\b(Mr|Mrs|Ms|Dr|Prof|Revd)\b\.?(?= ?[A-Z])/g, (_, title: string) => titles[title] ?? title)
    .replace(
      /(?<=[A-Z][\w'’]* )(Rd|Ave|Ln|Gdns|Cres|Ct|Pl|Sq|Terr)\b(\.(?! [A-Z]|$))?/g,
      (_, street: string) => streets[street] ?? street,
    )
    .replace(/(\S+ )?\bSt\b(\.)?(?=( [A-Z])?)/g, sayStOf);
  for (const [pattern, words] of others) said = said.replace(pattern, words);
  return said;
}

/** "St" before a name is a saint, unless a name stands before it too: then it is that street's. A full stop that ends the sentence stays. */
function sayStOf(
  found: string,
  before: string | undefined,
  stop: string | undefined,
  name: string | undefined,
): string {
  const ofStreet =
    before !== undefined && /^(?!(?:At|By|For|From|In|Is|Near|On|Opposite|To) )[A-Z][\w'-]* $/.test(before);
  if (ofStreet) return `${before}Street${name === undefined ? "" : (stop ?? "")}`;
  return name === undefined ? found : `${before ?? ""}Saint`;
}
