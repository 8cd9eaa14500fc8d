/** What callers want of an agency beside viewings: the task that it begins is the flow's business. Pure. */
import type { Department } from "../../agency/types.ts";
import { phraseOf, type Token } from "./tokens.ts";

export const TOPICS = ["valuation"] as const;
export type Topic = (typeof TOPICS)[number];

/** The first that fits is what is wanted. */
// biome-ignore format: a table
const PATTERNS: readonly (readonly [Topic, RegExp])[] = [
  ["valuation", /\b(?:(?:market |rental |free |a |an |my |the |get |book |arrange )*(?:valuations?|appraisals?)|(?:value|appraise|valuing|appraising) (?:my|our|the|a|mum's|dad's)|(?:house|flat|home|property|place|it|bungalow|cottage|apartment|mine|ours) (?:to be )?(?:valued|appraised)|what(?:'s| is| would)? (?:my |our |the |mum's |dad's )*(?:house|flat|home|property|place|bungalow|it|mine)(?:'s| is| might be| would be| could be| be)? worth|how much (?:is |my |our )*(?:house|flat|home|property|place|bungalow) (?:is |would be |might be )?worth|(?:thinking (?:of|about)|looking (?:to|at)|want(?:ing)? to|planning (?:to|on)|hoping to|like to|need to|considering|interested in) (?:sell|selling|let|letting|rent|renting|put|putting)(?: out)? (?:my|our|the house|the flat|mum's|dad's)|(?:put|putting) (?:my|our) (?:\w+ )?(?:house|flat|home|property|place|bungalow|apartment) (?:on the market|up for)|(?:sell|let|rent out|selling|letting) (?:my|our|mum's|dad's|my \w+'s) (?:\w+ )?(?:house|flat|home|property|place|bungalow|apartment))\b/],
];

export function readTopic(tokens: readonly Token[]): Topic | undefined {
  const phrase = phraseOf(tokens);
  return PATTERNS.find(([, pattern]) => pattern.test(phrase))?.[0];
}

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
