/** What callers tell of a home or of their plans without being asked: for the negotiator to read. Pure. */
import { readFeatures } from "./features.ts";
import { tokenise } from "./tokens.ts";

// biome-ignore format: a table
const PATTERNS: readonly (readonly [string, RegExp])[] = [
  ["tenure", /\b(?:freehold|leasehold|share of freehold)\b/i],
  ["timescale", /\b(?:as soon as possible|straight ?away|no (?:rush|hurry)|(?:in|within|by|before|after) (?:the )?(?:next |new |end of |early |late )*(?:(?:few|couple of|two|three|four|six|\d+) (?:days|weeks|months)|weeks?|months?|year|spring|summer|autumn|winter|christmas|easter|january|february|march|april|may|june|july|august|september|october|november|december))\b/i],
  ["reason", /\b(?:(?:because|since|as) (?:we|i|they|she|he|my|our)\b[^.,;?]{3,120}|(?:downsizing|upsizing|relocating|emigrating|retiring|divorc\w+|separating|probate|inherited|passed away|moving (?:abroad|away|to|into|for|nearer|closer)\b[^.,;?]{0,80}|(?:new|another) baby|need (?:more|a bigger|a smaller) [^.,;?]{2,60}))/i],
  ["since", /\b(?:since (?:yesterday|last \w+|this morning|\w+day|about \w+|\d\w*(?: \w+)?|christmas|the weekend)|for (?:the (?:past|last) )?(?:about |over )?(?:a|an|two|three|four|five|six|a few|a couple of|\d+) (?:hours?|days?|weeks?|months?|nights?)|(?:since )?(?:last night|this morning|yesterday(?: \w+ing)?|overnight))\b/i],
  ["other-agent", /\b(?:(?:(?:already )?(?:on|listed|up|for sale) with|(?:using|with|had|seeing|asked|spoken to|instructed) )(?:another|a different|two other|some other|other|one other) (?:agents?|agenc(?:y|ies))|second opinion)\b/i],
  ["owners", /\b(?:jointly owned|(?:my|the) (?:wife|husband|partner|brother|sister|ex)(?: and (?:i|me))? (?:own|owns|co-owns)|we own it|joint owners?|sole owner)\b/i],
  ["access", /\b(?:(?:the )?tenants? (?:is|are|will be|still)[^.,;?]{2,60}|ring before[^.,;?]{0,60}|(?:key|keys) (?:is|are) with[^.,;?]{2,60}|parking (?:is )?(?:on|round|behind|at)[^.,;?]{2,60})/i],
];

/** By name: beds, type, tenure, timescale, reason, other-agent, owners, access; those not told are left out. */
export function readDetails(text: string): Record<string, string> {
  const details: Record<string, string> = {};
  const { beds, types } = readFeatures(tokenise(text));
  if (beds !== undefined) details.beds = String(beds);
  const [type] = types;
  if (type !== undefined) details.type = type;
  for (const [name, pattern] of PATTERNS) {
    const said = pattern.exec(text)?.[0].trim();
    if (said !== undefined) details[name] = said;
  }
  return details;
}
