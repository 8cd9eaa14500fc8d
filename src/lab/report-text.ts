/** The lab's figures as a table for a terminal. Pure. */
import type { Summary, Tally } from "./summary.ts";

const share = (part: number, whole: number): string =>
  `${whole === 0 ? "–" : ((100 * part) / whole).toFixed(1)}`.padStart(6);

export function reportText({ rows, personalities, total, misses, missing, mostTurns }: Summary): string {
  const runs = total.scenarios === 0 ? 0 : Math.ceil(total.calls / total.scenarios);
  const always = `${runs} of ${runs}`;
  const width = Math.max(18, ...[...rows, ...missing].map(({ name }) => name.length + 1));
  const head = `${"".padEnd(width)}scenarios  once %  ${always} %   calls  right %`;
  const line = (one: Tally) =>
    `${one.name.padEnd(width)}${String(one.scenarios).padStart(9)}  ${share(one.once, one.scenarios)}  ${share(one.always, one.scenarios).padStart(always.length + 2)}  ${String(one.calls).padStart(6)}   ${share(one.right, one.calls)}`;
  const notThere = missing.map(
    ({ name, scenarios, needs }) =>
      `${name.padEnd(width)}${String(scenarios).padStart(9)}  the flow has no ${needs.join(" or ")} yet`,
  );
  return [
    head,
    ...rows.map(line),
    ...notThere,
    "",
    ...personalities.map(line),
    "",
    line(total),
    `longest call: ${mostTurns} turns of the caller`,
    ...(misses.length === 0 ? [] : ["", "what went wrong, calls, such as"]),
    ...misses.map(
      ({ class: name, calls, examples }) => `${name.padEnd(24)}${String(calls).padStart(5)}  ${examples.join(" ")}`,
    ),
  ].join("\n");
}
