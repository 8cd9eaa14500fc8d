/** Our calendars, read by a parser that is not ours (ical.js). */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import ICAL from "ical.js";
import { calendarText } from "../../../src/agency/feeds/calendar.ts";
import { escapeText, foldLine } from "../../../src/agency/feeds/content-lines.ts";
import type { FeedEntry } from "../../../src/agency/feeds/ports.ts";
import { addDays, atClock, clockFromMinutes, toInstant } from "../../../src/agency/local-time.ts";

const viewing: FeedEntry = {
  id: "4a1c",
  kind: "viewing",
  address: "Flat 2; The Old Mill, 14 Maple Road",
  postcode: "M21 4WB",
  start: "2026-11-24T10:05",
  minutes: 30,
  status: "booked",
  awaiting: undefined,
  contact: { name: "Siân O’Brien", phone: "+447700900123" },
  sequence: 2,
  changedAt: "2026-11-20T09:08:07.654Z",
};
const text = (entry: Partial<FeedEntry> = {}, contacts: "none" | "name" | "name-and-phone" = "none") =>
  calendarText({ name: "Beth Shaw (Harbour and Vale)", entries: [{ ...viewing, ...entry }], contacts });

function readBack(calendar: string) {
  const root = new ICAL.Component(ICAL.parse(calendar));
  const zone = root.getFirstSubcomponent("vtimezone");
  if (zone === null) throw new Error("no time zone");
  const london = new ICAL.Timezone(zone);
  const events = root.getAllSubcomponents("vevent").map((component) => new ICAL.Event(component));
  return { root, london, events };
}

/** Seconds since 1970, by the zone that the calendar itself brings along. */
function unixOf(time: ICAL.Time, zone: ICAL.Timezone): number {
  const copy = time.clone();
  copy.zone = zone;
  return copy.toUnixTime();
}

describe("a calendar", () => {
  test("says when, where, what and how often it was changed", () => {
    const { root, events } = readBack(text());
    const [event] = events;
    expect([root.getFirstPropertyValue("version"), root.getFirstPropertyValue("x-wr-calname")]).toEqual([
      "2.0",
      "Beth Shaw (Harbour and Vale)",
    ]);
    expect([event?.uid, event?.summary, event?.location, event?.sequence]).toEqual([
      "4a1c@gatehouse",
      "Viewing, Flat 2; The Old Mill, 14 Maple Road",
      "Flat 2; The Old Mill, 14 Maple Road, M21 4WB",
      2,
    ]);
    expect(event?.startDate.toString()).toBe("2026-11-24T10:05:00");
    expect(event?.endDate.toString()).toBe("2026-11-24T10:35:00");
    expect(event?.component.getFirstPropertyValue("last-modified")?.toString()).toBe("2026-11-20T09:08:07Z");
    expect(event?.component.getFirstPropertyValue("status")).toBe("CONFIRMED");
  });

  test("cancelled ones stay and take no time; unconfirmed ones say who is asked", () => {
    const [cancelled] = readBack(text({ status: "cancelled", awaiting: "vendor" })).events;
    const values = (event: ICAL.Event | undefined) =>
      ["status", "transp", "description"].map((name) => event?.component.getFirstPropertyValue(name));
    expect(values(cancelled)).toEqual(["CANCELLED", "TRANSPARENT", null]);
    const [asked] = readBack(text({ awaiting: "tenant" })).events;
    expect(values(asked)).toEqual(["TENTATIVE", "OPAQUE", "The tenant has still to agree."]);
  });

  test("names the caller only as far as it is told to", () => {
    expect(text()).not.toContain("Brien");
    expect(readBack(text({}, "name")).events[0]?.description).toBe("Siân O’Brien");
    expect(text({}, "name")).not.toContain("7700900123");
    expect(readBack(text({}, "name-and-phone")).events[0]?.description).toBe("Siân O’Brien, +447700900123");
  });

  test("an entry of which nobody knows when it was made, at no place", () => {
    const [event] = readBack(
      text({ kind: "annual-leave", address: "", postcode: "", changedAt: undefined, contact: undefined }, "name"),
    ).events;
    expect([event?.summary, event?.component.hasProperty("location")]).toEqual(["Annual leave", false]);
    expect(event?.component.getFirstPropertyValue("dtstamp")?.toString()).toBe("1970-01-01T00:00:00Z");
  });

  test("every minute of the diary is the same instant by the zone that the calendar brings along", () => {
    const day = fc.integer({ min: 0, max: 3_650 }).map((days) => addDays("2025-01-01", days));
    const near = fc.constantFrom("2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26");
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
    fc.assert(
      fc.property(fc.oneof(day, near), minute, fc.integer({ min: 1, max: 600 }), (date, from, minutes) => {
        // The hour that does not exist, and the one that comes twice, are told apart by no opening hours; libraries
        // differ about them (RFC 5545 §3.3.5 is obeyed by ours, see local-time.ts).
        fc.pre(!(/-(03-29|10-25)$/.test(date) && from >= 60 && from < 120));
        const start = atClock(date, clockFromMinutes(from));
        const { events, london } = readBack(text({ start, minutes }));
        const [event] = events;
        if (event === undefined) throw new Error("no event");
        expect(unixOf(event.startDate, london)).toBe(toInstant(start).getTime() / 1000);
        expect(event.duration.toSeconds()).toBe(minutes * 60);
      }),
      { numRuns: 300 },
    );
  });

  test("whatever an address contains comes back whole, in lines of 75 octets that are UTF-8 each", () => {
    const strict = new TextDecoder("utf-8", { fatal: true });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (address) => {
        fc.pre(address !== "");
        const calendar = new TextEncoder().encode(text({ address }));
        const lines = Buffer.from(calendar).toString("latin1").split("\r\n");
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/[\r\n]/);
          strict.decode(Buffer.from(line, "latin1"));
        }
        const { root, events } = readBack(strict.decode(calendar));
        expect(events).toHaveLength(1);
        expect(root.getAllProperties().map(({ name }) => name)).toEqual([
          "version",
          "prodid",
          "calscale",
          "name",
          "x-wr-calname",
          "refresh-interval",
          "x-published-ttl",
        ]);
        const seen = address.replace(/\r\n?/g, "\n").replace(/(?!\n)[\p{Cc}\u2028\u2029]/gu, "");
        expect(events[0]?.location).toBe(`${seen}, M21 4WB`);
      }),
      { numRuns: 500 },
    );
  });
});

test("a line is folded after 75 octets, never inside a character", () => {
  expect(foldLine("x".repeat(75))).toBe("x".repeat(75));
  expect(foldLine("x".repeat(76))).toBe(`${"x".repeat(75)}\r\n x`);
  expect(foldLine(`${"x".repeat(74)}é`)).toBe(`${"x".repeat(74)}\r\n é`);
  expect(foldLine("x".repeat(75 + 74 + 1))).toBe(`${"x".repeat(75)}\r\n ${"x".repeat(74)}\r\n x`);
});

test("text is escaped", () => {
  expect(escapeText("a\\b;c,d\r\ne\rf\ng\u0007:\u0085")).toBe("a\\\\b\\;c\\,d\\ne\\nf\\ng:");
});
