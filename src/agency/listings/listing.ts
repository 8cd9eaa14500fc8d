/** What a list of homes says of one, whatever its format; and what is wrong with a row that cannot be taken. */
import { AppError } from "../../app-error.ts";
import type { Property, PropertyStatus } from "../types.ts";

/** `managed` and `noticeHours` are what the agency knows, not the portal: undefined leaves them as they are. */
export type Listing = Omit<Property, "managed" | "noticeHours"> &
  Partial<Pick<Property, "managed" | "noticeHours">> & {
    /** Of the row's beginning in its file, from 1. */
    line: number;
  };

export type Reject = {
  line: number;
  /** "" if the row has none. */
  reference: string;
  /** As the file calls it. */
  field: string;
  reason: string;
};

export type ReadList = {
  listings: Listing[];
  rejects: Reject[];
  /** Facts that this list tells of: where it does not, they are not so any more. Others are the agency's own. */
  ownFacts: readonly string[];
  /** What is odd about the file and stops nothing. */
  warnings: string[];
};

/** A row's fault, on its way to the list of rejects. */
export class RowFault extends Error {
  readonly field: string;
  constructor(field: string, reason: string) {
    super(reason);
    this.name = "RowFault";
    this.field = field;
  }
}

const longestReference = 100;
/** No agency has as many homes; each row may leave a reject behind, and those are kept. */
const mostRows = 50_000;

/**
 * Takes what `read` returns; what it refuses with RowFault becomes a reject. References are there once.
 * @throws AppError("invalid_input") if there are more than `mostRows`.
 */
export function takeRows<R>(
  rows: readonly { line: number; row: R }[],
  referenceOf: (row: R) => string,
  referenceField: string,
  read: (row: R) => Omit<Listing, "line">,
): Pick<ReadList, "listings" | "rejects"> {
  if (rows.length > mostRows) {
    throw new AppError("invalid_input", `The list has ${rows.length} rows, and ${mostRows} are read at most.`);
  }
  const listings: Listing[] = [];
  const rejects: Reject[] = [];
  const seen = new Set<string>();
  for (const { line, row } of rows) {
    const reference = referenceOf(row);
    try {
      if (reference === "") throw new RowFault(referenceField, "it is missing");
      if (reference.length > longestReference) {
        throw new RowFault(referenceField, `it is longer than ${longestReference} letters`);
      }
      if (/\p{Cc}/u.test(reference)) throw new RowFault(referenceField, "it holds a control character");
      if (seen.has(reference)) throw new RowFault(referenceField, "it is in the file twice: the first row counts");
      seen.add(reference);
      listings.push({ ...read(row), line });
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      rejects.push({
        line,
        reference: withoutControls(reference.slice(0, longestReference)),
        field: error.field,
        reason: error.message,
      });
    }
  }
  return { listings, rejects };
}

const mostPounds = 1_000_000_000;

const longestAddress = 200;

/** On one line, as it is said and shown. @throws RowFault: a description in the address's column is read to no caller. */
export function addressOf(field: string, text: string): string {
  const address = withoutControls(text).replace(/\s+/g, " ").trim();
  if (address === "") throw new RowFault(field, "the address is missing");
  if (address.length <= longestAddress) return address;
  throw new RowFault(field, `the address is longer than ${longestAddress} letters`);
}

/** "£395,000", "1250.00" → whole pounds. @throws RowFault. */
export function poundsOf(field: string, text: string): number {
  if (text.trim() === "") throw new RowFault(field, "the price is missing");
  const digits = text.replace(/[£,\s]/g, "");
  if (!/^\d+(\.\d{1,2})?$/.test(digits)) throw new RowFault(field, `"${shown(text)}" is not a price`);
  const pounds = Math.round(Number(digits));
  if (pounds < 1 || pounds > mostPounds) throw new RowFault(field, `${digits} is not the price of a home`);
  return pounds;
}

/** @throws RowFault. */
export function bedsOf(field: string, text: string): number {
  const trimmed = text.trim();
  if (trimmed === "") throw new RowFault(field, "the number of bedrooms is missing");
  if (/^studio$/i.test(trimmed)) return 0;
  if (!/^\d{1,2}(\.0+)?$/.test(trimmed)) throw new RowFault(field, `"${shown(text)}" is not a number of bedrooms`);
  return Number(trimmed);
}

const outward = /^[A-Z]{1,2}\d[A-Z\d]?$/;
const inward = /^\d[A-BD-HJLNP-UW-Z]{2}$/;

/** Both halves, in capitals with one space. @throws RowFault naming the half that is wrong. */
export function postcodeOf(first: { field: string; text: string }, second: { field: string; text: string }): string {
  const halves = [first, second].map(({ field, text }, index) => {
    const half = text.trim().toUpperCase();
    if (half === "") throw new RowFault(field, "the postcode is not whole");
    if (!(index === 0 ? outward : inward).test(half)) {
      throw new RowFault(field, `"${shown(text)}" is not the ${index === 0 ? "first" : "second"} half of a postcode`);
    }
    return half;
  });
  return halves.join(" ");
}

/** Rent for a calendar month. */
export const perWeek = (pounds: number): number => Math.round((pounds * 52) / 12);

/** Only what is on the market can be offered to callers; of what has ended there is nothing to withdraw. */
export const isOnMarket = ({ status }: { status: PropertyStatus }): boolean =>
  status !== "withdrawn" && status !== "occupied";

/** A file can hold anything, also what makes a terminal do things. */
const withoutControls = (text: string): string => text.replace(/\p{Cc}+/gu, " ");

/** A value as a message may quote it. */
export const shown = (text: string): string => withoutControls(text.trim().slice(0, 40));
