import { describe, expect, test } from "bun:test";
import {
  addDays,
  addMinutes,
  clockFromMinutes,
  clockOf,
  dateOf,
  isLocalTime,
  minutesOfDay,
  toInstant,
  toLocal,
  weekdayOf,
} from "../../src/agency/local-time.ts";

describe("local time", () => {
  test("agrees with the tz database from 2020 to 2039", () => {
    const shown = new Intl.DateTimeFormat("en-GB", {
      timeZone: "Europe/London",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    const wrong: string[] = [];
    const hourMs = 3_600_000;
    // Every seventh hour, and every half hour within two days of a change.
    for (let ms = Date.UTC(2020, 0, 1); ms < Date.UTC(2040, 0, 1); ms += near(ms) ? hourMs / 2 : 7 * hourMs) {
      const [date, clock] = shown.format(ms).split(", ");
      const expected = `${date?.split("/").reverse().join("-")}T${clock}`;
      if (toLocal(new Date(ms)) !== expected) wrong.push(expected);
    }
    expect(wrong).toEqual([]);

    function near(ms: number): boolean {
      const at = new Date(ms);
      return (at.getUTCMonth() === 2 || at.getUTCMonth() === 9) && at.getUTCDate() > 23;
    }
  });

  test("the gap: 01:30 on the last Sunday of March is the instant that shows as 02:30", () => {
    expect(toInstant("2027-03-28T00:59").toISOString()).toBe("2027-03-28T00:59:00.000Z");
    expect(toInstant("2027-03-28T01:30").toISOString()).toBe("2027-03-28T01:30:00.000Z");
    expect(toLocal(toInstant("2027-03-28T01:30"))).toBe("2027-03-28T02:30");
    expect(toInstant("2027-03-28T02:00").toISOString()).toBe("2027-03-28T01:00:00.000Z");
  });

  test("the overlap: 01:30 on the last Sunday of October is the first of the two", () => {
    expect(toInstant("2026-10-25T00:59").toISOString()).toBe("2026-10-24T23:59:00.000Z");
    expect(toInstant("2026-10-25T01:30").toISOString()).toBe("2026-10-25T00:30:00.000Z");
    expect(toInstant("2026-10-25T02:00").toISOString()).toBe("2026-10-25T02:00:00.000Z");
    expect(toLocal(new Date("2026-10-25T00:30:00Z"))).toBe("2026-10-25T01:30");
    expect(toLocal(new Date("2026-10-25T01:30:00Z"))).toBe("2026-10-25T01:30");
  });

  test("minutes are real time across a change", () => {
    expect(addMinutes("2026-10-25T00:30", 120)).toBe("2026-10-25T01:30");
    expect(addMinutes("2027-03-28T00:30", 60)).toBe("2027-03-28T02:30");
  });

  test("days of the calendar ignore clock changes", () => {
    expect(addDays("2026-10-24", 1)).toBe("2026-10-25");
    expect(addDays("2026-10-25", 1)).toBe("2026-10-26");
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2027-01-01", -1)).toBe("2026-12-31");
    expect(weekdayOf("2026-12-26")).toBe("sat");
  });

  test("parts and clocks", () => {
    expect(dateOf("2026-11-24T10:05")).toBe("2026-11-24");
    expect(clockOf("2026-11-24T10:05")).toBe("10:05");
    expect(minutesOfDay("09:30")).toBe(570);
    expect(clockFromMinutes(570)).toBe("09:30");
    expect(clockFromMinutes(1439)).toBe("23:59");
    expect(() => clockFromMinutes(1440)).toThrow("minute of a day");
    expect(() => minutesOfDay("24:00")).toThrow("HH:MM");
  });

  test("a date that does not exist is refused", () => {
    expect(isLocalTime("2026-02-30T10:00")).toBe(false);
    expect(isLocalTime("2026-02-28T10:00")).toBe(true);
    expect(() => toInstant("2026-02-30T10:00")).toThrow("not a local time");
    expect(() => weekdayOf("tomorrow")).toThrow("not a date");
  });
});
