/** British postcodes said aloud: the likeliest that what was written down may have been. Pure. */
import type { ItemReader, Reading } from "./item.ts";
import { areas, inwardLetters, lettered } from "./postcode-areas.ts";
import { costAs, type DistanceCosts, spokenDistance } from "./spoken-distance.ts";
import { readSymbols, type SpokenSymbol } from "./symbols.ts";

/** A word that belongs to no character of the postcode: a filler that we do not know, a false start. */
const skipCost = 2.6;
/** A character of a known postcode that nothing was heard of. */
const missingCost = 3;
/** A whole postcode is rarely longer; what is, is a sentence. */
const mostSymbols = 16;
const beamWidth = 48;
const mostReadings = 8;
/** Natural-log units that "something else was said" takes. */
const unheardCost = 2.2;
/** A likeness falls to 1/e over this cost. */
const likenessCost = 6;
/** From this cost on a known postcode is not what was said: it need not be compared to its end. */
const hopeless = 14;
/** What is there only if the form asks for it is passed over for nothing. */
const costs: DistanceCosts = {
  skip: (symbol) => (symbol.skipCost === undefined ? skipCost : 0),
  missing: missingCost,
  most: hopeless,
};

export const postcode: ItemReader = {
  read(text) {
    const best = new Map<string, number>();
    for (const part of restated(text)) {
      const symbols = readSymbols(part).slice(0, mostSymbols);
      if (symbols.length < 5) continue;
      for (const pattern of patterns) {
        for (const { said, cost } of align(symbols, pattern)) {
          best.set(said, Math.min(cost, best.get(said) ?? Number.POSITIVE_INFINITY));
        }
      }
    }
    return best.size === 0 ? [] : readings(best);
  },
  likeness(text) {
    const ways = restated(text).map((part) => readSymbols(part).slice(0, mostSymbols));
    return (known) => {
      const said = known.replace(/\s/g, "");
      return Math.exp(
        -Math.min(hopeless, ...ways.map((symbols) => spokenDistance(symbols, said, costs))) / likenessCost,
      );
    };
  },
  canonical: canonicalPostcode,
};

/** "l eighteen nine s y, so that's lima one eight nine sierra yankee": said twice; "double u" is W, or U twice. */
function restated(text: string): string[] {
  const parts = text.slice(0, 400).split(/\bso that'?s\b|\bi repeat\b|\bi'?ll repeat\b/i, 3);
  return parts.flatMap((part) => {
    const twice = part.replace(/^(.*)\bdouble[ -]?(?:u|you)\b/is, "$1 u u ");
    return twice === part ? [part] : [part, twice];
  });
}

/** "w20ab" → "W2 0AB": the last three characters are the inward code. */
export function canonicalPostcode(value: string): string {
  const bare = value.toUpperCase().replace(/[^A-Z0-9]/g, "");
  return bare.length < 5 ? bare : `${bare.slice(0, -3)} ${bare.slice(-3)}`;
}

type Pattern = {
  readonly areaLength: 1 | 2;
  readonly classes: readonly ("letter" | "digit" | "inward" | "lettered")[];
};

const inward = ["digit", "inward", "inward"] as const;
const patterns: readonly Pattern[] = ([1, 2] as const).flatMap((areaLength) => {
  const area = Array.from({ length: areaLength }, () => "letter" as const);
  return [["digit"], ["digit", "digit"], ["digit", "lettered"]].map((district) => ({
    areaLength,
    classes: [...area, ...(district as ("digit" | "lettered")[]), ...inward],
  }));
});

type Path = { said: string; cost: number };

/** The cheapest ways in which `symbols` may have been a postcode of that form. */
function align(symbols: readonly SpokenSymbol[], { areaLength, classes }: Pattern): Path[] {
  if (symbols.length < classes.length) return [];
  // paths[i]: what the first symbols may have been, with i characters of the postcode said.
  let paths: Path[][] = Array.from({ length: classes.length + 1 }, () => []);
  paths[0] = [{ said: "", cost: 0 }];
  for (const symbol of symbols) {
    const skip = symbol.skipCost ?? skipCost;
    const next: Path[][] = paths.map((here) => here.map(({ said, cost }) => ({ said, cost: cost + skip })));
    for (const [at, here] of paths.entries()) {
      const kind = classes[at];
      if (kind === undefined) continue;
      for (const { said, cost } of here) {
        for (const [character, extra] of heardAs(symbol, kind)) {
          const longer = said + character;
          if (isPossible(longer, at, areaLength, kind)) next[at + 1]?.push({ said: longer, cost: cost + extra });
        }
      }
    }
    paths = next.map(cheapest);
  }
  return paths.at(-1) ?? [];
}

function cheapest(paths: Path[]): Path[] {
  const by = new Map<string, number>();
  for (const { said, cost } of paths) by.set(said, Math.min(cost, by.get(said) ?? Number.POSITIVE_INFINITY));
  return [...by]
    .map(([said, cost]) => ({ said, cost }))
    .sort((a, b) => a.cost - b.cost)
    .slice(0, beamWidth);
}

const digits = [..."0123456789"];
const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const alphabets = {
  letter: letters,
  digit: digits,
  inward: [...inwardLetters],
  lettered: [..."ABCDEFGHJKMNPRSTUVWXY"],
};

/** Characters that a symbol may have been, with their costs; what is hardly likely is left out. */
function heardAs(symbol: SpokenSymbol, kind: Pattern["classes"][number]): [string, number][] {
  const found: [string, number][] = [];
  for (const character of alphabets[kind]) {
    const cost = costAs(symbol, character);
    if (cost < mostConfusion) found.push([character, cost]);
  }
  return found;
}
const mostConfusion = 4;

/** Areas are a closed list; a letter behind the district's digit stands in a few parts of London only. */
function isPossible(said: string, at: number, areaLength: number, kind: Pattern["classes"][number]): boolean {
  if (at === areaLength - 1) return areas.has(said);
  if (at === 0) return areaStarts.has(said);
  return kind !== "lettered" || lettered.test(said);
}
const areaStarts = new Set([...areas].map((area) => area[0]));

/** Shares of what the costs say, with room for what was not heard at all. */
function readings(costs: ReadonlyMap<string, number>): Reading[] {
  const weighed = [...costs].map(([said, cost]) => ({ said, weight: Math.exp(-cost) }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0) + Math.exp(-unheardCost) / 4;
  return weighed
    .sort((a, b) => b.weight - a.weight)
    .slice(0, mostReadings)
    .map(({ said, weight }) => ({ value: canonicalPostcode(said), certainty: weight / total }));
}
