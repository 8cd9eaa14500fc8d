/**
 * Dangers that cannot wait, heard in any state. Rules over the words of a sentence; what is only talked about ("is
 * there a fireplace", "gas central heating", "flooded with enquiries") is taken out first. Pure.
 */
import type { Heard } from "../contract.ts";
import { type Danger, HARMLESS, PAST, SIGNS } from "./emergency-words.ts";

/** A worse reading than this many nats below the best is not listened to. */
const NBEST_RANGE_NATS = 2.3;

/**
 * The danger that a caller speaks of, in the best reading or one nearly as likely: one call too many taken for an
 * emergency costs a minute, one too few a life. `unwell`: somebody is also hurt.
 */
export function readEmergency(heard: Heard): { danger: Danger; unwell: boolean } | undefined {
  const best = heard.nbest[0]?.[1] ?? null;
  const near = heard.nbest.filter(([, p]) => p === null || best === null || best - p <= NBEST_RANGE_NATS);
  for (const text of [heard.text, ...near.slice(0, 5).map(([other]) => other)]) {
    const dangers = dangersIn(text);
    const danger = ORDER.find((one) => dangers.has(one));
    if (danger !== undefined) return { danger, unwell: dangers.has("life") && danger !== "life" };
  }
  return undefined;
}

/** A fire drives people out before anything else; gas has its own words, and a casualty of it too. */
const ORDER: readonly Danger[] = ["fire", "carbon-monoxide", "gas", "life"];

function dangersIn(text: string): Set<Danger> {
  const found = new Set<Danger>();
  const clean = normal(text);
  for (const sentence of clean.split(/ \. /)) {
    if (PAST.test(sentence)) continue;
    const said = HARMLESS.reduce((rest, pattern) => rest.replace(pattern, " ~ "), ` ${sentence} `);
    for (const [danger, pattern] of SIGNS) {
      for (const match of said.matchAll(pattern)) {
        if (!isDenied(said.slice(0, match.index))) found.add(danger);
      }
    }
  }
  return found;
}

/** Lower case, one space, sentence ends as " . ", commas as " , ". */
function normal(text: string): string {
  return text
    .slice(0, 1_000)
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/[.?!;]+/g, " . ")
    .replace(/,/g, " , ")
    .replace(/[^a-z0-9',. ]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

const DENIAL =
  /\b(?:no|not|isn't|wasn't|aren't|don't|doesn't|didn't|can't|cannot|couldn't|never|without|there's no|nothing|neither|nor|hasn't|haven't)(?: (?:any|a|an|the|actually|really|even|longer|signs? of|more|been|got|got any|getting|have|have any|had|be|there|caught|smell|smelling|see|hear|sort of|kind of|about|reporting|calling about))* $/;

const isDenied = (before: string): boolean => DENIAL.test(before.endsWith(" ") ? before : `${before} `);
