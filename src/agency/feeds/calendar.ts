/** A negotiator's diary as an iCalendar object (RFC 5545), for calendar programs that fetch it again and again. */
import type { LocalTime } from "../types.ts";
import { contentLines, escapeText } from "./content-lines.ts";
import type { FeedContacts, FeedEntry } from "./ports.ts";

/**
 * The clock of the diary. The law's own rule since 1996 (see local-time.ts). A time that comes twice in October is the
 * first one, and one that is jumped over in March is counted as if the clock had not jumped (RFC 5545 §3.3.5): as here.
 */
const timeZone = [
  "BEGIN:VTIMEZONE",
  "TZID:Europe/London",
  "BEGIN:DAYLIGHT",
  "DTSTART:19810329T010000",
  "TZOFFSETFROM:+0000",
  "TZOFFSETTO:+0100",
  "TZNAME:BST",
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
  "END:DAYLIGHT",
  "BEGIN:STANDARD",
  "DTSTART:19961027T020000",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0000",
  "TZNAME:GMT",
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
  "END:STANDARD",
  "END:VTIMEZONE",
];

export type Calendar = { name: string; entries: readonly FeedEntry[]; contacts: FeedContacts };

/**
 * The same diary gives the same text, byte for byte. It has no METHOD, as it is no message to be answered; then DTSTAMP
 * is when the appointment was last changed (RFC 5545 §3.8.7.2).
 */
export function calendarText({ name, entries, contacts }: Calendar): string {
  return contentLines([
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Gatehouse//Diary//EN",
    "CALSCALE:GREGORIAN",
    // RFC 7986 §5.1, §5.7, and what programs knew before it.
    `NAME:${escapeText(name)}`,
    `X-WR-CALNAME:${escapeText(name)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
    "X-PUBLISHED-TTL:PT15M",
    ...timeZone,
    ...entries.flatMap((entry) => eventLines(entry, contacts)),
    "END:VCALENDAR",
  ]);
}

/** DTSTAMP must be there (§3.6.1); programs take the greater one for the newer, and any change is greater than this. */
const beforeAnyChange = "19700101T000000Z";
/** 2026-11-24T10:05:07.123Z → 20261124T100507Z */
const utcText = (iso: string) => iso.replace(/\.\d+/, "").replace(/[-:]/g, "");
/** 2026-11-24T10:05 → 20261124T100500 */
const localText = (time: LocalTime) => `${time.replace(/[-:]/g, "")}00`;

function eventLines(entry: FeedEntry, contacts: FeedContacts): string[] {
  const { id, address, postcode, start, minutes, status, awaiting, sequence, changedAt } = entry;
  const changed = changedAt === undefined ? beforeAnyChange : utcText(changedAt);
  const place = [address, postcode].filter((part) => part !== "").join(", ");
  const notes = notesOf(entry, contacts);
  return [
    "BEGIN:VEVENT",
    `UID:${escapeText(id)}@gatehouse`,
    `DTSTAMP:${changed}`,
    ...(changedAt === undefined ? [] : [`LAST-MODIFIED:${changed}`]),
    `SEQUENCE:${sequence}`,
    `DTSTART;TZID=Europe/London:${localText(start)}`,
    // Minutes of a duration are real time (§3.3.6): right even where the clock changes during the appointment.
    `DURATION:PT${minutes}M`,
    `SUMMARY:${escapeText(titleOf(entry))}`,
    ...(place === "" ? [] : [`LOCATION:${escapeText(place)}`]),
    ...(notes === "" ? [] : [`DESCRIPTION:${escapeText(notes)}`]),
    `STATUS:${status === "cancelled" ? "CANCELLED" : awaiting === undefined ? "CONFIRMED" : "TENTATIVE"}`,
    `TRANSP:${status === "cancelled" ? "TRANSPARENT" : "OPAQUE"}`,
    "CLASS:PRIVATE",
    "END:VEVENT",
  ];
}

function titleOf({ kind, address, status }: FeedEntry): string {
  const what = `${kind.charAt(0).toUpperCase()}${kind.slice(1).replaceAll("-", " ")}`;
  return `${status === "cancelled" ? "Cancelled: " : ""}${what}${address === "" ? "" : `, ${address}`}`;
}

function notesOf({ contact, awaiting, status }: FeedEntry, contacts: FeedContacts): string {
  const lines: string[] = [];
  if (contact !== undefined && contacts !== "none") {
    lines.push(contacts === "name" ? contact.name : `${contact.name}, ${contact.phone}`);
  }
  if (awaiting !== undefined && status === "booked") lines.push(`The ${awaiting} has still to agree.`);
  return lines.join("\n");
}
