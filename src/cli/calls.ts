/** `gatehouse calls list | follow | show`: reads through the running appliance, which audits every read. */
import { AppError } from "../app-error.ts";
import type { ShownAfterCall } from "../calls/after/shown.ts";
import type { LiveEvent } from "../calls/ports.ts";
import { askJson, askLines } from "../control/client.ts";
import type { CallSignalling } from "../web/api/shapes.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";
import { describeSignalling } from "./ladder.ts";

type CallRow = {
  id: string;
  line: string;
  startedAt: string;
  endedAt: string | null;
  outcome: string | null;
  caller: string | null;
};
type CallDetail = CallRow & {
  turns: { n: number; heard: string; said: string; confidence: number | null }[];
  after: ShownAfterCall | null;
  tasks: { about: string; due: string | null; status: string; forWhom: string | null }[];
};

export const calls: Command = {
  name: "calls",
  summary: "list calls, follow them live, show one",
  usage: `gatehouse calls list [--limit N] | follow | show ID [--ladder]   [--data DIR] [--json]

${placeUsage}
      --limit N         how many, newest first (20)
      --ladder          how the call was set up, message by message, and how it sounded; no names, numbers or words

follow prints what is said as it is said, until interrupted. Every read is written to the audit log first.`,
  async run(args) {
    const { values, positionals } = readArguments(
      args,
      { ...placeOptions, limit: { type: "string" }, ladder: { type: "boolean" } },
      true,
    );
    const data = configOf(values).storage.data;
    const json = values.json === true;
    const [what, id] = positionals;
    if (what === "list") return list(await askJson<CallRow[]>(data, `/calls?limit=${values.limit ?? 20}`), json);
    if (what === "show" && id !== undefined && values.ladder === true)
      return ladder(await askJson<CallSignalling>(data, `/calls/${encodeURIComponent(id)}/signalling`), json);
    if (what === "show" && id !== undefined)
      return show(await askJson<CallDetail>(data, `/calls/${encodeURIComponent(id)}`), json);
    if (what === "follow") return await follow(data, json);
    throw new AppError("invalid_input", "Say which: gatehouse calls list | follow | show ID");
  },
};

function list(rows: CallRow[], json: boolean): number {
  if (json) print(JSON.stringify(rows));
  else if (rows.length === 0) print("No calls yet.");
  else for (const row of rows) print(oneLine(row));
  return 0;
}

const oneLine = ({ id, startedAt, line, caller, outcome }: CallRow) =>
  `${startedAt}  ${id}  line ${line}  ${caller ?? "(not kept or withheld)"}  ${outcome ?? "running"}`;

function show(call: CallDetail, json: boolean): number {
  if (json) {
    print(JSON.stringify(call));
    return 0;
  }
  print(oneLine(call));
  for (const line of describeAfter(call)) print(line);
  for (const { heard, said, confidence } of call.turns) {
    if (heard) print(`  caller     ${heard}${confidence === null ? "" : `   (${Math.round(confidence * 100)} %)`}`);
    if (said) print(`  gatehouse  ${said}`);
  }
  return 0;
}

function describeAfter({ after, tasks }: CallDetail): string[] {
  const made = after === null ? [] : [`  ${after.summary}`, ...describeScore(after)];
  const todo = tasks.map(({ about, due, status, forWhom }) => {
    const facts = [status, due && `due ${due.replace("T", " ")}`, forWhom && `for ${forWhom}`].filter(Boolean);
    return `  task       ${about}   (${facts.join(", ")})`;
  });
  return [...made, ...todo];
}

function describeScore({ score, reasons }: ShownAfterCall): string[] {
  if (score === null) return [];
  return [`  quality    ${score} of 100`, ...reasons.map(({ words, points }) => `             −${points}  ${words}`)];
}

function ladder(signalling: CallSignalling, json: boolean): number {
  print(json ? JSON.stringify(signalling) : describeSignalling(signalling).join("\n"));
  return 0;
}

async function follow(data: string, json: boolean): Promise<number> {
  for await (const line of askLines(data, "/follow")) {
    if (json) print(line);
    else print(describe(JSON.parse(line) as LiveEvent));
  }
  return 0;
}

const transferInWords = {
  ringing: "ringing",
  asking: "picked up and asked:",
  connected: "put through to",
  failed: "not put through to",
} as const;

function describe(event: LiveEvent): string {
  const call = event.callId.slice(0, 8);
  switch (event.kind) {
    case "started":
      return `${call}  call on line ${event.line}`;
    case "identified":
      return `${call}  from ${event.caller ?? "(withheld)"}`;
    case "caption":
      return `${call}  … ${event.text}`;
    case "turn":
      return `${call}  ${event.heard ? `caller: ${event.heard}\n${call}  ` : ""}gatehouse: ${event.said}`;
    case "booked":
      return `${call}  booked viewing ${event.viewingId}`;
    case "transfer":
      return `${call}  ${transferInWords[event.state]} ${event.person}`;
    case "ended":
      return `${call}  ended: ${event.outcome}`;
  }
}
