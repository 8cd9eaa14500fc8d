/** Titles, the trade's abbreviations and those of everyday writing, in full. */

const titles: Record<string, string> = {
  Mr: "Mister",
  Mrs: "Missis",
  Ms: "Miz",
  Mx: "Mix",
  Prof: "Professor",
  Revd: "Reverend",
  Rev: "Reverend",
  Cllr: "Councillor",
  Sgt: "Sergeant",
  Capt: "Captain",
  Col: "Colonel",
  Hon: "Honourable",
};

/** In capitals as the trade writes them. */
const trade: Record<string, string> = {
  SSTC: "sold subject to contract",
  STC: "subject to contract",
  POA: "price on application",
  OIRO: "offers in the region of",
  OIEO: "offers in excess of",
  OO: "offers over",
  GCH: "gas central heating",
  RICS: "ricks",
  ASAP: "as soon as possible",
  TBC: "to be confirmed",
  TBA: "to be announced",
  WWII: "World War Two",
  WWI: "World War One",
};

const others: [pattern: RegExp, said: string][] = [
  [/\bNos?\.? ?(?=\d)/g, "number "],
  [/#\s?(?=\d)/g, "number "],
  [/\be\.g\.(?!\w)/gi, "for example"],
  [/\bi\.e\.(?!\w)/gi, "that is"],
  [/\betc\b\.?(?= [a-z]|,)/g, "et cetera"],
  [/\betc\b/g, "et cetera"],
  [/\bapprox\b\.?/gi, "approximately"],
  [/\bincl?\.(?= ?[\w£])|\bincl\b/g, "including"],
  [/\bexcl?\.(?= ?[\w£])|\bexcl\b/g, "excluding"],
  [/\bvs\b\.?/g, "versus"],
  [/\bc\/o\b/gi, "care of"],
  [/\bn\/a\b/gi, "not applicable"],
  [/\bw\/c\b/gi, "week commencing"],
  [/\bw\/e\b/gi, "week ending"],
  [/\band\/or\b/gi, "and or"],
  [/\btbc\b/g, "to be confirmed"],
  [/\basap\b/g, "as soon as possible"],
  [/\bstc\b/g, "subject to contract"],
  [/\bLtd\b\.?/g, "Limited"],
  [/\bBros\b\.?/g, "Brothers"],
  [/\bJnr\b\.?/g, "Junior"],
  [/\bSnr\b\.?/g, "Senior"],
  [/\bEsq\b\.?/g, "Esquire"],
  [/\b[Dd]ept\b\.?/g, "department"],
  [/\b[Rr]ef[.:] ?|\b[Rr]ef (?=[A-Z\d])/g, "reference "],
  [/\b[Rr]ecep\b\.?(?!tion)/g, "reception"],
  [/\b[Dd]bl\b\.?/g, "double"],
  [/\bT&Cs?\b/g, "terms and conditions"],
  [/\b([A-Z]) ?& ?([A-Z])\b/g, "$1 and $2"],
  [/ ?& ?/g, " and "],
];

/** In full, so that no full stop of an abbreviation is left to be taken for an end. */
export function sayAbbreviations(text: string): string {
  let said = text
    .replace(
      new RegExp(`\\b(${Object.keys(titles).join("|")})\\b\\.?(?= ?[A-Z])`, "g"),
      (_, title: string) => titles[title] ?? title,
    )
    .replace(new RegExp(`\\b(${Object.keys(trade).join("|")})\\b`, "g"), (_, short: string) => trade[short] ?? short);
  for (const [pattern, words] of others) said = said.replace(pattern, words);
  return said;
}
