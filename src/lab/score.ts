/** Whether a call came to what the caller wanted, judged by what is in the books afterwards. Pure. */
import type { Expected, Scenario } from "./scenario.ts";
import type { Ways } from "./ways.ts";

export type Cell = string | number | boolean | null;
export type BookRow = Readonly<Record<string, Cell>>;
/** `before` undefined: it was not there; `after` undefined: it is gone. */
export type BookChange = { table: string; before: BookRow | undefined; after: BookRow | undefined };
/** `changes`: up to the end of this turn, since the one before. */
export type PlayedTurn = { heard: string; said: string; asks: string | null; changes: readonly BookChange[] };
export type PlayedCall = {
  turns: readonly PlayedTurn[];
  /** From the first turn to the last. */
  changes: readonly BookChange[];
  outcome: string;
  emergency: string | null;
  transfer: { to: string; answered: boolean } | null;
  answered: readonly string[];
  recording: string;
  /** Bookings without their place in the diary, and the other way round. */
  phantoms: number;
};

export type MissClass =
  | "row missing"
  | "row wrong"
  | "row too many"
  | "said booked, is not"
  | "booked, not said"
  | "phantom in the diary"
  | "too late"
  | "bad end"
  | "not answered"
  | "must not be said"
  | "transfer"
  | "emergency"
  | "recording";
export type Miss = { class: MissClass; what: string };

/** `noticed`: properties of which somebody must have notice. `exactWords`: whether free words came through as said. */
export type Marking = { ways: Ways; noticed: ReadonlySet<string>; exactWords: boolean };

const mostTurns = 40;

export function score(scenario: Scenario, call: PlayedCall, marking: Marking): Miss[] {
  const { expect } = scenario;
  const misses: Miss[] = [...markRows(scenario, call, marking), ...markBooked(call)];
  const miss = (kind: MissClass, what: string) => void misses.push({ class: kind, what });
  const said = call.turns.map((turn) => turn.said).join("\n");
  if (call.turns.length - 1 > mostTurns) miss("bad end", `${call.turns.length - 1} turns`);
  const spoken = call.turns.filter(({ heard }) => heard !== "").length;
  if (expect.within !== undefined && spoken > expect.within) miss("too late", `${spoken} turns, not ${expect.within}`);
  if (!expect.outcome.includes(call.outcome)) miss("bad end", `${call.outcome}, not ${expect.outcome.join(" or ")}`);
  for (const pattern of expect.says ?? []) if (!found(pattern, said)) miss("not answered", pattern);
  for (const pattern of expect.never ?? []) if (found(pattern, said)) miss("must not be said", pattern);
  for (const id of expect.answered ?? []) if (!call.answered.includes(id)) miss("not answered", id);
  if (expect.emergency !== undefined && expect.emergency !== call.emergency)
    miss("emergency", `${call.emergency ?? "none"}, not ${expect.emergency ?? "none"}`);
  if (expect.recording !== undefined && expect.recording !== call.recording) miss("recording", call.recording);
  if (call.phantoms > 0) miss("phantom in the diary", String(call.phantoms));
  const transfer = transferMiss(expect, call);
  if (transfer !== undefined) miss("transfer", transfer);
  return misses;
}

const found = (pattern: string, text: string): boolean => new RegExp(pattern, "im").test(text);

function transferMiss({ transfer: wanted }: Expected, { transfer }: PlayedCall): string | undefined {
  const to = transfer?.answered ? transfer.to : null;
  if (wanted === undefined || wanted === to || (wanted === "any" && to !== null)) return undefined;
  return `${to ?? "nobody"}, not ${wanted ?? "nobody"}`;
}

/** "Booked" is said when it is, never before; and it is said. */
function markBooked({ turns }: PlayedCall): Miss[] {
  let isBooked = false;
  let untold = false;
  for (const { said, changes } of turns) {
    const made = changes.filter(({ table, after }) => bookings.has(table) && after?.status === "booked");
    const added = made.some(({ before }) => before === undefined); // one that was moved is "moved"
    isBooked ||= made.length > 0;
    const tells = /\bbooked\b/i.test(said.replace(/\b(?:nothing is|not|isn't|already|be|shall I) booked\b/gi, ""));
    if (tells && !isBooked) return [{ class: "said booked, is not", what: said }];
    untold = (untold || added) && !tells;
  }
  return untold ? [{ class: "booked, not said", what: turns.at(-1)?.said ?? "" }] : [];
}

const bookings: ReadonlySet<string> = new Set(["viewing", "valuation"]);

type Wanted = { tables: string[]; fields: BookRow };

/** Every row wanted is there, and every other is left alone. */
function markRows(scenario: Scenario, call: PlayedCall, marking: Marking): Miss[] {
  const person = scenario.who === undefined ? undefined : marking.ways.people[scenario.who];
  const left = call.changes.filter((change) => !isOwnContact(change, person));
  const misses: Miss[] = [];
  for (const { tables, fields } of wantedRows(scenario, marking, person)) {
    const candidates = left.filter(({ table, after }) => tables.includes(table) && after !== undefined);
    const [best] = candidates
      .map((change) => ({ change, wrong: differences(fields, change.after ?? {}, marking.exactWords) }))
      .sort((a, b) => a.wrong.length - b.wrong.length);
    if (best === undefined) misses.push({ class: "row missing", what: tables.join(" or ") });
    else {
      left.splice(left.indexOf(best.change), 1);
      if (best.wrong.length > 0)
        misses.push({ class: "row wrong", what: `${best.change.table}: ${best.wrong.join("; ")}` });
    }
  }
  for (const table of scenario.expect.may ?? []) {
    const at = left.findIndex((change) => change.table === table && change.before === undefined);
    if (at >= 0) left.splice(at, 1);
  }
  for (const { table, after, before } of left) {
    const kind = after?.kind === undefined ? "" : ` (${String(after.kind)})`;
    misses.push({ class: "row too many", what: `${table}${kind}${before === undefined ? "" : ", changed"}` });
  }
  return misses;
}

type Person = Ways["people"][string] | undefined;

/** Whoever leaves something behind is in the books by name and number. */
const isOwnContact = ({ table, after }: BookChange, person: Person): boolean =>
  table === "contact" && after !== undefined && after.phone === person?.phone && after.name === person?.name;

function wantedRows(scenario: Scenario, { noticed }: Marking, person: Person): Wanted[] {
  const caller: BookRow = person === undefined ? {} : { name: person.name, phone: person.phone };
  const wanted: Wanted[] = scenario.expect.rows.flatMap((row) =>
    Object.entries(row).map(([key, given]) => {
      const tables = key.split("|");
      // One that was there before is found by its id; its other fields are as they were.
      return {
        tables,
        fields: "id" in given ? given : { ...usualFields(tables[0] ?? "", scenario, caller), ...given },
      };
    }),
  );
  for (const { tables, fields } of [...wanted]) {
    const property = String(fields.property);
    if (tables[0] === "viewing" && !("id" in fields) && noticed.has(property))
      wanted.push({ tables: ["task"], fields: { kind: "notice", property } });
  }
  return wanted;
}

function usualFields(table: string, { wish, kind, address, postcode }: Scenario, caller: BookRow): BookRow {
  const start = wish.date === undefined || wish.time === undefined ? {} : { start: `${wish.date}T${wish.time}` };
  switch (table) {
    case "viewing":
      return { ...caller, ...start, property: wish.property ?? null, status: "booked" };
    case "valuation":
      return {
        ...caller,
        ...start,
        kind: kind ?? null,
        address: address ?? null,
        postcode: postcode ?? null,
        status: "booked",
      };
    case "maintenance":
      return { property: wish.property ?? null };
    case "ticket":
      return {};
    default:
      return caller;
  }
}

function differences(wanted: BookRow, row: BookRow, exactWords: boolean): string[] {
  return Object.entries(wanted).flatMap(([name, value]) => {
    const is = row[name];
    const isRight =
      typeof value === "string" && value.startsWith("~")
        ? exactWords
          ? new RegExp(value.slice(1), "i").test(String(is ?? ""))
          : String(is ?? "") !== ""
        : plain(is) === plain(value);
    return isRight ? [] : [`${name} is ${JSON.stringify(is ?? null)}, not ${JSON.stringify(value)}`];
  });
}

const plain = (cell: Cell | undefined): string =>
  String(cell ?? "")
    .toLowerCase()
    .replace(/[,.]/g, "")
    .replace(/\s+/g, " ")
    .trim();
