/** What came of all calls: by row of what callers want, by personality, by kind of miss. Pure. */
import type { PlannedCall } from "./plan.ts";
import type { LabRow } from "./scenario.ts";
import type { Miss, PlayedCall } from "./score.ts";

export type Result = { planned: PlannedCall; played: PlayedCall; misses: Miss[] };

/** `once`: scenarios right in their first run; `always`: in each of their runs. */
export type Tally = { name: string; scenarios: number; once: number; always: number; calls: number; right: number };
export type Summary = {
  rows: Tally[];
  personalities: Tally[];
  total: Tally;
  /** Most frequent first; `examples`: ids of scenarios. */
  misses: { class: string; calls: number; examples: string[] }[];
  /** Rows of which the flow has nothing yet. */
  missing: { name: string; scenarios: number; needs: readonly string[] }[];
  /** In any one call. */
  mostTurns: number;
};

const mostExamples = 8;

export function summaryOf(results: readonly Result[], missing: readonly LabRow[]): Summary {
  const by = (nameOf: (call: PlannedCall) => string): Tally[] =>
    [...Map.groupBy(results, ({ planned }) => nameOf(planned))].map(([name, group]) => tally(name, group));
  const classes = Map.groupBy(
    results.flatMap(({ planned, misses }) =>
      [...new Set(misses.map((miss) => miss.class))].map((name) => ({ name, id: planned.scenario.id })),
    ),
    ({ name }) => name,
  );
  return {
    rows: by(({ scenario }) => scenario.row),
    personalities: by(({ personality }) => personality),
    total: tally("all", results),
    misses: [...classes]
      .map(([name, group]) => ({
        class: name,
        calls: group.length,
        examples: [...new Set(group.map(({ id }) => id))].slice(0, mostExamples),
      }))
      .sort((a, b) => b.calls - a.calls),
    missing: missing.map(({ id, scenarios, needs = [] }) => ({ name: id, scenarios: scenarios.length, needs })),
    mostTurns: Math.max(0, ...results.map(({ played }) => played.turns.length - 1)),
  };
}

function tally(name: string, results: readonly Result[]): Tally {
  const isRight = ({ misses }: Result) => misses.length === 0;
  const scenarios = [...Map.groupBy(results, ({ planned }) => planned.scenario.id).values()];
  return {
    name,
    scenarios: scenarios.length,
    once: scenarios.filter((runs) => runs.some((one) => one.planned.run === 0 && isRight(one))).length,
    always: scenarios.filter((runs) => runs.every(isRight)).length,
    calls: results.length,
    right: results.filter(isRight).length,
  };
}
