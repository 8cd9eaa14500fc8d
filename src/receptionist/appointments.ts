/** The appointments of a caller who has given the name and the number on them. */
import type { FoundAppointment } from "../agency/enquiries.ts";
import { clockOf, dateOf } from "../agency/local-time.ts";
import type { Draft } from "./draft.ts";
import { parseAddress } from "./understanding/addresses.ts";
import { tokenise } from "./understanding/tokens.ts";
import type { Understanding } from "./understanding/understand.ts";
import { dateInWords, timeInWords } from "./wording.ts";

/** "viewing of 14 Maple Road, on Saturday the 28th of November at 11 o'clock". */
export function appointmentInWords({ state }: Draft, id: string): string {
  const found = state.found.find((one) => one.id === id);
  if (found === undefined) return "appointment";
  return `${placeInWords(found)}, on ${dateInWords(dateOf(found.start))} at ${timeInWords(clockOf(found.start))}`;
}

/** "viewing of 14 Maple Road". */
export const placeInWords = ({ kind, address }: FoundAppointment): string =>
  `${kind} ${kind === "viewing" ? "of" : "at"} ${address}`;

/** Which of them the words name: by its day, its hour, its place or its kind; undefined: none, or several. */
export function appointmentMeant({ state }: Draft, heard: Understanding): FoundAppointment | undefined {
  const { date, time, property, text } = heard;
  const fits = (one: FoundAppointment): boolean =>
    (date?.kind !== "on" || dateOf(one.start) === date.date) &&
    (time?.kind !== "at" || clockOf(one.start) === time.clock) &&
    (property?.kind !== "one" || one.propertyId === property.id) &&
    (!/\bvaluation\b/i.test(text) || one.kind === "valuation") &&
    (!/\bviewing\b/i.test(text) || one.kind === "viewing");
  const isNamed = (date ?? time ?? property) !== undefined || /\b(?:valuation|viewing)\b/i.test(text);
  const fitting = isNamed ? state.found.filter(fits) : [];
  if (fitting.length === 1) return fitting[0];
  const placed = state.found.filter(({ address }) => namesPlace(text, address));
  return placed.length === 1 ? placed[0] : undefined;
}

/** "The one in Gilesgate." */
function namesPlace(text: string, address: string): boolean {
  const said = new Set(tokenise(text).map(({ word }) => word));
  const { name } = parseAddress(address);
  return name !== "" && name.split(" ").every((word) => said.has(word));
}
