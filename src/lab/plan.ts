/** Which calls are to be made: every scenario, each with its caller and its chance. Pure. */
import { addedErrors, type Personality, personalities } from "./personality.ts";
import type { LabRow, Scenario } from "./scenario.ts";

/** `person`: the same number for the same caller in every run. */
export type PlannedCall = {
  scenario: Scenario;
  person: number;
  personality: Personality;
  run: number;
  seed: number;
  noise: number;
};
export type Wanted = { calls: number | undefined; runs: number; seed: number; noise: number };
/** `missing`: rows of which the flow has nothing yet. */
export type Plan = { calls: PlannedCall[]; missing: LabRow[] };

/** @param can The actions that the flow knows. */
export function planOf(rows: readonly LabRow[], can: ReadonlySet<string>, { calls, runs, seed, noise }: Wanted): Plan {
  const isThere = ({ needs }: LabRow) => needs === undefined || needs.some((action) => can.has(action));
  const scenarios = rows.filter(isThere).flatMap((row) => row.scenarios);
  const count = calls ?? scenarios.length * runs;
  const planned = Array.from({ length: scenarios.length === 0 ? 0 : count }, (_, index) => {
    // Fewer calls than scenarios: from all rows alike.
    const at = count < scenarios.length ? Math.floor((index * scenarios.length) / count) : index % scenarios.length;
    return plannedCall(scenarios, at, Math.floor(index / scenarios.length), seed, noise);
  });
  return { calls: planned, missing: rows.filter((row) => !isThere(row)) };
}

/** The same person rings in every run; what chance does to him is another matter each time. */
function plannedCall(
  scenarios: readonly Scenario[],
  at: number,
  run: number,
  seed: number,
  noise: number,
): PlannedCall {
  const scenario = scenarios[at] as Scenario;
  const who = hash(scenario.id);
  const personality = personalities[who % personalities.length] as Personality;
  return {
    scenario,
    person: who,
    personality,
    run,
    seed: (who ^ Math.imul(seed * 1_000 + run + 1, 0x9e3779b1)) >>> 0,
    noise: noise + (noise > 0 ? addedErrors(personality) : 0),
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 0x01000193);
  return value >>> 0;
}
