/**
 * Dangers that cannot wait, heard in any state. Rules over the words of a sentence; what is only talked about ("is
 * there a fireplace", "gas central heating", "flooded with enquiries") is taken out first. Pure.
 */
import type { Heard } from "../contract.ts";
import { CONCEPTS, type Concept, URGENT_CONCEPTS } from "./emergency-concepts.ts";
import { AGAIN, type Danger, HARMLESS, PAST, SIGNS } from "./emergency-words.ts";
import { ASKED, CALM, isVulnerable, URGENT, type Urgency } from "./urgent-words.ts";

/** A worse reading than this many nats below the best is not listened to. */
const NBEST_RANGE_NATS = 2.3;

/**
 * The danger that a caller speaks of, in the best reading or one nearly as likely: one call too many taken for an
 * emergency costs a minute, one too few a life. `unwell`: somebody is also hurt.
 */
export function readEmergency(heard: Heard): { danger: Danger; unwell: boolean } | undefined {
  for (const text of nearTexts(heard)) {
    const dangers = dangersIn(text);
    const danger = ORDER.find((one) => dangers.has(one));
    if (danger !== undefined) return { danger, unwell: dangers.has("life") && danger !== "life" };
  }
  return undefined;
}

/** What cannot wait for office hours, though nobody is in danger of his life; heard as a danger is. */
export function readUrgency(heard: Heard): Urgency | undefined {
  for (const text of nearTexts(heard)) {
    const found = urgenciesIn(text);
    const urgency = URGENT_ORDER.find((one) => found.has(one));
    if (urgency !== undefined) return urgency;
  }
  return undefined;
}

/** The best reading and those nearly as likely. */
function nearTexts({ text, nbest }: Heard): string[] {
  const best = nbest[0]?.[1] ?? null;
  const near = nbest.filter(([, p]) => p === null || best === null || best - p <= NBEST_RANGE_NATS);
  return [text, ...near.slice(0, 5).map(([other]) => other)];
}

/** A fire drives people out before anything else; gas has its own words, and a casualty of it too. */
const ORDER: readonly Danger[] = ["fire", "carbon-monoxide", "gas", "life"];

/** Who is shut in comes before what is broken. */
const URGENT_ORDER: readonly Urgency[] = ["lift", "break-in", "flood", "heating", "power"];

function urgenciesIn(text: string): Set<Urgency> {
  const found = new Set<Urgency>();
  const clean = normal(text);
  for (const sentence of clean.split(/ \. | because | but /)) {
    if (isOver(sentence) || ASKED.test(sentence)) continue;
    const said = CALM.reduce((rest, pattern) => rest.replace(pattern, " ~ "), ` ${sentence} `);
    for (const [urgency, pattern] of URGENT) {
      for (const match of said.matchAll(pattern)) {
        if (!isDenied(said.slice(0, match.index))) found.add(urgency);
      }
    }
    addConcepts(URGENT_CONCEPTS, said, sentence, found);
  }
  if (!isVulnerable(clean)) found.delete("heating");
  return found;
}

function dangersIn(text: string): Set<Danger> {
  const found = new Set<Danger>();
  const clean = normal(text);
  for (const sentence of clean.split(/ \. /)) {
    if (isOver(sentence)) continue;
    const said = HARMLESS.reduce((rest, pattern) => rest.replace(pattern, " ~ "), ` ${sentence} `);
    for (const [danger, pattern] of SIGNS) {
      for (const match of said.matchAll(pattern)) {
        if (!isDenied(said.slice(0, match.index))) found.add(danger);
      }
    }
    addConcepts(CONCEPTS, said, sentence, found);
  }
  return found;
}

/** @param calm The `sentence` without what is harmless in it. */
function addConcepts<Kind>(concepts: readonly Concept<Kind>[], calm: string, sentence: string, found: Set<Kind>): void {
  for (const { kind, sign, with: others, unless, whole } of concepts) {
    const said = whole ? ` ${sentence} ` : calm;
    if (found.has(kind) || unless?.test(said) || !others.every((other) => other.test(said))) continue;
    for (const match of said.matchAll(sign)) if (!isDenied(said.slice(0, match.index))) found.add(kind);
  }
}

const isOver = (sentence: string): boolean => PAST.test(sentence) && !AGAIN.test(sentence);

/** Lower case, one space, sentence ends as " . ", commas as " , ". */
function normal(text: string): string {
  return text
    .slice(0, 1_000)
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(CONTRACTED, "$1 is")
    .replace(/[.?!;]+/g, " . ")
    .replace(/,/g, " , ")
    .replace(/[^a-z0-9',. ]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

/** "The alarm's", but not "it's": pronouns are in the patterns as they are said. */
const CONTRACTED =
  /\b((?!(?:it|he|she|that|there|here|what|who|where|how|let|nothing|everything)')[a-z]+)'s\b(?! (?:flat|house|kitchen|place))/g;

const DENIAL =
  /\b(?:no|not|isn't|wasn't|aren't|don't|doesn't|didn't|can't|cannot|couldn't|never|without|there's no|nothing|nothing's|neither|nor|hasn't|haven't)(?: (?:any|a|an|the|actually|really|even|longer|signs? of|more|been|got|got any|getting|have|have any|had|be|there|caught|smell|smelling|see|hear|sort of|kind of|about|reporting|calling about))* $/;

const isDenied = (before: string): boolean => DENIAL.test(before.endsWith(" ") ? before : `${before} `);
