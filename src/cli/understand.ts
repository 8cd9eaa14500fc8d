/** `gatehouse understand`: items as others recognised them, one JSON object a line, and what we make of each. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { toLocal } from "../agency/local-time.ts";
import { AppError } from "../app-error.ts";
import { itemKinds } from "../receptionist/voting/item.ts";
import { readers } from "../receptionist/voting/readers.ts";
import { decide } from "../receptionist/voting/vote.ts";
import { type Command, print, readArguments } from "./command.ts";

const Hypothesis = z.tuple([z.string(), z.number().max(0.001).nullable()]);

const Query = z.object({
  id: z.string(),
  asked: z.enum(itemKinds),
  now: z.iso.datetime({ offset: true }),
  context: z.enum(["sale", "let"]).optional(),
  attempts: z.array(z.array(Hypothesis)).min(1),
  register: z.array(z.string()).optional(),
});

export const understand: Command = {
  name: "understand",
  summary: "read postcodes, names, dates and the like from recognised text",
  usage: `gatehouse understand [--register FILE] [--json] < QUERIES

Reads one JSON object a line from standard input, answers each with one line, in the same order:
  {"id":"1","asked":"postcode","now":"2026-11-24T10:05:00Z","attempts":[[["w20 a b",null],["w2 0ab",-1.2]]]}
  {"id":"1","value":"W2 0AB","certainty":0.68,"wouldConfirm":true,"alternatives":[…]}

  asked       ${itemKinds.join(" | ")}
  attempts    n-best lists of one item, best first, natural-log probability or null
  context     sale | let, for money
  register    values that the agency knows

      --register FILE   the register where a query has none, one value a line
      --json            the default; for symmetry`,
  async run(args) {
    const { values } = readArguments(args, { register: { type: "string" }, json: { type: "boolean" } });
    const register = values.register === undefined ? [] : linesOf(values.register);
    for (const [index, line] of (await Bun.stdin.text()).split("\n").entries()) {
      if (line.trim() !== "") print(JSON.stringify(answer(line, index + 1, register)));
    }
    return 0;
  },
};

function answer(line: string, number: number, usual: readonly string[]) {
  const { id, asked, now, context, attempts, register } = parse(line, number);
  const at = { now: toLocal(new Date(now)), context };
  return { id, ...decide(attempts, register ?? usual, readers[asked], at) };
}

/** @throws AppError naming line and field. */
function parse(line: string, number: number): z.infer<typeof Query> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new AppError("invalid_input", `Line ${number} is not JSON: expected one object a line.`, { cause });
  }
  const { success, data, error } = Query.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw new AppError(
    "invalid_input",
    `Line ${number}, "${issue?.path.join(".") ?? ""}": ${issue?.message ?? "wrong"}.`,
  );
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8")
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  } catch (cause) {
    throw new AppError("invalid_input", `The register ${path} cannot be read: name a text file.`, { cause });
  }
}
