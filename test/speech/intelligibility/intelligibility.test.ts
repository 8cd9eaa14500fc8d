/** A small slice of main.ts. What we say is heard as well as words that the model was trained on. */
import { expect, test } from "bun:test";
import { measure, rowsOf } from "./measure.ts";

test("key items spoken by our normaliser through A-law are heard again", async () => {
  const all = rowsOf(await measure({ items: 40, seed: 7, voice: "en-gb-x-rp" })).at(-1);
  console.log(
    `intelligibility: ours ${all?.ours.toFixed(1)} %, reference ${all?.reference.toFixed(1)} % of ${all?.items}`,
  );

  expect(all?.ours).toBeGreaterThanOrEqual(55);
  expect(all?.ours).toBeGreaterThanOrEqual((all?.reference ?? 0) - 10); // 40 items: one is 2.5 points
}, 60_000);
