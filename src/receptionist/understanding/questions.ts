/** What callers ask about: a property, as its listing tells, or the office. Pure. */
import { phraseOf, type Token } from "./tokens.ts";

/** Of the office. `private`: what no caller is told. Anything else is a fact of a listing, under its key. */
export type Question = string;

export const officeQuestions = ["office-hours", "office-address", "departments"] as const;
export const privateQuestion = "private";

// biome-ignore format: a table
const FACTS: readonly (readonly [Question, RegExp])[] = [
  ["council-tax", /\b(?:council tax|tax band)\b/],
  ["epc", /\b(?:epc|e p c|energy (?:rating|performance|efficiency|certificate|band))\b/],
  ["service-charge", /\bservice charges?\b/],
  ["ground-rent", /\bground rent\b/],
  ["lease", /\b(?:years? (?:are )?(?:left |remaining )?(?:on|of) (?:the|its) lease|(?:long is|length of) the lease)\b/],
  ["tenure", /\b(?:freehold|leasehold|tenure)\b/],
  ["deposit", /\b(?:what|how|much|is|the)\b.*\b(?<!my )deposit\b/],
  ["parking", /\b(?:parking|garage|driveway|off street|somewhere to park|park (?:a|the|my|our|two) cars?|(?:can|could) (?:you|i|we|one) park (?:at|on|outside|by))\b/],
  ["garden", /\b(?:garden|outside space|outdoor space|balcony|terrace (?:out|at))\b/],
  ["pets", /\b(?:pets?|(?:allow|take|keep|have|bring|accept) (?:a |my |our |the )?(?:dogs?|cats?))\b/],
  ["furnished", /\b(?:un)?furnished\b/],
  ["broadband", /\b(?:broadband|wi ?fi|internet|fibre)\b/],
  ["heating", /\b(?:central heating|what (?:sort|kind|type) of heating|how is it heated|how's it heated)\b/],
  ["flood-risk", /\bflood (?:risk|zone|area)\b/],
  ["chain", /\b(?:chain free|no chain|(?:a|any|the|onward) chain)\b/],
  ["floor-area", /\b(?:square (?:feet|foot|metres|meters)|how big|floor area|what size)\b/],
  ["bathrooms", /\bhow many (?:bathrooms?|toilets?|showers?)\b|\ben suite\b/],
  ["available-from", /\bwhen (?:is|would|will|could|does) (?:it|that|the (?:flat|house|property|place)) (?:be |become )?(?:available|free|ready)\b|\bavailable from\b|\bmove in date\b/],
  ["beds", /\bhow many (?:bed|beds|bedrooms?|rooms)\b|\bnumber of bed/],
  ["type", /\bwhat (?:sort|kind|type) of (?:property|house|flat|place|home)\b/],
  ["availability", /\bstill (?:available|for sale|on the market|to let|for rent|going|up for)\b|\b(?:is|are) (?:it|that|this|the [a-z ]{2,30}|they) (?:available|for sale|on the market|to let)$|\b(?:has|have) (?:it|that|the [a-z ]{2,30}) (?:been )?(?:already )?(?:sold|gone|let|taken)\b|\b(?:been|already) (?:sold|taken)\b|\b(?:has|have|is)\b.{2,40}\b(?:gone|sold|taken|let) (?:yet|already)\b/],
];

/** Asked after anything more special, as "how much is the council tax" is no question for the price. */
const PRICE =
  /\bhow much (?:is|are|was|would|does|do|for|they|it's)\b|\b(?:what's|what is|what are|tell me|know) the (?:asking )?(?:price|rent)\b|\basking price\b|\bthe (?:price|rent) (?:of|for|on)\b|\bwhat (?:is|are|do) (?:it|they|you) (?:asking|want)\b|\bwhat (?:does|would) it cost\b|\bhow much$|\b(?:what's|what is) (?:it|that|the|\d+)\b.{0,40} (?:on|up|going) (?:for|at)$|\bwhat (?:the|it|that|this|\d+)\b.{0,40}\b(?:costs?|sells? for|goes for|rents? for|lets for)\b|\bguide price\b|\bhow much rent\b/;

/** Of the owner, of others' offers, of whether anybody is at home. */
const PRIVATE =
  /\b(?:lowest|least|minimum) (?:they|the (?:owner|seller|vendor|landlord)s?|he|she|you|price|offer)\b|\bwhy (?:are|is|were|do|does) (?:they|he|she|the (?:owner|seller|vendor|landlord)s?) (?:selling|moving|leaving|letting)\b|\bwhy is (?:it|the [a-z]+) (?:for sale|on the market|being sold)\b|\b(?:any|other|many|what) (?:other )?offers\b(?: (?:have|has|been|on|in|made|received|were))?|\bhas anyone (?:else )?(?:made an offer|offered)\b|\b(?:is|are|stands?) (?:it|the (?:house|flat|property|place)) (?:empty|vacant|unoccupied)\b|\bdoes (?:anyone|anybody|someone) live there\b|\b(?:are|is) (?:the )?(?:owners?|they|anybody|anyone) (?:away|in|at home|on holiday)\b/;

// biome-ignore format: a table
const OFFICE: readonly (readonly [Question, RegExp])[] = [
  ["office-hours", /\b(?:opening (?:hours|times)|what (?:time|hours|times) (?:do|are|will) you (?:open|close|shut|there)|when (?:do|are|will) you (?:be )?(?:open|close|shut|closing|closed)|(?:are|will) you (?:be )?(?:still )?(?:open|closed|shut|about|around|working)|do you (?:open|close|shut|work)|how late are you|till when are you|office hours|when (?:you|you're|you are|the (?:office|branch|shop)) (?:open|close|shut|closing|closed|opens|closes|shuts)|what (?:time|hours|times) (?:you|you're|you are|the (?:office|branch|shop)|do you|are you)(?: \w+)? (?:opens?|closes?|shuts?|keep|work)|(?:what|which) hours (?:do|are) you|(?:does|is) (?:the|your) (?:office|branch|shop) (?:open|close|shut|closed))\b/],
  ["office-address", /\b(?:where (?:are you|is (?:the|your) (?:office|branch|shop)|(?:your|the) (?:office|branch|shop) is|you are)|(?:your|the) (?:office(?:'s)?|branch(?:'s)?) (?:address|located)|address of (?:the|your) (?:office|branch|shop)|(?:your|what's your) address|where do i (?:find you|come)|how do i (?:find|get to) you(?:r office)?|where's (?:the|your) (?:office|branch|shop)|where (?:the|your) (?:office|branch|shop)(?: is|'s)|where (?:you are|you're)(?: based)?$|where (?:are )?you(?:'re)? based)\b/],
  ["departments", /\b(?:which|what) (?:departments?|teams?) (?:do you|have you|are)\b|\bdo you (?:do|have|handle|deal with|deal in) (?:a )?(?:sales|lettings|rentals|mortgages|property management|block management)\b/],
];

const ASKING =
  /\b(?:what|what's|whats|how|is|are|does|do|has|have|can|could|will|would|when|where|which|any|whether|if|tell me|wonder|wondering|about|got|ask|there's)\b/;
/** Of the caller's own home, or of a wish to sell it: no question about a listing. */
const OWN =
  /\bmy (?:house|home|flat|property|place|deposit|rent|tenancy|landlord|boiler|heating|garden|offer|viewing|appointment)\b|\bworth\b|\bi (?:have|'ve got|want|'d like|need) (?:an? )?(?:offer|valuation)/;

/** "Energy rating on forty Glebe Gardens please": asked without a verb. */
const ELLIPTIC =
  /^(?:the |just the |and the )?(?:price|rent|energy|epc|council tax|tax band|parking|garden|tenure|lease|deposit|service charge|ground rent|floor area)\b.* (?:on|of|for|at|in)\b/;

/** "How much is it, and is it furnished" asks twice; "how much is the council tax" once. */
const asksPrice = (phrase: string): boolean =>
  phrase
    .split(/ (?:\||and) /)
    .some((clause) => PRICE.test(clause) && !FACTS.some(([, pattern]) => pattern.test(clause)));

/** In no order; none twice. */
export function readQuestions(tokens: readonly Token[]): Question[] {
  const phrase = phraseOf(tokens);
  if (!ASKING.test(phrase) && !ELLIPTIC.test(phrase)) return [];
  const office = OFFICE.filter(([, pattern]) => pattern.test(phrase)).map(([key]) => key);
  if (OWN.test(phrase)) return office;
  if (PRIVATE.test(phrase)) return [...office, privateQuestion];
  const facts = FACTS.filter(([, pattern]) => pattern.test(phrase)).map(([key]) => key);
  if (facts.includes("lease") || facts.includes("ground-rent")) {
    return [...office, ...facts.filter((key) => key !== "tenure")];
  }
  if (asksPrice(phrase)) facts.unshift("price");
  return [...office, ...facts];
}

/** Keys of a listing's own facts that the words name in full: "what about the cellar?" */
export function factsNamed(tokens: readonly Token[], keys: readonly string[]): Question[] {
  const phrase = ` ${phraseOf(tokens)} `;
  if (!ASKING.test(phrase) || OWN.test(phrase)) return [];
  return keys.filter((key) => wordsOfKey(key).every((word) => phrase.includes(` ${word} `)));
}

/** "councilTax", "council-tax" and "Council tax" are one. */
export const wordsOfKey = (key: string): string[] =>
  key
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
