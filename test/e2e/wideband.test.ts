// needs: espeak-ng
/** A viewing booked in a call of G.722: heard, understood and answered in it, and recorded. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createUpsampler } from "../../src/media/resample.ts";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { type BookedViewing, createDemoCaller, shownOf, wished, wishes } from "./demo-caller.ts";

let appliance: Appliance;

beforeAll(async () => {
  appliance = await startAppliance({ set: ['media.codecs=["G722"]'] });
}, 30_000);

afterAll(async () => {
  await appliance.stop();
  removeFolders(appliance.folders);
});

test("the demo's caller books the viewing that he wished for, on a line that takes nothing but G.722", async () => {
  // The demo model is small: after G.722 it hears the agent only through a filter as good as the appliance's own.
  const caller = await createDemoCaller((samples) => createUpsampler().push(samples).slice());
  const [wish] = wishes();
  await caller.call(appliance, wish, { codec: "G722" });
  const viewings = await appliance.cli<BookedViewing[]>("viewings", "list");
  expect(viewings.map(shownOf)).toEqual([wished(wish)]);
  const folder = join(appliance.folders.data, "recordings");
  const [recording = ""] = readdirSync(folder);
  // Both directions for half a minute at least, a byte a sample.
  expect(statSync(join(folder, recording)).size).toBeGreaterThan(2 * 8000 * 30);
}, 120_000);
