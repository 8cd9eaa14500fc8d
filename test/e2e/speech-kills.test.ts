/** A small slice of `bun test/e2e/speech-kills.ts`. */
import { afterEach, expect, test } from "bun:test";
import { createMouth } from "../caller/voice.ts";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { killChildren } from "./killed-children.ts";

let appliance: Appliance | undefined;
afterEach(async () => {
  if (!appliance) return;
  await appliance.kill();
  removeFolders(appliance.folders);
});

test("children killed at ten random moments of two calls: no call is lost", async () => {
  const say = await createMouth("gmw/en");
  appliance = await startAppliance();
  const result = await killChildren(appliance, {
    kills: 10,
    seed: 7,
    callers: 2,
    apart: { least: 1_000, most: 3_000 },
    lines: ["I'd like to book a viewing for fourteen Maple Road please", "Thursday please", "half past two"].map(say),
  });
  console.log(JSON.stringify(result));
  expect(result).toMatchObject({ lost: 0, ready: true });
  expect(result.restarts).toBeGreaterThanOrEqual(10);
  expect(result.linesAnswered).toBeGreaterThan(0);
  expect(await appliance.stop()).toBe(0);
}, 120_000);
