/** What the words for a day come to. */
import type { LocalDate } from "../../agency/types.ts";

export type DateReading =
  | { kind: "on"; date: LocalDate; certainty: number }
  /** The words fit two days equally: ask which. */
  | { kind: "either"; dates: [LocalDate, LocalDate] }
  /** "next week", "the weekend": which day of it? Both ends included. */
  | { kind: "within"; from: LocalDate; until: LocalDate }
  /** "as soon as possible", "any day". */
  | { kind: "earliest" };

export type DateAt = { reading: DateReading; from: number; to: number };

export type Found = { reading: DateReading; to: number } | undefined;

export const on = (date: LocalDate | undefined, certainty: number, to: number): Found =>
  date === undefined ? undefined : { reading: { kind: "on", date, certainty }, to };
