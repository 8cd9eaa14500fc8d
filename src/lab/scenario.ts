/** Callers with a goal, as data: what one wants, says and answers, and what must be in the books afterwards. Pure. */
import { z } from "zod";
import type { LocalDate, LocalTime } from "../agency/types.ts";
import { AppError } from "../app-error.ts";

const texts = z.array(z.string().min(1)).min(1);
const pattern = z.string().refine(isPattern, "expected a regular expression");
/** "~text": holds this (a regular expression); anything else: is this. */
const field = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const wantedRow = z.record(
  z.string().regex(/^[a-z|]+$/, "expected tables like message|task"),
  z.record(z.string(), field),
);

/** What a row of the table of callers expects, unless a scenario of it says otherwise. */
const expected = {
  /** Rows wanted, and no others: one table, or several of which one will do. */
  rows: z.array(wantedRow),
  /** Tables in which one more row does no harm. */
  may: texts,
  outcome: texts,
  /** The most turns of the caller, silences left out, until this is settled: transferred, alarmed. */
  within: z.int().min(1),
  /** Must be said by the receptionist in some turn; must never be. */
  says: z.array(pattern),
  never: z.array(pattern),
  answered: texts,
  emergency: z.string().nullable(),
  /** Who must have taken the call; null: nobody. */
  transfer: z.string().nullable(),
  recording: z.literal("stopped"),
  /** Whether the caller wants to view what he asks about. */
  view: z.boolean(),
};

const Header = z.strictObject({
  row: z.string().regex(/^[a-z-]+$/),
  title: z.string().min(1),
  /** Actions of the flow, of which one must be there. */
  needs: texts.optional(),
  ...z.object(expected).partial().shape,
  rows: expected.rows,
  outcome: expected.outcome,
});

const at = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
const Line = z.strictObject({
  /** What the caller says first; more: in other words, when he is asked again. */
  say: z.union([z.string(), texts]),
  note: z.string().optional(),
  silent: z.literal(true).optional(),
  who: z.string().optional(),
  property: z.string().optional(),
  at: at.optional(),
  date: z.string().optional(),
  time: z.string().optional(),
  kind: z.enum(["sales", "lettings"]).optional(),
  address: z.string().optional(),
  postcode: z.string().optional(),
  /** Answers by what is asked, in the order of attempts. */
  facts: z.record(z.string(), texts).default({}),
  /** Said once, when the receptionist says something like it. */
  replies: z.array(z.strictObject({ if: pattern, say: z.string() })).default([]),
  /** Another wish, once the first is settled. */
  later: z.strictObject({ say: z.string(), property: z.string(), at }).optional(),
  ...z.object(expected).partial().shape,
});

export type Expected = Pick<z.infer<typeof Line>, keyof typeof expected> & {
  rows: z.infer<typeof expected.rows>;
  outcome: string[];
};
export type Wish = { property: string | undefined; date: LocalDate | undefined; time: string | undefined };
export type Scenario = Pick<
  z.infer<typeof Line>,
  "who" | "kind" | "address" | "postcode" | "facts" | "replies" | "note"
> & {
  id: string;
  row: string;
  opening: string[];
  silent: boolean;
  wish: Wish;
  later: { say: string; wish: Wish } | undefined;
  expect: Expected;
};
/** A row of the table of what callers want. */
export type LabRow = { id: string; title: string; needs: readonly string[] | undefined; scenarios: Scenario[] };

/** @throws AppError("invalid_input") naming file, line and field. */
export function parseSuite(jsonl: string, file: string): LabRow[] {
  const rows: LabRow[] = [];
  let header: z.infer<typeof Header> | undefined;
  for (const [index, text] of jsonl.split("\n").entries()) {
    if (text.trim() === "") continue;
    const value = objectOf(text, file, index);
    if ("row" in value) {
      header = checked(Header, value, file, index);
      rows.push({ id: header.row, title: header.title, needs: header.needs, scenarios: [] });
      continue;
    }
    const row = rows.at(-1);
    if (header === undefined || row === undefined) throw fault(file, index, "row", "the first line names it");
    const id = `${row.id}-${String(row.scenarios.length + 1).padStart(2, "0")}`;
    row.scenarios.push(scenarioOf(id, header, checked(Line, value, file, index)));
  }
  return rows;
}

function scenarioOf(id: string, header: z.infer<typeof Header>, line: z.infer<typeof Line>): Scenario {
  const { row, title, needs, ...usual } = header;
  const { say, silent, property, at, date, time, later, ...rest } = line;
  const given = Object.fromEntries(
    Object.keys(expected).flatMap((key) => (key in rest ? [[key, Reflect.get(rest, key)]] : [])),
  );
  return {
    id,
    row,
    opening: typeof say === "string" ? [say] : say,
    silent: silent === true,
    wish: wishOf(property, at, date, time),
    later: later && { say: later.say, wish: wishOf(later.property, later.at) },
    who: rest.who,
    kind: rest.kind,
    address: rest.address,
    postcode: rest.postcode,
    facts: rest.facts,
    replies: rest.replies,
    note: rest.note,
    expect: { ...usual, ...given },
  };
}

const wishOf = (property: string | undefined, at: LocalTime | undefined, date?: string, time?: string): Wish => ({
  property,
  date: date ?? at?.slice(0, 10),
  time: time ?? at?.slice(11),
});

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "i") instanceof RegExp;
  } catch {
    return false;
  }
}

function objectOf(text: string, file: string, index: number): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    throw fault(file, index, "", "not JSON");
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, file: string, index: number): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw fault(file, index, issue?.path.join(".") ?? "", issue?.message ?? "wrong");
}

const fault = (file: string, index: number, field: string, why: string) =>
  new AppError("invalid_input", `${file}, line ${index + 1}${field === "" ? "" : `, "${field}"`}: ${why}.`);
