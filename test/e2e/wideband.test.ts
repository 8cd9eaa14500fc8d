// needs: espeak-ng
/** Viewings booked in calls of G.722 and of Opus: heard, understood and answered in them, and recorded. */
import { afterAll, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { createUpsampler } from "../../src/media/resample.ts";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { type BookedViewing, createDemoCaller, shownOf, wished, wishes } from "./demo-caller.ts";

const appliances: Appliance[] = [];

afterAll(async () => {
  for (const appliance of appliances) {
    await appliance.stop();
    removeFolders(appliance.folders);
  }
});

test.each(["G722", "opus"] as const)(
  "the demo's caller books the viewing that he wished for, on a line that takes nothing but %s",
  async (codec) => {
    const appliance = await startAppliance({ set: [`media.codecs=["${codec}"]`] });
    appliances.push(appliance);
    // The demo model is small: after either it hears the agent only through a filter as good as the appliance's own.
    const caller = await createDemoCaller((samples) => createUpsampler().push(samples).slice());
    // Nor has it ever learnt these codecs: whose name it got wrong rings again, for another hour, twice at the most.
    let last = wishes()[0];
    let booked: ReturnType<typeof shownOf>[] = [];
    for (const wish of wishes()) {
      last = wish;
      await caller.call(appliance, wish, { codec });
      booked = (await appliance.cli<BookedViewing[]>("viewings", "list")).map(shownOf);
      if (booked.some((viewing) => Bun.deepEquals(viewing, wished(wish)))) break;
    }
    expect(booked).toContainEqual(wished(last));
    const folder = join(appliance.folders.data, "recordings");
    const [recording = ""] = readdirSync(folder);
    // Both directions for half a minute at least, a byte a sample.
    expect(statSync(join(folder, recording)).size).toBeGreaterThan(2 * 8000 * 30);
  },
  240_000,
);
