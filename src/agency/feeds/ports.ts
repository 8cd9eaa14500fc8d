/** A negotiator's diary as a calendar program is given it. */
import type { LocalTime, Viewing } from "../types.ts";

export type FeedEntry = {
  id: string;
  /** "viewing", "valuation", or as the agency's own diary calls it. */
  kind: string;
  /** Empty where the appointment is at no place: a holiday. */
  address: string;
  postcode: string;
  start: LocalTime;
  minutes: number;
  status: "booked" | "cancelled";
  awaiting: Viewing["awaiting"];
  contact: { name: string; phone: string } | undefined;
  /** 0 as it was made, one more with each change. */
  sequence: number;
  /** ISO, UTC; undefined: never since it was imported, and nobody knows when it was made. */
  changedAt: string | undefined;
};

/** How much of the caller goes out with an appointment. */
export type FeedContacts = "none" | "name" | "name-and-phone";

export interface FeedDiary {
  /** That negotiator's appointments that start `from` up to, not including, `until`; cancelled ones too; in order. */
  ofStaff(staffId: string, from: LocalTime, until: LocalTime): FeedEntry[];
}
