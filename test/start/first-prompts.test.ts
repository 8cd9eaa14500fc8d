import { expect, test } from "bun:test";
import { createClosing } from "../../src/ops/closing.ts";
import { prepareFirstPrompts } from "../../src/start/first-prompts.ts";

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const status = () => ({ prompts: 0, bytes: 0, evicted: 0, recalled: 0, spoken: 0, damaged: 0, unwritten: 0 });

test("a thousand words changed one after another have the prompts spoken again once, with the last of them", async () => {
  const closing = createClosing(() => undefined);
  let word = 0;
  const prepared: number[] = [];
  const release: (() => void)[] = [];
  const prepare = async () => {
    prepared.push(word);
    if (prepared.length === 2) await new Promise<void>((resolve) => release.push(resolve)); // behind callers
  };
  const again = await prepareFirstPrompts({ closing, log }, { prepare, keepOnly: () => undefined, status }, () => []);
  for (word = 1; word <= 1000; word++) again();
  for (const go of release) go();
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
  expect(prepared).toEqual([0, 0, 1001]);
  again();
  await closing.close();
  expect(prepared).toHaveLength(3); // what is closing speaks nothing any more
});
