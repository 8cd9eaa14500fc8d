import { expect, test } from "bun:test";
import { lostAfterMs, watchHealth } from "../../../src/speech/half-health.ts";
import type { HalfHealth } from "../../../src/speech/ports.ts";
import { createClock } from "../../calls/clock.ts";

function watched() {
  const clock = createClock();
  const told: HalfHealth[] = [];
  const watch = watchHealth(clock.schedule, (health) => told.push(health));
  const seen = (ready: boolean, more: { lastResort?: boolean; failed?: boolean; failure?: string } = {}) =>
    watch.seen({ ready, lastResort: false, failed: false, ...more });
  return { clock, told, watch, seen };
}

test("A child that is there again in time was never missed", () => {
  const { clock, told, watch, seen } = watched();
  seen(true);
  seen(false, { failure: "it died" });
  clock.turn(lostAfterMs - 1);
  seen(true);
  clock.turn(lostAfterMs);
  expect(told).toEqual([]);
  expect(watch.health()).toEqual({ state: "works" });
});

test("Longer than that is lost, with the reason; said once, however often it dies meanwhile, and once when it is back", () => {
  const { clock, told, seen } = watched();
  seen(false, { failure: "it died" });
  clock.turn(1_000);
  seen(false, { failure: "it died" }); // again: the time counts from the first
  clock.turn(lostAfterMs - 1_000);
  seen(false, { failure: "it died" });
  clock.turn(10 * lostAfterMs);
  seen(true);
  expect(told).toEqual([{ state: "lost", failure: "it died" }, { state: "works" }]);
});

test("What cannot be loaded is lost at once", () => {
  const { told, seen } = watched();
  seen(false, { failed: true, failure: "damaged" });
  expect(told).toEqual([{ state: "lost", failure: "damaged" }]);
});

test("The last resort is said, and that it is over", () => {
  const { told, seen } = watched();
  seen(true, { lastResort: true, failure: "damaged" });
  seen(true, { lastResort: true, failure: "damaged" });
  seen(true);
  expect(told.map(({ state }) => state)).toEqual(["last-resort", "works"]);
});

test("Closed, nothing is said any more", () => {
  const { clock, told, watch, seen } = watched();
  seen(false);
  watch.close();
  clock.turn(2 * lostAfterMs);
  expect(told).toEqual([]);
  expect(clock.waiting()).toBe(0);
});
