// needs: espeak-ng
/** A viewing booked in a call of G.722: heard, understood and answered in it, and recorded. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { type BookedViewing, type CallRow, createDemoCaller, shownOf, wished, wishes } from "./demo-caller.ts";

let appliance: Appliance;

beforeAll(async () => {
  appliance = await startAppliance({ set: ['media.codecs=["G722"]'] });
}, 30_000);

afterAll(async () => {
  await appliance.stop();
  removeFolders(appliance.folders);
});

test("the demo's caller books the viewing that he wished for, on a line that takes nothing but G.722", async () => {
  const caller = await createDemoCaller();
  const [wish] = wishes();
  await caller.call(appliance, wish, { codec: "G722" });
  const viewings = await appliance.cli<BookedViewing[]>("viewings", "list");
  expect(viewings.map(shownOf)).toEqual([wished(wish)]);
  const [call] = await appliance.cli<CallRow[]>("calls", "list");
  expect(call?.recording).toBe("sealed");
}, 120_000);
