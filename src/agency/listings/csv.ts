/** A list of homes as CSV (RFC 4180, and what office programs make of it), its columns mapped to a listing's fields. */
import { CsvError, parse } from "csv-parse/sync";
import { AppError } from "../../app-error.ts";
import { columnNames, compared, kindWords, type Mapping, statusWords } from "./csv-mapping.ts";
import {
  addressOf,
  bedsOf,
  type Listing,
  perWeek,
  postcodeOf,
  poundsOf,
  type ReadList,
  RowFault,
  shown,
  takeRows,
} from "./listing.ts";

/** @throws AppError("invalid_input") naming the line or column, if the file as a whole cannot be read. */
export function readCsv(text: string, mapping: Mapping): ReadList {
  const [head, ...records] = recordsOf(text, mapping.delimiter ?? delimiterOf(text));
  if (head === undefined) throw new AppError("invalid_input", "The list is empty.");
  const columns = columnsOf(head.record, mapping);
  const rows = records.map(({ line, record }) => ({ line, row: rowOf(record, columns, head.record.length) }));
  const field = columns.get("id")?.names.join(" + ") ?? "id";
  const read = takeRows(
    rows,
    (row) => row.text("id"),
    field,
    (row) => listingOf(row, mapping),
  );
  return { ...read, ownFacts: Object.keys(mapping.facts), warnings: [] };
}

type Record_ = { line: number; record: string[] };

function recordsOf(text: string, delimiter: string): Record_[] {
  try {
    const parsed = parse(text, {
      bom: true,
      delimiter,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      // Strict: a quotation mark that is not closed would swallow the rows up to the next one, and their homes would be
      // withdrawn. The file is refused as a whole.
      relax_quotes: false,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    // `lines` is that of a record's end; a quoted field may hold line breaks.
    return parsed
      .map(({ record, info }) => ({ record, line: info.lines - record.join("").split("\n").length + 1 }))
      .filter(({ record }) => record.some((field) => field !== ""));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error.lines);
    throw new AppError(
      "invalid_input",
      `The list cannot be read as CSV: line ${line}: ${faults[error.code] ?? error.code}.`,
    );
  }
}

/** The library's own messages quote the file. */
const faults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quotation mark that is not closed",
  CSV_INVALID_CLOSING_QUOTE: "a quotation mark in the middle of a field",
  INVALID_OPENING_QUOTE: "a quotation mark in the middle of a field",
};

/** Whichever parts the first line most. */
function delimiterOf(text: string): string {
  const line = text.replace(/^\uFEFF/, "").split(/\r?\n/, 1)[0] ?? "";
  const count = (delimiter: string) => line.split(delimiter).length;
  return [",", ";", "\t", "|"].reduce((best, next) => (count(next) > count(best) ? next : best));
}

type Columns = ReadonlyMap<string, { names: string[]; at: number[] }>;

/** Where each field of a listing is found. @throws AppError naming the column that is not there. */
function columnsOf(head: readonly string[], { columns, facts, values }: Mapping): Columns {
  const found = new Map<string, { names: string[]; at: number[] }>();
  const find = (names: readonly string[]) => {
    const at = names.map((name) => {
      const index = head.findIndex((column) => compared(column) === compared(name));
      if (index >= 0) return index;
      throw new AppError(
        "invalid_input",
        `The mapping names the column "${shown(name)}", the list has: ${head.map(shown).join(", ")}.`,
      );
    });
    return { names: at.map((index) => head[index] ?? ""), at };
  };
  for (const [field, usual] of Object.entries(columnNames) as [string, readonly string[]][]) {
    const mapped = columns[field as keyof typeof columns];
    if (mapped !== undefined) found.set(field, find([mapped].flat()));
    else {
      const index = head.findIndex((column) => usual.includes(compared(column)));
      if (index >= 0) found.set(field, { names: [head[index] ?? ""], at: [index] });
    }
  }
  for (const [fact, name] of Object.entries(facts)) found.set(`fact ${fact}`, find([name]));
  const missing = ["id", "address", "postcode", "price", "beds"].filter((field) => !found.has(field));
  if (!found.has("kind") && values.kind.always === undefined) missing.push("kind");
  if (missing.length === 0) return found;
  throw new AppError(
    "invalid_input",
    `The list has no column for ${missing.join(", ")}: name them in a mapping. It has: ${head.map(shown).join(", ")}.`,
  );
}

type Row = {
  /** The field's columns, joined; "" if the list has none. */
  text(field: string): string;
  /** As the list calls it. */
  nameOf(field: string): string;
  facts(): Record<string, string>;
  fault: RowFault | undefined;
};

function rowOf(record: readonly string[], columns: Columns, width: number): Row {
  const parts = (field: string) =>
    (columns.get(field)?.at ?? []).map((index) => record[index] ?? "").filter((part) => part !== "");
  return {
    // "14" and "Mill Lane" are one line of an address, "Flat 2" and "14 Mill Lane" are two.
    text: (field) =>
      parts(field).reduce(
        (left, part) => (left === "" ? part : `${left}${/^\d+[a-z]?$/i.test(left) ? " " : ", "}${part}`),
        "",
      ),
    nameOf: (field) => columns.get(field)?.names.join(" + ") ?? field,
    facts: () =>
      Object.fromEntries(
        [...columns.keys()]
          .filter((key) => key.startsWith("fact ") && parts(key).length > 0)
          .map((key) => [key.slice(5), parts(key).join(", ").slice(0, 2_000)]),
      ),
    fault:
      record.length === width
        ? undefined
        : new RowFault("", `${record.length} fields where the first line has ${width}`),
  };
}

function listingOf(row: Row, { values }: Mapping): Omit<Listing, "line"> {
  if (row.fault !== undefined) throw row.fault;
  const address = addressOf(row.nameOf("address"), row.text("address"));
  const kind = worded(row, "kind", { ...kindWords, ...values.kind.words }, values.kind.always);
  const noticeHours = wholeOf(row, "noticeHours");
  const managed = yesOf(row, "managed");
  return {
    id: row.text("id"),
    address,
    postcode: wholePostcode(row),
    kind,
    status: worded(row, "status", { ...statusWords, ...values.status.words }, values.status.always ?? "available"),
    price: priceOf(row, kind),
    beds: bedsOf(row.nameOf("beds"), row.text("beds")),
    type: row.text("type").toLowerCase(),
    facts: row.facts(),
    ...(noticeHours === undefined ? {} : { noticeHours }),
    ...(managed === undefined ? {} : { managed }),
  };
}

/** @param otherwise What an empty cell means; undefined: it may not be empty. */
function worded<T extends string>(row: Row, field: string, words: Readonly<Record<string, T>>, otherwise?: T): T {
  const text = row.text(field);
  const word = compared(text);
  // Not what every object answers to: a cell can hold "constructor".
  const known = Object.hasOwn(words, word) ? words[word] : undefined;
  const found = text === "" ? otherwise : known;
  if (found !== undefined) return found;
  const reason = text === "" ? "it is missing" : `"${shown(text)}" is not known: the mapping can say what it means`;
  throw new RowFault(row.nameOf(field), reason);
}

function wholePostcode(row: Row): string {
  const text = row.text("postcode").replace(/[\s,]/g, "");
  const field = row.nameOf("postcode");
  return postcodeOf({ field, text: text.slice(0, -3) }, { field, text: text.slice(-3) });
}

function priceOf(row: Row, kind: Listing["kind"]): number {
  const [field, text] = [row.nameOf("price"), row.text("price")];
  const weekly = /\b(pw|p\.w\.?|per week|weekly)\s*$/i.test(text);
  const bare = text.replace(/(pcm|p\.c\.m\.?|pw|p\.w\.?|per (calendar )?month|per week|monthly|weekly)\s*$/i, "");
  const pounds = poundsOf(field, bare);
  return kind === "let" && weekly ? perWeek(pounds) : pounds;
}

function wholeOf(row: Row, field: string): number | undefined {
  const text = row.text(field);
  if (text === "") return undefined;
  if (/^\d{1,4}$/.test(text) && Number(text) <= 24 * 60) return Number(text);
  throw new RowFault(row.nameOf(field), `"${shown(text)}" is not a number of hours (0 to 1440)`);
}

function yesOf(row: Row, field: string): boolean | undefined {
  const text = row.text(field).toLowerCase();
  if (text === "") return undefined;
  if (["yes", "y", "true", "1", "managed", "fully managed"].includes(text)) return true;
  if (["no", "n", "false", "0", "let only", "tenant find"].includes(text)) return false;
  throw new RowFault(row.nameOf(field), `"${shown(text)}" is neither yes nor no`);
}
