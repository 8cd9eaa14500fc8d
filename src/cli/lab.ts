/** `gatehouse lab run`: callers with a goal ring the receptionist, and the books show whether they got it. */
import { writeFileSync } from "node:fs";
import { AppError } from "../app-error.ts";
import { planOf } from "../lab/plan.ts";
import { reportHtml } from "../lab/report-html.ts";
import { reportText } from "../lab/report-text.ts";
import { type Result, summaryOf } from "../lab/summary.ts";
import { receptionFlow } from "../receptionist/flows/reception.ts";
import { type Command, print, readArguments } from "./command.ts";
import { playByText, playByVoice } from "./lab/play-all.ts";
import { openLab } from "./lab/suites.ts";

export const lab: Command = {
  name: "lab",
  summary: "let scripted callers ring, and judge what they get by the books",
  usage: `gatehouse lab run [--suite S] [--calls N | --runs N] [--seed N] [--noise PERCENT | --voice]
                  [--html FILE] [--json]

Every call is held against a fresh encrypted database that is removed at the end: nothing is dialled, nobody's data is
touched. A call is right if the books hold what the caller wanted and nothing else.

      --suite S        one file of scenarios or one row of them (viewing, valuation, …); default: all but held-out
      --calls N        so many calls, the scenarios in turn; default: each once
      --runs N         each scenario so often
      --seed N         the chance of wordings and errors (default 1)
      --voice          the callers speak, over A-law, and are heard by the demo model (default: --text)
      --noise PERCENT  words misheard, as the demo model mishears them (default 0)
      --html FILE      the report as a page, with every failed call in full
      --json           one JSON object a line: each call, then the summary`,
  async run(args) {
    const { values, positionals } = readArguments(
      args,
      {
        suite: { type: "string" },
        calls: { type: "string" },
        runs: { type: "string" },
        seed: { type: "string" },
        noise: { type: "string" },
        text: { type: "boolean" },
        voice: { type: "boolean" },
        html: { type: "string" },
        json: { type: "boolean" },
      },
      true,
    );
    if (positionals.length !== 1 || positionals[0] !== "run") {
      throw new AppError("invalid_input", "Expected: gatehouse lab run (see --help).");
    }
    const open = openLab(values.suite);
    const noise = wholeNumber("--noise", values.noise, 0, 0, 100);
    const seed = wholeNumber("--seed", values.seed, 1, 0, 1_000_000);
    const calls = values.calls === undefined ? undefined : wholeNumber("--calls", values.calls, 1, 1, 1_000_000);
    const plan = planOf(open.rows, actionsOf(receptionFlow), {
      calls,
      runs: wholeNumber("--runs", values.runs, 1, 1, 1_000),
      seed,
      noise,
    });
    const byVoice = values.voice === true;
    if (byVoice && (noise > 0 || values.text === true))
      throw new AppError("invalid_input", "--voice has errors of its own: leave out --noise and --text.");
    const told = values.json === true ? tellCall : () => undefined;
    const startedMs = performance.now();
    const results = byVoice ? await playByVoice(open, plan, told) : await playByText(open, plan, told);
    const seconds = (performance.now() - startedMs) / 1000;
    const summary = summaryOf(results, plan.missing);
    if (values.json === true) print(JSON.stringify({ type: "summary", seconds, ...summary }));
    else print(`${reportText(summary)}\n${results.length} calls in ${seconds.toFixed(1)} s`);
    if (values.html !== undefined) {
      const setting = { seed, noise, ears: byVoice ? "by voice" : "by text", at: new Date().toISOString(), seconds };
      writeReport(values.html, reportHtml(summary, results, setting));
    }
    return 0;
  },
};

const actionsOf = ({ tasks }: typeof receptionFlow): ReadonlySet<string> =>
  new Set(tasks.map(({ onComplete }) => onComplete));

/** With what was said, as the callers are invented. */
function tellCall({ planned, played, misses }: Result): void {
  const { scenario, personality, run, noise } = planned;
  const turns = played.turns.map(({ heard, said, changes }) => ({ heard, said, changes }));
  const { outcome } = played;
  const right = misses.length === 0;
  print(JSON.stringify({ type: "call", id: scenario.id, personality, run, noise, right, misses, outcome, turns }));
}

function wholeNumber(name: string, text: string | undefined, usual: number, least: number, most: number): number {
  if (text === undefined) return usual;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new AppError("invalid_input", `${name} ${text}: expected a whole number from ${least} to ${most}.`);
  return value;
}

/** The callers are invented: nothing of a real one gets onto the page. */
function writeReport(path: string, html: string): void {
  try {
    writeFileSync(path, html);
  } catch (cause) {
    throw new AppError("data_unwritable", `The report ${path} cannot be written.`, { cause });
  }
}
