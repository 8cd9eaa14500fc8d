import { expect, test } from "bun:test";
import { childMemory } from "../../bench/whisper/memory.ts";

/** A slice of `bun run bench:whisper memory`, which hears 5,000. What is kept of each utterance shows already here. */
const utterances = 120;
/** It goes up and down by as much between collections (184 to 247 MB over 5,000 utterances, without a trend). */
const mostGrownMb = 70;

test("a speech child needs no more memory for many utterances than for some", async () => {
  const { samples, heard, aborted } = await childMemory(utterances, utterances, 7);
  const most = (part: typeof samples) => Math.max(...part.map(({ residentMb }) => residentMb));
  const [first, second] = [samples.slice(0, utterances / 2), samples.slice(utterances / 2)];
  console.log(
    `memory: at most ${most(first).toFixed(0)} MB in the first half, ${most(second).toFixed(0)} in the second`,
  );

  expect(samples).toHaveLength(utterances);
  expect(heard).toBeGreaterThan(utterances / 2);
  expect(aborted).toBeGreaterThan(0);
  expect(most(second)).toBeLessThan(most(first) + mostGrownMb);
}, 180_000);
