/** The diary as cells of five minutes. A negotiator is taken until the travel after an appointment is over. */
import { toInstant } from "./local-time.ts";
import type { Cell } from "./ports.ts";
import type { LocalTime } from "./types.ts";

export const cellMinutes = 5;
const cellMs = cellMinutes * 60_000;

export const staffResource = (staffId: string) => `staff:${staffId}`;
export const propertyResource = (propertyId: string) => `property:${propertyId}`;

/** The cell in which that instant lies. Counted in real time, so that clock changes neither double nor lose one. */
export const cellOf = (start: LocalTime): number => Math.floor(toInstant(start).getTime() / cellMs);

/** How many cells that many minutes need. */
export const cellsFor = (minutes: number): number => Math.ceil(minutes / cellMinutes);

export type Occupying = {
  start: LocalTime;
  minutes: number;
  propertyId: string | undefined;
  staffId: string | undefined;
};

/** What an appointment takes: the property while it lasts, the negotiator until the next place can be reached. */
export function cellsOf({ start, minutes, propertyId, staffId }: Occupying, travelMinutes: number): Cell[] {
  const first = cellOf(start);
  const run = (resource: string, length: number): Cell[] =>
    Array.from({ length }, (_, index) => ({ resource, cell: first + index }));
  return [
    ...(propertyId === undefined ? [] : run(propertyResource(propertyId), cellsFor(minutes))),
    ...(staffId === undefined ? [] : run(staffResource(staffId), cellsFor(minutes + travelMinutes))),
  ];
}
