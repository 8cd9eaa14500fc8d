/**
 * Rightmove's bulk load format, version 3: a header that names the delimiters, a definition that names the fields, then
 * the data, all between lines that begin and end with #. Media are not read.
 */
import { AppError } from "../../app-error.ts";
import { isLocalDate } from "../local-time.ts";
import type { PropertyStatus } from "../types.ts";
import { blmAddress, blmFactKeys, blmFacts, blmType } from "./blm-codes.ts";
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

export const isBlm = (text: string): boolean => /^\s*#HEADER#/.test(text);

type Header = { fieldEnd: string; recordEnd: string; count: number | undefined };
type Field = (name: string) => string;

/** Without these columns no row of the file could be taken. */
const needed = ["AGENT_REF", "ADDRESS_1", "POSTCODE1", "POSTCODE2", "BEDROOMS", "PRICE", "TRANS_TYPE_ID"];

/** @throws AppError("invalid_input") if the file as a whole is not BLM of version 3, or is cut off. */
export function readBlm(text: string): ReadList {
  const { header, definition, data, dataLine } = sectionsOf(text);
  const { fieldEnd, recordEnd, count } = headerOf(header);
  const columns = columnsOf(definition, fieldEnd, recordEnd);
  const rows = recordsOf(data, recordEnd, dataLine).map(({ line, record }) => ({
    line,
    row: fieldsOf(record, fieldEnd, columns),
  }));
  const warnings =
    count === undefined || count === rows.length
      ? []
      : [`The header announces ${count} properties, the file has ${rows.length}.`];
  return {
    ...takeRows(rows, (row) => row.field("AGENT_REF"), "AGENT_REF", listingOf),
    ownFacts: blmFactKeys,
    warnings,
  };
}

/** Sought one after the other, each once: a file of section names and nothing else must not hold up the office. */
function sectionsOf(text: string) {
  const afterHeader = text.indexOf("#HEADER#") + "#HEADER#".length;
  const definition = text.indexOf("#DEFINITION#", afterHeader);
  const afterDefinition = definition + "#DEFINITION#".length;
  const data = definition < 0 ? -1 : text.indexOf("#DATA#", afterDefinition);
  if (!isBlm(text) || data < 0)
    throw notBlm("it has not the sections #HEADER#, #DEFINITION# and #DATA#, in this order");
  const from = data + "#DATA#".length;
  const end = text.lastIndexOf("#END#");
  if (end < from) throw notBlm("it has no #END#: the file was cut off on its way");
  return {
    header: text.slice(afterHeader, definition),
    definition: text.slice(afterDefinition, data),
    data: text.slice(from, end),
    dataLine: text.slice(0, from).split("\n").length,
  };
}

const notBlm = (why: string) => new AppError("invalid_input", `The list is not BLM version 3: ${why}.`);

function headerOf(header: string): Header {
  const value = (name: string) => new RegExp(`^[ \\t]*${name}[ \\t]*:(.*)$`, "im").exec(header)?.[1]?.trim();
  const version = value("Version") ?? "3";
  if (!/^3/.test(version)) throw notBlm(`its version is "${shown(version)}"`);
  const delimiter = (name: string, usual: string) => {
    const text = value(name);
    const found = text === undefined ? usual : text.replace(/^(['"])(.+)\1$/, "$2");
    if (found.length !== 1) throw notBlm(`its ${name} is not one character between ' and '`);
    return found;
  };
  const count = value("Property Count");
  const [fieldEnd, recordEnd] = [delimiter("EOF", "^"), delimiter("EOR", "~")];
  if (fieldEnd === recordEnd) throw notBlm("its EOF and EOR are the same");
  return { fieldEnd, recordEnd, count: count && /^\d+$/.test(count) ? Number(count) : undefined };
}

function columnsOf(definition: string, fieldEnd: string, recordEnd: string): string[] {
  const columns = definition
    .split(recordEnd)[0]
    ?.split(fieldEnd)
    .map((name) => name.trim().toUpperCase());
  if (columns?.at(-1) === "") columns.pop();
  const missing = needed.filter((name) => !columns?.includes(name));
  if (columns === undefined || missing.length > 0) throw notBlm(`its definition lacks ${missing.join(", ")}`);
  return columns;
}

function recordsOf(data: string, recordEnd: string, firstLine: number): { line: number; record: string }[] {
  const records: { line: number; record: string }[] = [];
  let line = firstLine;
  for (const part of data.split(recordEnd)) {
    const record = part.trimStart();
    const before = part.slice(0, part.length - record.length);
    line += before.split("\n").length - 1;
    if (record !== "") records.push({ line, record });
    line += record.split("\n").length - 1;
  }
  return records;
}

type Row = { field: Field; fault: RowFault | undefined };

/** Each field ends with the delimiter, the last one too; some programs leave that out. */
function fieldsOf(record: string, fieldEnd: string, columns: readonly string[]): Row {
  const fields = record.split(fieldEnd).map((field) => field.trim());
  if (fields.length === columns.length + 1 && fields.at(-1) === "") fields.pop();
  const byName = new Map(columns.map((name, index) => [name, fields[index] ?? ""]));
  const wrong = fields.length !== columns.length;
  return {
    field: (name) => byName.get(name) ?? "",
    fault: wrong ? new RowFault("", `${fields.length} fields where ${columns.length} are defined`) : undefined,
  };
}

function listingOf({ field, fault }: Row): Omit<Listing, "line"> {
  if (fault !== undefined) throw fault;
  const kind = kindOf(field);
  const address = addressOf("ADDRESS_1", blmAddress(field));
  for (const name of ["CREATE_DATE", "UPDATE_DATE", "LET_DATE_AVAILABLE"]) checkDate(name, field(name));
  return {
    id: field("AGENT_REF"),
    address,
    postcode: postcodeOf(
      { field: "POSTCODE1", text: field("POSTCODE1") },
      { field: "POSTCODE2", text: field("POSTCODE2") },
    ),
    kind,
    status: statusOf(field),
    price: priceOf(field, kind),
    beds: bedsOf("BEDROOMS", field("BEDROOMS")),
    type: blmType(field("PROP_SUB_ID")),
    facts: blmFacts(field, kind),
  };
}

function kindOf(field: Field): Listing["kind"] {
  const text = field("TRANS_TYPE_ID");
  if (text === "1") return "sale";
  if (text === "2") return "let";
  throw new RowFault(
    "TRANS_TYPE_ID",
    text === "" ? "it is missing" : `"${shown(text)}" is neither 1 (sale) nor 2 (let)`,
  );
}

/** Available, sold subject to contract (also as Scotland has it), under offer, reserved, let agreed. */
const statuses = ["available", "sold-stc", "sold-stc", "under-offer", "under-offer", "let-agreed"] as const;

function statusOf(field: Field): PropertyStatus {
  if (field("PUBLISHED_FLAG") === "0") return "withdrawn"; // hidden: nobody is to be told of it
  const text = field("STATUS_ID");
  const status = text === "" ? statuses[0] : /^\d$/.test(text) ? statuses[Number(text)] : undefined;
  if (status === undefined) throw new RowFault("STATUS_ID", `"${shown(text)}" is not a status (0 to 5)`);
  return status;
}

function priceOf(field: Field, kind: Listing["kind"]): number {
  const pounds = poundsOf("PRICE", field("PRICE"));
  if (kind === "sale") return pounds;
  const often = field("LET_RENT_FREQUENCY");
  switch (often) {
    case "":
    case "1":
      return pounds;
    case "0":
    case "5": // for each person: said so in the facts
      return perWeek(pounds);
    case "2":
      return Math.round(pounds / 3);
    case "3":
      return Math.round(pounds / 12);
    default:
      throw new RowFault("LET_RENT_FREQUENCY", `"${shown(often)}" is not 0, 1, 2, 3 or 5`);
  }
}

/** "2026-11-24 10:05:00", or the date alone. */
function checkDate(name: string, text: string): void {
  if (text === "") return;
  const right = /^\S{10}( ([01]\d|2[0-3]):[0-5]\d:[0-5]\d)?$/.test(text) && isLocalDate(text.slice(0, 10));
  if (!right) throw new RowFault(name, `"${shown(text)}" is not a date, YYYY-MM-DD HH:MM:SS`);
}
