/** A slice of `bun run fuzz:diary`, and what proves that it would notice. */
import { describe, expect, test } from "bun:test";
import { toInstant } from "../../../src/agency/local-time.ts";
import { runCampaign } from "./campaign.ts";
import { doubles, type Entry, instantMs } from "./oracle.ts";

describe("the diary under random callers", () => {
  test.each([11, 12])("has no doubles and no phantoms (seed %d)", async (seed) => {
    const report = await runCampaign({ operations: 700, seed });
    expect(report.faults).toEqual([]);
    // It was as rough as it should be.
    for (const name of ["viewing", "valuation", "move", "cancel"]) expect(report.done[name]).toBeGreaterThan(10);
    for (const code of ["conflict", "storage_failed", "already_running"]) {
      expect(report.refused[code]).toBeGreaterThan(5);
    }
    expect(Math.min(report.interleaved, report.failedWrites, report.blindReads)).toBeGreaterThan(10);
  });

  test("without the cells' primary key the campaign finds doubles", async () => {
    const { faults } = await runCampaign({ operations: 250, seed: 11, without: "cells" });
    expect(faults.filter((fault) => fault.startsWith("double: ")).length).toBeGreaterThan(0);
  });
});

describe("the judge", () => {
  const entry = (over: Partial<Entry>): Entry => ({
    id: "a",
    kind: "viewing",
    propertyId: "p1",
    staffId: "s1",
    start: "2026-10-25T00:45",
    minutes: 30,
    status: "booked",
    ...over,
  });

  test("counts travel for negotiators and not for homes, and no cancelled ones", () => {
    const first = entry({});
    // 00:45 summer time and 30 minutes end at 01:15 of the first 01:00 to 02:00; 02:00 is an hour and three quarters on.
    expect(doubles([first, entry({ id: "b", start: "2026-10-25T01:25", propertyId: "p2" })], 15)).toHaveLength(1);
    expect(doubles([first, entry({ id: "b", start: "2026-10-25T01:30", propertyId: "p2" })], 15)).toEqual([]);
    expect(doubles([first, entry({ id: "b", start: "2026-10-25T01:15", staffId: "s2" })], 15)).toEqual([]);
    expect(doubles([first, entry({ id: "b", start: "2026-10-25T01:10", staffId: "s2" })], 15)).toHaveLength(1);
    expect(doubles([first, entry({ id: "b", status: "cancelled" })], 15)).toEqual([]);
  });

  test("and the diary agree on what instant a clock names, on every five minutes of both clock changes", () => {
    for (const day of ["2026-03-29", "2026-10-25"]) {
      for (let minute = 0; minute < 1_440; minute += 5) {
        const clock = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
        expect(instantMs(`${day}T${clock}`)).toBe(toInstant(`${day}T${clock}`).getTime());
      }
    }
  });
});
