/** What callers want of an agency beside viewings: the task that it begins is the flow's business. Pure. */
import type { Department } from "../../agency/types.ts";
import { readFault } from "./faults.ts";
import { phraseOf, type Token } from "./tokens.ts";

export const TOPICS = ["power-cut", "repair", "valuation"] as const;
export type Topic = (typeof TOPICS)[number];

/** The first that fits is what is wanted. */
// biome-ignore format: a table
const PATTERNS: readonly (readonly [Topic, RegExp])[] = [
  ["power-cut", /\bpower cut\b|\b(?:no|lost) (?:power|electric\w*)(?: \w+){0,4} (?:whole|entire) (?:street|road|area|village|estate)\b|\b(?:whole|entire) (?:street|road|area|village|estate)\b(?: \S+){0,6} (?:power|electric\w*)\b/],
  ["valuation", /\b(?:(?:market |rental |free |a |an |my |the |get |book |arrange )*(?:valuations?|appraisals?)|(?:value|appraise|valuing|appraising) (?:my|our|the|a|mum's|dad's)|(?:house|flat|home|property|place|it|bungalow|cottage|apartment|mine|ours) (?:to be )?(?:valued|appraised)|what(?:'s| is| would)? (?:my |our |the |mum's |dad's )*(?:house|flat|home|property|place|bungalow|it|mine)(?:'s| is| might be| would be| could be| be)? worth|how much (?:is |my |our )*(?:house|flat|home|property|place|bungalow) (?:is |would be |might be )?worth|(?:thinking (?:of|about)|looking (?:to|at)|want(?:ing)? to|planning (?:to|on)|hoping to|like to|need to|considering|interested in) (?:sell|selling|let|letting|rent|renting|put|putting)(?: out)? (?:my|our|the house|the flat|mum's|dad's)|(?:put|putting) (?:my|our) (?:\w+ )?(?:house|flat|home|property|place|bungalow|apartment) (?:on the market|up for)|(?:sell|let|rent out|selling|letting) (?:my|our|mum's|dad's|my \w+'s) (?:\w+ )?(?:house|flat|home|property|place|bungalow|apartment))\b/],
];

export function readTopic(tokens: readonly Token[]): Topic | undefined {
  const phrase = phraseOf(tokens);
  const topic = PATTERNS.find(([, pattern]) => pattern.test(phrase))?.[0];
  return topic ?? (isRepair(phrase) ? "repair" : undefined);
}

const REPAIR =
  /\b(?:(?:report|need|got|have|log|about) (?:an? |the |some )?(?:repairs?|fault|maintenance (?:issue|problem|request)|problem (?:in|at|with) (?:my|the|our) (?:flat|house|home|kitchen|bathroom|boiler|heating))|(?:maintenance|repairs?) (?:issue|problem|request|team|department))\b/;
/** In a home that somebody lives in, not one that is on offer, nor this telephone call. */
const IN_HOME = /\b(?:my|our|the|we|we've|i've|i|there's|it's|no)\b/;
const NOT_IN_HOME =
  /\b(?:flood risk|inundated|flooded with (?:calls|enquiries|emails|offers)|(?:the|this|your) (?:line|website|link|phone|call)|broken english|my offer|viewing|interested in|for sale|on the market|council tax|is there (?:a|any)|does it have|how much|my phone|my car|the sale|chain)\b/;

function isRepair(phrase: string): boolean {
  if (REPAIR.test(phrase)) return true;
  return (
    IN_HOME.test(phrase) &&
    !NOT_IN_HOME.test(phrase) &&
    readFault(phrase, false) !== undefined &&
    HOME_THING.test(phrase)
  );
}

const HOME_THING =
  /\b(?:boiler|heating|hot water|radiators?|thermostat|pipes?|taps?|sink|toilet|loo|shower|bath|basin|cistern|drains?|gutters?|roof|ceiling|walls?|floor(?:boards?)?|carpet|windows?|doors?|locks?|gate|fence|electric\w*|power|lights?|sockets?|fuse\w*|oven|cooker|hob|fridge|freezer|washing machine|dishwasher|tumble dryer|extractor|smoke alarm|intercom|lift|water|leak\w*|damp|mould|mold|mouldy|rats?|mice|wasps?|kitchen|bathroom|bedroom|flat|house|burgl\w*|broken into|break in|burst|sewage)\b/;

const SALES = /\b(?:sell|selling|sale|sales|sold|on the market|move house|downsiz\w+|upsiz\w+|probate|buyers?)\b/;
const LETTINGS = /\b(?:let|lets|letting|lettings|to let|rent|rental|renting|landlord|tenants?|buy to let)\b/;

/** For selling or for letting; undefined if neither was said, or both. */
export function readDepartment(tokens: readonly Token[]): Department | undefined {
  const phrase = phraseOf(tokens);
  const [sales, lettings] = [
    SALES.test(phrase),
    LETTINGS.test(phrase.replace(/\blet (?:me|you|us|him|her|them)\b/g, "")),
  ];
  if (sales === lettings) return undefined;
  return sales ? "sales" : "lettings";
}
