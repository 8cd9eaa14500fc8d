/** Which column of a CSV is which field of a listing: by its usual names, or as a mapping file says. */
import { z } from "zod";
import { AppError } from "../../app-error.ts";
import { jsonFault } from "../json-fault.ts";
import type { Property, PropertyStatus } from "../types.ts";

/** Headings and words as they are compared: small letters, words parted by one space. */
export const compared = (word: string) =>
  word
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();

export const columnNames = {
  id: ["id", "ref", "reference", "property ref", "property reference", "agent ref", "property id"],
  address: ["address", "display address", "full address", "property address", "address 1", "address line 1"],
  postcode: ["postcode", "post code", "postal code"],
  kind: ["kind", "transaction", "sale or let", "sales or lettings", "department", "listing type", "trans type"],
  status: ["status", "availability", "property status"],
  price: ["price", "asking price", "rent", "price or rent", "amount", "rent pcm"],
  beds: ["beds", "bedrooms", "bedroom count", "no of bedrooms", "number of bedrooms"],
  type: ["type", "property type", "style"],
  managed: ["managed", "fully managed", "service level", "management"],
  noticeHours: ["notice hours", "noticehours", "notice", "viewing notice"],
} as const satisfies Record<string, readonly string[]>;

export const kindWords: Readonly<Record<string, Property["kind"]>> = {
  sale: "sale",
  sales: "sale",
  "for sale": "sale",
  resale: "sale",
  buy: "sale",
  let: "let",
  lettings: "let",
  letting: "let",
  "to let": "let",
  rent: "let",
  rental: "let",
  "to rent": "let",
};

export const statusWords: Readonly<Record<string, PropertyStatus>> = {
  available: "available",
  "for sale": "available",
  "to let": "available",
  "under offer": "under-offer",
  reserved: "under-offer",
  sstc: "sold-stc",
  "sold stc": "sold-stc",
  "sold subject to contract": "sold-stc",
  sstcm: "sold-stc",
  "let agreed": "let-agreed",
  let: "let-agreed",
  withdrawn: "withdrawn",
  sold: "withdrawn",
  completed: "withdrawn",
  occupied: "occupied",
  tenanted: "occupied",
};

const name = z.string().min(1).max(200);
const oneOrMore = z.union([name, z.array(name).min(1)]);
const Kind = z.enum(["sale", "let"]);
const Status = z.enum(["available", "under-offer", "sold-stc", "let-agreed", "withdrawn", "occupied"]);
const worded = <T extends z.ZodType<string>>(value: T) =>
  z
    .strictObject({
      /** What the list's words mean. */
      words: z
        .record(z.string(), value)
        .default({})
        .transform((words) => Object.fromEntries(Object.entries(words).map(([word, is]) => [compared(word), is]))),
      /** Where the list has no such column, or nothing in it. */
      always: value.optional(),
    })
    .prefault({});

const Mapping = z.strictObject({
  delimiter: z.string().length(1).optional(),
  columns: z.partialRecord(z.enum(Object.keys(columnNames) as (keyof typeof columnNames)[]), oneOrMore).default({}),
  /** Fact → column: {"council-tax": "CT band"}. */
  facts: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "expected a fact like council-tax"), name).default({}),
  values: z.strictObject({ kind: worded(Kind), status: worded(Status) }).prefault({}),
});

export type Mapping = z.infer<typeof Mapping>;

export const usualMapping = (): Mapping => Mapping.parse({});

/** @throws AppError("invalid_input") naming the line or the field that is wrong. */
export function parseMapping(json: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ""));
  } catch {
    const { line, why } = jsonFault(json);
    throw new AppError("invalid_input", `The mapping is not JSON: line ${line}: ${why}.`);
  }
  const parsed = Mapping.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError("invalid_input", `The mapping: ${issue?.path.join(".") || "(top)"}: ${issue?.message}.`);
}
