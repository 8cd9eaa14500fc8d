/** How smooth a call was for its caller, 0…100, and why: docs/quality.md has the formula. */
import type { StoredTurn } from "../ports.ts";
import { type CallFacts, isMidTask } from "./facts.ts";

export type QualityReason = {
  kind:
    | "not-understood"
    | "corrected"
    | "repeated"
    | "silence"
    | "interrupted"
    | "slow-usually"
    | "slow-at-times"
    | "abandoned"
    | "cut-off";
  /** How often; of slow answers the percentile in ms. */
  count: number;
  points: number;
};

/** Points for each, and at most so many for all of a kind. */
const costs = {
  "not-understood": { each: 8, most: 40 },
  corrected: { each: 4, most: 16 },
  repeated: { each: 4, most: 16 },
  silence: { each: 4, most: 16 },
  interrupted: { each: 2, most: 8 },
  abandoned: { each: 25, most: 25 },
  "cut-off": { each: 40, most: 40 },
} as const;

/** Of answers, ms: what callers do not notice, by percentile. A point for every 100 ms begun above it. */
const latency = {
  "slow-usually": { figure: "answerP50Ms", freeMs: 400, most: 10 },
  "slow-at-times": { figure: "answerP95Ms", freeMs: 650, most: 15 },
} as const;
const msPerPoint = 100;

/** @returns `score` undefined where there was no turn of the caller to judge. */
export function judge(facts: CallFacts): { score: number | undefined; reasons: QualityReason[] } {
  const turns = facts.turns.filter(({ n }) => n > 0);
  if (turns.length === 0 && !facts.cutOff) return { score: undefined, reasons: [] };
  const counts: Record<keyof typeof costs, number> = {
    "not-understood": turns.reduce((sum, turn) => sum + missesOf(turn), 0),
    corrected: pairs(facts.turns).reduce((sum, [before, turn]) => sum + correctedIn(before, turn), 0),
    repeated: pairs(facts.turns).filter(([before, turn]) => isRepeated(before, turn)).length,
    silence: turns.filter(isSilence).length,
    interrupted: facts.turns.slice(0, -1).filter(({ said, saidInFull }) => said !== "" && !saidInFull).length,
    abandoned: facts.outcome === "abandoned" && isMidTask(facts) ? 1 : 0,
    "cut-off": facts.cutOff || facts.outcome === "failed" ? 1 : 0,
  };
  const reasons = [...counted(counts), ...slow(facts)];
  const lost = reasons.reduce((sum, { points }) => sum + points, 0);
  return { score: Math.max(0, 100 - lost), reasons };
}

function counted(counts: Record<keyof typeof costs, number>): QualityReason[] {
  return (Object.keys(costs) as (keyof typeof costs)[]).flatMap((kind) => {
    const count = counts[kind];
    return count === 0 ? [] : [{ kind, count, points: Math.min(costs[kind].most, count * costs[kind].each) }];
  });
}

function slow({ figures }: CallFacts): QualityReason[] {
  return (["slow-usually", "slow-at-times"] as const).flatMap((kind) => {
    const { figure, freeMs, most } = latency[kind];
    const ms = figures[figure] ?? 0;
    if (ms <= freeMs) return [];
    return [{ kind, count: ms, points: Math.min(most, Math.ceil((ms - freeMs) / msPerPoint)) }];
  });
}

const pairs = (turns: readonly StoredTurn[]) =>
  turns.slice(1).map((turn, index) => [turns[index] ?? turn, turn] as const);

const missesOf = ({ noted }: StoredTurn): number => noted?.misses ?? 0;

/** Items that had a value and now have another, in the same task. */
function correctedIn({ noted: before }: StoredTurn, { noted: after }: StoredTurn): number {
  if (before === undefined || after === undefined || before.task !== after.task) return 0;
  return Object.entries(after.slots).filter(([name, value]) => (before.slots[name] ?? value) !== value).length;
}

/** Shorter ones ("Yes, go on.") are no question said again. */
const fewestWordsRepeated = 4;

/** The same words once more, though something was said and understood, and nothing was answered in between. */
function isRepeated(before: StoredTurn, turn: StoredTurn): boolean {
  if (turn.n === 0 || turn.heard === "" || missesOf(turn) > 0 || topics(before) !== topics(turn)) return false;
  const last = lastSentence(turn.said);
  return last.split(" ").length >= fewestWordsRepeated && last === lastSentence(before.said);
}

const topics = ({ noted }: StoredTurn) => (noted?.answered.length ?? 0) + (noted?.unanswered.length ?? 0);

const lastSentence = (text: string): string =>
  text
    .trim()
    .split(/(?<=[.?!])\s+/)
    .at(-1)
    ?.toLowerCase() ?? "";

/** Waited for in vain. What was said and could not be made out is counted as not understood. */
const isSilence = (turn: StoredTurn): boolean =>
  turn.heard === "" && turn.said !== "" && missesOf(turn) === 0 && turn.noted?.holding !== true;
