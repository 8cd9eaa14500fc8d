import { describe, expect, test } from "bun:test";
import { createAgencyView } from "../../src/agency/agency-view.ts";
import { cellsOf } from "../../src/agency/diary-cells.ts";
import { hoursOn } from "../../src/agency/opening-hours.ts";
import type { Catalogue, Cell } from "../../src/agency/ports.ts";
import { parseSeed } from "../../src/agency/seed.ts";
import type { Jurisdiction } from "../../src/agency/types.ts";

const week = { mon: ["09:00", "18:00"], tue: ["09:00", "18:00"], wed: ["09:00", "18:00"], sat: ["09:00", "16:00"] };
const monday = "2026-11-23T08:00";

function agencyWith(over: Record<string, unknown> = {}, taken: Cell[] = []) {
  const seed = parseSeed({
    branches: [{ id: "b", name: "B", hours: week, closed: ["2026-12-02"] }],
    staff: [{ id: "beth", name: "Beth", department: "sales", rota: week }],
    properties: [{ id: "p", address: "14 Maple Road" }],
    ...over,
  });
  return createAgencyView({
    catalogue: () => seed as Catalogue,
    taken: (resources, from, until) =>
      taken.filter(({ resource, cell }) => resources.includes(resource) && cell >= from && cell < until),
  });
}

const entry = (start: string, propertyId: string | undefined, staffId: string | undefined, minutes = 30) =>
  cellsOf({ start, minutes, propertyId, staffId }, 15);

describe("opening hours", () => {
  const on = (day: string, jurisdiction: Jurisdiction = "england-and-wales") =>
    agencyWith({ agency: { jurisdiction } }).hoursOn(day);

  test("of the weekday; closed where there are none, on closures and on bank holidays", () => {
    expect(on("2026-11-23")).toEqual({ opens: "09:00", closes: "18:00" });
    expect(on("2026-11-28")).toEqual({ opens: "09:00", closes: "16:00" });
    expect(on("2026-11-26")).toBeUndefined(); // a Thursday without hours
    expect(on("2026-12-02")).toBeUndefined(); // a closure
    expect(on("2026-12-26")).toBeUndefined(); // Boxing Day, a Saturday
    expect(on("2026-12-28")).toBeUndefined(); // its substitute
    expect(on("2026-12-30")).toEqual({ opens: "09:00", closes: "18:00" });
    expect(on("nonsense")).toBeUndefined();
  });

  test("bank holidays are those of the agency's jurisdiction", () => {
    expect(on("2026-11-30", "scotland")).toBeUndefined();
    expect(on("2026-11-30")).toBeDefined();
    expect(on("2027-03-17", "northern-ireland")).toBeUndefined();
    expect(on("2027-03-17", "scotland")).toBeDefined();
  });

  test("of several branches: from the first to open until the last to close", () => {
    const { branches } = parseSeed({
      branches: [
        { id: "a", name: "A", hours: { mon: ["10:00", "17:00"] }, closed: [] },
        { id: "b", name: "B", hours: { mon: ["09:00", "16:00"] }, closed: ["2026-11-30"] },
      ],
    });
    const agency = { name: "", jurisdiction: "england-and-wales", travelMinutes: 0 } as const;
    expect(hoursOn({ agency, branches }, "2026-11-23")).toEqual({ opens: "09:00", closes: "17:00" });
    expect(hoursOn({ agency, branches }, "2026-11-30")).toEqual({ opens: "10:00", closes: "17:00" });
  });
});

describe("free times", () => {
  test("from opening, the last one ends at closing, on any five minutes", () => {
    const view = agencyWith();
    const free = (clock: string) => view.isFree("p", `2026-11-24T${clock}`, monday);
    expect(["08:55", "09:00", "15:50", "17:30", "17:35"].map(free)).toEqual([false, true, true, true, false]);
    expect(free("15:52")).toBe(false);
    expect(view.isFree("p", "2026-11-28T15:30", monday)).toBe(true);
    expect(view.isFree("p", "2026-11-28T15:35", monday)).toBe(false);
    expect(view.isFree("p", "2026-12-26T10:00", monday)).toBe(false);
    expect(view.isFree("p", "not a time", monday)).toBe(false);
    expect(view.isFree("another", "2026-11-24T10:00", monday)).toBe(false);
  });

  test("not in the past, not at this very minute", () => {
    const view = agencyWith();
    expect(view.isFree("p", "2026-11-23T10:00", "2026-11-23T10:00")).toBe(false);
    expect(view.isFree("p", "2026-11-23T10:00", "2026-11-23T09:59")).toBe(true);
    expect(view.freeStarts("p", "2026-11-23", "09:00", 1, "2026-11-23T10:02")).toEqual(["2026-11-23T10:05"]);
    expect(view.freeStarts("p", "2026-11-22", "09:00", 1, monday)).toEqual([]);
  });

  test("the notice that the owner must have, to the minute", () => {
    const view = agencyWith({ properties: [{ id: "p", address: "A", noticeHours: 24 }] });
    expect(view.isFree("p", "2026-11-24T10:00", "2026-11-23T10:01")).toBe(false);
    expect(view.isFree("p", "2026-11-24T10:00", "2026-11-23T10:00")).toBe(true);
  });

  test.each(["under-offer", "sold-stc", "let-agreed", "withdrawn", "occupied"])("none where it is %s", (status) => {
    const view = agencyWith({ properties: [{ id: "p", address: "A", status }] });
    expect(view.isFree("p", "2026-11-24T10:00", monday)).toBe(false);
    expect(view.freeStarts("p", "2026-11-24", "09:00", 5, monday)).toEqual([]);
  });

  test("a negotiator needs the time to travel, before and after", () => {
    const view = agencyWith(
      {
        properties: [
          { id: "p", address: "A" },
          { id: "q", address: "B" },
        ],
      },
      [...entry("2026-11-24T12:00", "q", "beth")],
    );
    const free = (clock: string) => view.isFree("p", `2026-11-24T${clock}`, monday);
    expect(["11:15", "11:20", "12:00", "12:40", "12:45"].map(free)).toEqual([true, false, false, false, true]);
    expect(view.freeStarts("p", "2026-11-24", "11:10", 4, monday)).toEqual([
      "2026-11-24T11:10",
      "2026-11-24T11:15",
      "2026-11-24T12:45",
      "2026-11-24T12:50",
    ]);
  });

  test("a property is taken while it is being viewed, whoever shows it; not a minute longer", () => {
    const staff = ["beth", "carl"].map((id) => ({ id, name: id, department: "sales", rota: week }));
    const view = agencyWith({ staff }, entry("2026-11-24T12:00", "p", "carl"));
    const free = (clock: string) => view.isFree("p", `2026-11-24T${clock}`, monday);
    expect(["11:30", "11:35", "12:00", "12:25", "12:30"].map(free)).toEqual([true, false, false, false, true]);
  });

  test("only while somebody is on the rota", () => {
    const staff = [{ id: "beth", name: "Beth", department: "sales", rota: { tue: ["12:00", "14:00"] } }];
    const view = agencyWith({ staff });
    expect(view.freeStarts("p", "2026-11-24", "09:00", 1, monday)).toEqual(["2026-11-24T12:00"]);
    expect(view.isFree("p", "2026-11-24T13:30", monday)).toBe(true);
    expect(view.isFree("p", "2026-11-24T13:35", monday)).toBe(false);
    expect(view.freeStarts("p", "2026-11-25", "09:00", 1, monday)).toEqual([]);
  });

  test("sales are shown by sales and lettings by lettings, where there are such", () => {
    const staff = [
      { id: "beth", name: "Beth", department: "sales", rota: { tue: ["09:00", "12:00"] } },
      { id: "carl", name: "Carl", department: "Lettings", rota: { tue: ["13:00", "18:00"] } },
    ];
    const properties = [
      { id: "p", address: "A" },
      { id: "l", address: "B", kind: "let" },
    ];
    const view = agencyWith({ staff, properties });
    expect(view.freeStarts("p", "2026-11-24", "11:25", 3, monday)).toEqual(["2026-11-24T11:25", "2026-11-24T11:30"]);
    expect(view.freeStarts("l", "2026-11-24", "09:00", 1, monday)).toEqual(["2026-11-24T13:00"]);
    const only = agencyWith({ staff: staff.slice(1) });
    expect(only.freeStarts("p", "2026-11-24", "09:00", 1, monday)).toEqual(["2026-11-24T13:00"]);
  });

  test("days on which the clocks change are as long as the office clock says", () => {
    const sunday = { sun: ["00:30", "12:00"] };
    const view = agencyWith({
      branches: [{ id: "b", name: "B", hours: sunday }],
      staff: [{ id: "beth", name: "Beth", department: "sales", rota: sunday }],
    });
    expect(view.isFree("p", "2027-03-28T11:30", "2027-03-27T12:00")).toBe(true);
    expect(view.isFree("p", "2027-03-28T11:35", "2027-03-27T12:00")).toBe(false);
    // Notice is real time: from 23:00 to 12:00 the day after are twelve hours in March and fourteen in October.
    const strict = agencyWith({
      branches: [{ id: "b", name: "B", hours: sunday }],
      staff: [{ id: "beth", name: "Beth", department: "sales", rota: sunday }],
      properties: [{ id: "p", address: "A", noticeHours: 12 }],
    });
    expect(strict.isFree("p", "2027-03-28T11:00", "2027-03-27T23:00")).toBe(false);
    expect(strict.isFree("p", "2026-10-25T10:00", "2026-10-24T23:00")).toBe(true);
    const booked = agencyWith(
      {
        branches: [{ id: "b", name: "B", hours: sunday }],
        staff: [{ id: "beth", name: "Beth", department: "sales", rota: sunday }],
      },
      entry("2026-10-25T10:00", "p", "beth"),
    );
    expect(booked.isFree("p", "2026-10-25T10:00", "2026-10-24T12:00")).toBe(false);
    expect(booked.isFree("p", "2026-10-25T09:00", "2026-10-24T12:00")).toBe(true);
    expect(booked.isFree("p", "2026-10-25T11:00", "2026-10-24T12:00")).toBe(true);
  });
});
