/** The caller's side of a scripted call: one line a turn. Pure. */
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import type { Heard } from "../../receptionist/contract.ts";

export type Move =
  | { kind: "say"; heard: Heard }
  | { kind: "keys"; digits: string }
  | { kind: "silence" }
  | { kind: "hangup" };

export type Line = {
  move: Move;
  /** What must have been asked; undefined: anything. null is "nothing in particular". */
  when: readonly (string | null)[] | undefined;
  times: number;
};

export type Script = { caller: { from: string | undefined; to: string | undefined }; lines: Line[] };

const asks = z.union([z.string(), z.null()]);
const shared = { when: z.union([asks, z.array(asks)]).optional(), times: z.int().min(1).max(1000).default(1) };
const schemas = {
  say: z.strictObject({ say: z.string(), ...shared }),
  nbest: z.strictObject({ nbest: z.array(z.tuple([z.string(), z.number().nullable()])).min(1), ...shared }),
  silence: z.strictObject({ silence: z.literal(true), ...shared }),
  keys: z.strictObject({ keys: z.string().regex(/^[0-9*#A-D]+$/, "expected keys: 0-9 * # A-D"), ...shared }),
  hangup: z.strictObject({ hangup: z.literal(true), ...shared }),
};
type Kind = keyof typeof schemas;
type LineObject = z.infer<(typeof schemas)[Kind]>;
const kinds = Object.keys(schemas) as Kind[];
const Call = z.strictObject({ call: z.strictObject({ from: z.string().optional(), to: z.string().optional() }) });

/** @throws AppError("invalid_input") naming line and field. */
export function parseScript(text: string): Script {
  const rows = text.split("\n");
  if (rows.at(-1) === "") rows.pop(); // the end of the last line
  const script: Script = { caller: { from: undefined, to: undefined }, lines: [] };
  for (const [index, row] of rows.entries()) {
    const object = objectOf(row);
    if (object !== undefined && "call" in object) {
      if (index > 0) throw fault(index, "call", "it belongs into the first line");
      const { call } = checked(Call, object, index);
      script.caller = { from: call.from, to: call.to };
    } else script.lines.push(lineOf(row, object, index));
  }
  return script;
}

/** One line as it is typed or stands in a file. @param index From 0, for messages. */
export function lineOf(row: string, object = objectOf(row), index = 0): Line {
  const plain = row.replace(/\r$/, "").trim();
  if (plain === "") return { move: { kind: "silence" }, when: undefined, times: 1 };
  if (object === undefined) return { move: spoken([[plain, null]]), when: undefined, times: 1 };
  const named = kinds.filter((kind) => kind in object);
  const [kind, second] = named;
  if (kind === undefined || second !== undefined)
    throw fault(index, second ?? "", `expected one of ${kinds.join(", ")}`);
  const line: LineObject = checked<LineObject>(schemas[kind], object, index);
  const { when, times } = line;
  return { move: moveOf(line), when: when === undefined ? undefined : Array.isArray(when) ? when : [when], times };
}

function moveOf(line: LineObject): Move {
  if ("say" in line) return spoken([[line.say, null]]);
  if ("nbest" in line) return spoken(line.nbest);
  if ("keys" in line) return { kind: "keys", digits: line.keys.replace(/#$/, "") };
  return { kind: "silence" in line ? "silence" : "hangup" };
}

const spoken = (nbest: [string, number | null][]): Move => ({
  kind: "say",
  heard: { text: nbest[0]?.[0] ?? "", nbest },
});

function objectOf(row: string): Record<string, unknown> | undefined {
  if (!row.trim().startsWith("{")) return undefined;
  try {
    return JSON.parse(row);
  } catch {
    return undefined; // a line that is no JSON is plain speech
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, index: number): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw fault(index, issue?.path.join(".") ?? "", issue?.message ?? "wrong");
}

const fault = (index: number, field: string, why: string) =>
  new AppError("invalid_input", `Line ${index + 1}${field === "" ? "" : `, "${field}"`}: ${why}.`);

export type Reader = { next(asked: string | null): Move | undefined };

/** Before each turn the script is read from the top: the first line not used up that fits what was asked is said. */
export function readerOf(lines: readonly Line[]): Reader {
  const left = lines.map(({ times }) => times);
  return {
    next(asked) {
      const at = lines.findIndex(({ when }, index) => (left[index] ?? 0) > 0 && (when?.includes(asked) ?? true));
      if (at < 0) return undefined;
      left[at] = (left[at] ?? 0) - 1;
      return lines[at]?.move;
    },
  };
}
