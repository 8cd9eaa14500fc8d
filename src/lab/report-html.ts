/** The lab's report as one page that needs nothing else: figures, and every call that went wrong in full. Pure. */
import type { BookChange, BookRow } from "./score.ts";
import type { Result, Summary, Tally } from "./summary.ts";

/** How the calls were made. */
export type Setting = { seed: number; noise: number; ears: string; at: string; seconds: number };

export function reportHtml(summary: Summary, results: readonly Result[], setting: Setting): string {
  const failed = results.filter(({ misses }) => misses.length > 0);
  const { total } = summary;
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Gatehouse lab: ${total.right} of ${total.calls} calls right</title>
<style>${styles}</style>
</head>
<body>
<h1>Test lab: ${total.right} of ${total.calls} calls right</h1>
<p>${setting.at}, ${setting.ears}, word errors ${setting.noise} %, seed ${setting.seed}, ${setting.seconds.toFixed(1)} s. Longest call: ${summary.mostTurns} turns of the caller.</p>
${table("By what callers want", [...summary.rows, total])}
${missingTable(summary)}
${table("By personality", summary.personalities)}
${missesTable(summary)}
<h2>Calls that went wrong (${failed.length})</h2>
${failed.map(transcript).join("\n")}
</body>
</html>
`;
}

const styles = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}
table{border-collapse:collapse;margin:0 0 2rem}caption{text-align:left;font-weight:600;padding:.5rem 0}
th,td{padding:.2rem .8rem;border-bottom:1px solid #ccc;text-align:right}th:first-child,td:first-child,td.words{text-align:left}
details{border:1px solid #ccc;border-radius:4px;margin:.5rem 0;padding:.3rem .8rem}summary{cursor:pointer}
dl{display:grid;grid-template-columns:6rem 1fr;margin:.5rem 0}dt{color:#555}dd{margin:0}
.miss{color:#a00000}code{font-size:.85em;overflow-wrap:anywhere}`;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? "");
const percent = (part: number, whole: number): string => (whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`);

function table(caption: string, tallies: readonly Tally[]): string {
  const lines = tallies.map(
    ({ name, scenarios, once, always, calls, right }) =>
      `<tr><td>${escaped(name)}</td><td>${scenarios}</td><td>${percent(once, scenarios)}</td><td>${percent(always, scenarios)}</td><td>${calls}</td><td>${percent(right, calls)}</td></tr>`,
  );
  return `<table><caption>${caption}</caption><thead><tr><th scope="col"></th><th scope="col">scenarios</th><th scope="col">once</th><th scope="col">in all runs</th><th scope="col">calls</th><th scope="col">right</th></tr></thead><tbody>${lines.join("\n")}</tbody></table>`;
}

function missingTable({ missing }: Summary): string {
  if (missing.length === 0) return "";
  const lines = missing.map(
    ({ name, scenarios, needs }) =>
      `<tr><td>${escaped(name)}</td><td>${scenarios}</td><td class="words">${escaped(needs.join(" or "))}</td></tr>`,
  );
  return `<table><caption>Not in the flow yet, and not called</caption><thead><tr><th scope="col"></th><th scope="col">scenarios</th><th scope="col">needs</th></tr></thead><tbody>${lines.join("\n")}</tbody></table>`;
}

function missesTable({ misses }: Summary): string {
  if (misses.length === 0) return "";
  const lines = misses.map(
    ({ class: name, calls, examples }) =>
      `<tr><td>${escaped(name)}</td><td>${calls}</td><td class="words">${escaped(examples.join(", "))}</td></tr>`,
  );
  return `<table><caption>What went wrong</caption><thead><tr><th scope="col"></th><th scope="col">calls</th><th scope="col">such as</th></tr></thead><tbody>${lines.join("\n")}</tbody></table>`;
}

function transcript({ planned, played, misses }: Result): string {
  const { scenario, personality, run, noise } = planned;
  const turns = played.turns.map(({ heard, said, changes }, index) => {
    const caller = index === 0 ? "" : `<dt>Caller</dt><dd>${heard === "" ? "<i>silence</i>" : escaped(heard)}</dd>`;
    const agent = said === "" ? "" : `<dt>Gatehouse</dt><dd>${escaped(said)}</dd>`;
    return `${caller}${agent}${changes.map((change) => `<dt>Books</dt><dd><code>${escaped(told(change))}</code></dd>`).join("")}`;
  });
  const why = misses.map((miss) => `<li class="miss">${escaped(miss.class)}: ${escaped(miss.what)}</li>`);
  return `<details><summary>${escaped(scenario.id)}: ${escaped(misses.map((miss) => miss.class).join(", "))} (${escaped(personality)}, run ${run + 1}, errors ${noise} %)</summary>
<ul>${why.join("")}</ul>
<p>Wanted: <code>${escaped(JSON.stringify({ wish: scenario.wish, who: scenario.who, ...scenario.expect }))}</code>${scenario.note === undefined ? "" : ` ${escaped(scenario.note)}`}</p>
<dl>${turns.join("")}</dl><p>Came to: ${escaped(played.outcome)}</p></details>`;
}

const told = ({ table, before, after }: BookChange): string =>
  `${before === undefined ? "new" : after === undefined ? "removed" : "changed"} ${table} ${JSON.stringify(withoutId(after ?? before ?? {}))}`;

function withoutId({ id, ...rest }: BookRow & { id?: unknown }): Record<string, unknown> {
  return rest;
}
