import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { type LineEars, openLineEars } from "../../src/cli/lab/line-ears.ts";
import { type Mouth, openMouth } from "../../src/cli/lab/voices.ts";

let ears: LineEars | undefined;
let mouth: Mouth | undefined;
beforeAll(async () => {
  [mouth, [ears]] = await Promise.all([
    openMouth(),
    openLineEars(join(import.meta.dir, "../../node_modules"), 1, ["12 Quarry Bank"]),
  ]);
}, 20_000);
afterAll(async () => await ears?.close());

const listener = { patience: () => 300, expectsAddress: () => true };
const hear = async (sound: Int16Array, patience = listener.patience) =>
  (await ears?.hear(sound, { ...listener, patience }))?.map(({ text }) => text);
const said = (line: string) => mouth?.(line, "gmw/en") ?? new Int16Array();

test("What a caller says over A-law is one turn, heard by the demo model", async () => {
  expect(await hear(said("I'd like to book a viewing for fourteen Maple Road please"))).toEqual([
    expect.stringMatching(/viewing.*14 Maple Road/),
  ]);
});

test("Silence is no turn", async () => {
  expect(await hear(new Int16Array(16_000))).toEqual([]);
});

test("The conversation's patience decides whether a pause ends a turn", async () => {
  const [before, after] = [said("Yes please"), said("My name is Sarah Patel")];
  const sound = new Int16Array(before.length + 5_600 + after.length); // 700 ms between them
  sound.set(before);
  sound.set(after, before.length + 5_600);

  expect(await hear(sound, () => 300)).toHaveLength(2);
  expect(await hear(sound, () => 1_200)).toHaveLength(1);
});
