/** `gatehouse chat`: one call as text, by keyboard or by script, against a database that lasts as long as the call. */
import { readFileSync } from "node:fs";
import { isLocalTime, toInstant } from "../agency/local-time.ts";
import { AppError } from "../app-error.ts";
import type { TextAnswer } from "../calls/text-call.ts";
import { type Office, openOffice } from "./chat/office.ts";
import { lineOf, type Move, parseScript, readerOf } from "./chat/script.ts";
import { type Command, print, readArguments } from "./command.ts";

export const chat: Command = {
  name: "chat",
  summary: "talk to the receptionist by keyboard, or by a script",
  usage: `gatehouse chat [--script FILE] [--now ISO] [--seed FILE] [--json]

A call as text: the same receptionist and the same diary, in a fresh encrypted database that is removed at the end.

      --script FILE   the caller's lines; without it you are the caller (an empty line is silence, Ctrl-D hangs up)
      --now ISO       what the clock shows, 2026-11-24T10:05 (office time) or with a zone; it moves by silence only
      --seed FILE     the agency: staff, properties, diary as JSON; default: the invented one
      --json          one JSON object a line: turns, rows created or changed, the end`,
  async run(args) {
    const { values } = readArguments(args, {
      script: { type: "string" },
      now: { type: "string" },
      seed: { type: "string" },
      json: { type: "boolean" },
    });
    const script = values.script === undefined ? undefined : parseScript(readScript(values.script));
    const clock = clockAt(values.now);
    // Before there is anything to remove. While a line is waited for they do not run: a terminal that is closed (SIGHUP)
    // ends the line, and the call with it.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));
    const office = openOffice(values.seed, clock.now);
    process.once("exit", office.close);
    try {
      const reader = script === undefined ? byKeyboard() : readerOf(script.lines);
      converse(office, reader.next, clock.advance, values.json === true ? tellJson : tellPlain);
    } finally {
      office.close();
    }
    return 0;
  },
};

/** No call is longer: a script with `times` 1000 ends as well. */
const mostTurns = 1_000;

export type Tell = (line: Record<string, unknown>) => void;

/** One call, from the greeting to the end; everything that happens is told. */
export function converse(
  office: Office,
  next: (asked: string | null) => Move | undefined,
  advance: (ms: number) => void,
  tell: Tell,
) {
  const { call } = office;
  let by: "caller" | "gatehouse" = "gatehouse";
  let answer = call.start();
  say(tell, office, 0, "", answer);
  for (let n = 1; !answer.ended && n <= mostTurns; n++) {
    const move = next(answer.asks);
    if (move === undefined || move.kind === "hangup") {
      by = "caller";
      break;
    }
    if (move.kind === "silence") advance(answer.noInputMs);
    answer = taken(office, move);
    say(tell, office, n, heardAs(move), answer);
  }
  const { transfer, emergency, recording } = call;
  tell({
    type: "end",
    by,
    outcome: call.outcome(by === "caller" ? "abandoned" : "nothing"),
    emergency,
    recording,
    transfer: transfer && { to: office.staffOf(transfer.to), answered: transfer.answered },
    ...call.questions(),
  });
}

function taken({ call }: Office, move: Exclude<Move, { kind: "hangup" }>): TextAnswer {
  if (move.kind === "say") return call.hear(move.heard);
  return move.kind === "keys" ? call.press(move.digits) : call.silent();
}

/** As it would be stored. */
const heardAs = (move: Move): string =>
  move.kind === "say" ? move.heard.text : move.kind === "keys" ? `[${move.digits}]` : "";

function say(tell: Tell, office: Office, n: number, heard: string, { said, asks, slots }: TextAnswer): void {
  tell({ type: "turn", n, heard, said, asks, slots });
  for (const change of office.changes()) tell(change);
}

const tellJson: Tell = (line) => print(JSON.stringify(line));

const tellPlain: Tell = (line) => {
  if (line.type === "turn") {
    if (line.heard !== "") print(`  Caller     ${line.heard}`);
    print(`  Gatehouse  ${line.said}`);
  } else if (line.type === "row") print(`  ${line.op} ${line.table} ${JSON.stringify(line.after ?? line.before)}`);
  else print(`The call ended: ${line.outcome}, by ${line.by}.`);
};

/** At a terminal Ctrl-D hangs up; from a pipe its end does. */
function byKeyboard(): { next(): Move | undefined } {
  if (!process.stdin.isTTY) {
    const piped = parseScript(readFileSync(0, "utf8"));
    return { next: () => readerOf(piped.lines.splice(0, 1)).next(null) };
  }
  return {
    next() {
      const row = prompt("> ");
      return row === null ? undefined : lineOf(row).move;
    },
  };
}

function clockAt(now: string | undefined) {
  let ms = now === undefined ? Date.now() : instantOf(now);
  return {
    now: () => new Date(ms),
    advance(by: number) {
      ms += by;
    },
  };
}

function instantOf(text: string): number {
  if (isLocalTime(text.slice(0, 16)) && /^.{16}(?::\d\d(?:\.\d+)?)?$/.test(text))
    return toInstant(text.slice(0, 16)).getTime();
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || !/(?:Z|[+-]\d\d:?\d\d)$/.test(text))
    throw new AppError(
      "invalid_input",
      `--now ${text}: expected a time like 2026-11-24T10:05 or 2026-11-24T10:05:00Z.`,
    );
  return ms;
}

function readScript(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("invalid_input", `The script ${path} cannot be read: name a text file.`, { cause });
  }
}
