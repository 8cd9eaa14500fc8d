/** Parts of a day: "first thing", "the afternoon", "lunchtime", "as early as you can". */
import type { Clock } from "../../agency/types.ts";
import type { OpenHours, TimeAt } from "./time-reading.ts";
import { type Token, wordsAt } from "./tokens.ts";

export type Half = "am" | "pm";

const MORNING = /^(?:am|morning|mornings)$/;
const AFTERNOON = /^(?:pm|afternoon|afternoons|evening|tonight|night)$/;

/** "three in the afternoon", "Saturday morning at ten": which half of the day the hour at [from, to) lies in. */
export function halfNear(tokens: readonly Token[], from: number, to: number): Half | undefined {
  for (let distance = 0; distance <= 4; distance++) {
    for (const word of [tokens[to - 1 + distance]?.word, tokens[from - distance]?.word]) {
      if (word !== undefined && MORNING.test(word)) return "am";
      if (word !== undefined && AFTERNOON.test(word)) return "pm";
    }
  }
  return undefined;
}

/** A part of the day said without an hour. */
export function daypartOf(tokens: readonly Token[], hours: OpenHours): TimeAt | undefined {
  for (let at = 0; at < tokens.length; at++) {
    const found = partAt(tokens, at, hours);
    if (found !== undefined) return { reading: found.reading, from: at, to: at + found.length };
  }
  return undefined;
}

type Part = { reading: TimeAt["reading"]; length: number };

function partAt(tokens: readonly Token[], at: number, hours: OpenHours): Part | undefined {
  if (wordsAt(tokens, at, ["first", "thing"]) || wordsAt(tokens, at, ["when", "you", "open"])) {
    return { reading: { kind: "at", clock: hours.opens, certainty: 0.9 }, length: 2 };
  }
  if (wordsAt(tokens, at, ["last", "thing"]) || wordsAt(tokens, at, ["as", "late", "as"])) {
    return { reading: { kind: "latest" }, length: 2 };
  }
  if (wordsAt(tokens, at, ["end", "of", "the", "day"])) return { reading: { kind: "latest" }, length: 4 };
  if (isEarliest(tokens, at)) return { reading: { kind: "earliest" }, length: 1 };
  const [early, late] = [tokens[at - 1]?.word === "early", tokens[at - 1]?.word === "late"];
  switch (tokens[at]?.word) {
    case "morning":
      if (tokens[at - 1]?.word === "good") return undefined;
      return between(late ? "11:00" : hours.opens, early ? "11:00" : "12:00", hours);
    case "lunchtime":
    case "lunch":
      return between("12:00", "14:00", hours);
    case "afternoon":
      if (tokens[at - 1]?.word === "good") return undefined;
      return between(late ? "15:30" : "12:00", early ? "15:00" : "23:59", hours);
    case "evening":
    case "tonight":
      return tokens[at - 1]?.word === "good" ? undefined : between("17:00", "23:59", hours);
    default:
      return undefined;
  }
}

const SOON = new Set(["whenever", "anytime", "asap", "soonest", "earliest"]);

function isEarliest(tokens: readonly Token[], at: number): boolean {
  const bounded = /^(?:after|before|between|from)$/.test(tokens[at + 2]?.word ?? "");
  if (SOON.has(tokens[at]?.word ?? "")) return !/^(?:after|before|between|from)$/.test(tokens[at + 1]?.word ?? "");
  if (wordsAt(tokens, at, ["any", "time"])) return !bounded;
  return (
    wordsAt(tokens, at, ["as", "soon", "as"]) ||
    wordsAt(tokens, at, ["as", "early", "as"]) ||
    wordsAt(tokens, at, ["don't", "mind"])
  );
}

function between(from: Clock, until: Clock, hours: OpenHours): Part {
  const last = until < hours.closes ? until : hours.closes;
  return { reading: { kind: "between", from, until: last > from ? last : until }, length: 1 };
}
