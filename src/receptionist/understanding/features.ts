/** "the two bed flat", "the cottage": what a listing is like, to choose among several. */

import { belowHundred } from "./numbers.ts";
import type { Place } from "./register.ts";
import type { Token } from "./tokens.ts";
import { wordTable } from "./word-table.ts";

export type Features = { beds: number | undefined; types: string[] };

// biome-ignore format: a table
const TYPES = wordTable<string>({
  flat: "flat", apartment: "flat", maisonette: "maisonette", studio: "studio", semi: "semi", detached: "detached", terrace: "terrace", terraced: "terrace",
  bungalow: "bungalow", cottage: "cottage", townhouse: "townhouse", barn: "barn", penthouse: "penthouse",
});

export function readFeatures(tokens: readonly Token[]): Features {
  let beds: number | undefined;
  const types: string[] = [];
  tokens.forEach((token, at) => {
    if (/^bed(?:s|room|rooms|roomed)?$/.test(token.word)) beds = numberBefore(tokens, at) ?? beds;
    const type = TYPES[token.word];
    const streetToo = token.word === "terrace" && (tokens[at - 1]?.breakBefore === false || at === 0);
    // "flat 2" is an address, "semi-detached" one type.
    const isAddress =
      /^(?:flat|apartment|studio)$/.test(token.word) &&
      /\d|^(?:one|two|three|four|five|six|seven|eight|nine)$/.test(tokens[at + 1]?.word ?? "");
    if (type !== undefined && !streetToo && !isAddress && !(type === "detached" && tokens[at - 1]?.word === "semi"))
      types.push(type);
  });
  return { beds, types };
}

function numberBefore(tokens: readonly Token[], at: number): number | undefined {
  const word = tokens[at - 1]?.word ?? "";
  if (/^\d$/.test(word)) return Number(word);
  return belowHundred(tokens, at - 1)?.value;
}

/** Those of `places` that have the features; all of them if none has. */
export function withFeatures(places: readonly Place[], { beds, types }: Features): readonly Place[] {
  if (beds === undefined && types.length === 0) return places;
  const fitting = places.filter(({ property }) => {
    const listed = property.type.toLowerCase().replace("apartment", "flat");
    return (beds === undefined || property.beds === beds) && types.every((type) => listed.includes(type));
  });
  return fitting.length > 0 ? fitting : places;
}
