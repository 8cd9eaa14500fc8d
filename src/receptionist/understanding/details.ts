/** What callers tell of a home or of their plans without being asked: for the negotiator to read. Pure. */
import { readFeatures } from "./features.ts";
import { tokenise } from "./tokens.ts";

// biome-ignore format: a table
const PATTERNS: readonly (readonly [string, RegExp])[] = [
  ["tenure", /\b(?:freehold|leasehold|share of freehold)\b/i],
  ["timescale", /\b(?:as soon as possible|straight ?away|no (?:rush|hurry)|(?:in|within|by|before|after) (?:the )?(?:next |new |end of |early |late )*(?:(?:few|couple of|two|three|four|six|\d+) (?:days|weeks|months)|weeks?|months?|year|spring|summer|autumn|winter|christmas|easter|january|february|march|april|may|june|july|august|september|october|november|december))\b/i],
  ["reason", /\b(?:(?:because|since|as) (?:we|i|they|she|he|my|our)\b[^.,;?]{3,120}|(?:downsizing|upsizing|relocating|emigrating|retiring|divorc\w+|separating|probate|inherited|passed away|moving (?:abroad|away|to|into|for|nearer|closer)\b[^.,;?]{0,80}|(?:new|another) baby|need (?:more|a bigger|a smaller) [^.,;?]{2,60}))/i],
  ["funding", /\b(?:cash(?: buyers?)?|(?:a |with a )?mortgage(?: (?:agreed|in principle|offer))?|(?:an )?agreement in principle|decision in principle|help to buy)\b/i],
  ["conditions", /\b(?:subject to|provided|as long as|on condition|if they(?:'ll| will)?|including the|conditional on)\b[^.;?]{3,120}/i],
  ["pets", /\b(?:(?:a|one|two|three|my|our|small|large) (?:\w+ )?(?:dogs?|cats?|rabbits?|pets?)|no pets)\b/i],
  ["areas", /\b(?:in|around|near) (?=\p{Lu})(?:\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?)(?:(?:,| or| and) \p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?)*/u],
  ["since", /\b(?:since (?:yesterday|last \w+|this morning|\w+day|about \w+|\d\w*(?: \w+)?|christmas|the weekend)|for (?:the (?:past|last) )?(?:about |over )?(?:a|an|two|three|four|five|six|a few|a couple of|\d+) (?:hours?|days?|weeks?|months?|nights?)|(?:since )?(?:last night|this morning|yesterday(?: \w+ing)?|overnight))\b/i],
  ["other-agent", /\b(?:(?:(?:already )?(?:on|listed|up|for sale) with|(?:using|with|had|seeing|asked|spoken to|instructed) )(?:another|a different|two other|some other|other|one other) (?:agents?|agenc(?:y|ies))|second opinion)\b/i],
  ["owners", /\b(?:jointly owned|(?:my|the) (?:wife|husband|partner|brother|sister|ex)(?: and (?:i|me))? (?:own|owns|co-owns)|we own it|joint owners?|sole owner)\b/i],
  ["access", /\b(?:(?:the )?tenants? (?:is|are|will be|still)[^.,;?]{2,60}|ring before[^.,;?]{0,60}|(?:key|keys) (?:is|are) with[^.,;?]{2,60}|parking (?:is )?(?:on|round|behind|at)[^.,;?]{2,60})/i],
];

/** "in Hexham or Corbridge" → "Hexham, Corbridge". */
const placesIn = (said: string): string =>
  said
    .replace(/^\w+ /, "")
    .split(/,| or | and /)
    .map((place) => place.trim())
    .filter((place) => place !== "" && !NO_PLACE.test(place))
    .join(", ");
const NO_PLACE =
  /^(?:January|February|March|April|May|June|July|August|September|October|November|December|Spring|Summer|Autumn|Winter)$/i;

/** By name: beds, type, tenure, timescale, reason, other-agent, owners, access; those not told are left out. */
export function readDetails(text: string): Record<string, string> {
  const details: Record<string, string> = {};
  const { beds, types } = readFeatures(tokenise(text));
  if (beds !== undefined) details.beds = String(beds);
  const [type] = types;
  if (type !== undefined) details.type = type;
  for (const [name, pattern] of PATTERNS) {
    const said = pattern.exec(text)?.[0].trim();
    if (said !== undefined) details[name] = name === "areas" ? placesIn(said) : said;
  }
  return details;
}
