/** What must hold of the reckoning, whatever the machine. How near it is to real calls: docs/decisions/0005-capacity.md. */
import { expect, test } from "bun:test";
import { callsCarried, goalMs, loadAt, type Pace } from "../../../src/ops/capacity/model.ts";

const pace: Pace = { hearMs: 200, hearers: 1, speakMs: 60, speakers: 1, mediaShare: 0.01, cores: 2 };

test("one caller alone waits for nobody: patience, his words, a clause, the way", () => {
  const alone = loadAt({ ...pace, hearMs: 50, speakMs: 0 }, 1);
  expect(alone.responseP50Ms).toBeGreaterThanOrEqual(380);
  expect(alone.responseP95Ms).toBeLessThanOrEqual(390);
});

test("more callers wait longer and keep both kinds of processes busier", () => {
  const loads = [1, 5, 10, 20, 40].map((calls) => loadAt(pace, calls));
  for (const [i, load] of loads.entries()) {
    const before = loads[i - 1];
    if (before === undefined) continue;
    expect(load.responseP95Ms).toBeGreaterThanOrEqual(before.responseP95Ms);
    expect(load.hearersBusy).toBeGreaterThan(before.hearersBusy);
    expect(load.speakersBusy).toBeGreaterThanOrEqual(before.speakersBusy);
  }
});

test("what is carried is within the goal, and one call more is not", () => {
  for (const hearMs of [80, 150, 250]) {
    const carried = callsCarried({ ...pace, hearMs });
    expect(carried.responseP95Ms).toBeLessThanOrEqual(goalMs);
    expect(loadAt({ ...pace, hearMs }, carried.calls + 1).responseP95Ms).toBeGreaterThan(goalMs);
  }
});

test("a slower model carries fewer, a second process of it more, a machine full of sound fewer", () => {
  const { calls } = callsCarried(pace);
  expect(callsCarried({ ...pace, hearMs: 400 }).calls).toBeLessThan(calls);
  expect(callsCarried({ ...pace, hearers: 2 }).calls).toBeGreaterThan(calls);
  expect(callsCarried({ ...pace, mediaShare: 0.1 }).calls).toBeLessThan(calls);
});

test("where not even one is answered in time, one is still taken: it is slow, but it is answered", () => {
  const { calls, responseP95Ms } = callsCarried({ ...pace, hearMs: 3_000 });
  expect(calls).toBe(1);
  expect(responseP95Ms).toBeGreaterThan(goalMs);
});
