/** How surely emergencies are heard, held at floors; `table.ts` beside this prints the figures and every miss. */
import { expect, test } from "bun:test";
import { readEmergency, readUrgency } from "../../../src/receptionist/understanding/emergencies.ts";
import { seeded } from "../../sip/random.ts";
import { kinds } from "./generate.ts";
import { allLines, isCaught, labelOf, misheard, type Sourced } from "./lines.ts";

const lines = allLines(1);
const dangers = lines.filter(({ label }) => label !== "none");
const harmless = lines.filter(({ label }) => label === "none");
const heardAs = (line: Sourced) => `${line.label} as ${labelOf(line.text)}: ${line.text}`;
const shareCaught = (some: readonly Sourced[], wordError: number, seed: number) => {
  const random = seeded(seed);
  return some.filter(({ text }) => isCaught(misheard(text, wordError, random))).length / some.length;
};

test("there are 1,000 emergencies and 500 others, all different, half of them at least by hand", () => {
  expect(dangers.length).toBeGreaterThanOrEqual(1_000);
  expect(harmless.length).toBeGreaterThanOrEqual(500);
  expect(new Set(lines.map(({ text }) => text)).size).toBe(lines.length);
  for (const some of [dangers, harmless]) {
    expect(some.filter(({ source }) => source === "hand").length / some.length).toBeGreaterThanOrEqual(0.5);
  }
});

test.each([...kinds])("%s: every one is caught", (kind) => {
  expect(dangers.filter(({ label, text }) => label === kind && !isCaught(text)).map(heardAs)).toEqual([]);
});

test("of a hundred others three at most are taken for an emergency", () => {
  expect(harmless.filter(({ text }) => isCaught(text)).length / harmless.length).toBeLessThanOrEqual(0.03);
});

test("words of danger to life are not taken for something less", () => {
  const lethal = ["gas", "carbon-monoxide", "fire", "life"];
  const less = dangers.filter(
    ({ label, text }) => lethal.includes(label) && readEmergency({ text, nbest: [] }) === undefined,
  );
  expect(less.map(heardAs)).toEqual([]);
});

test("one word of ten lost or wrong: most are caught, in one reading without any other", () => {
  expect(shareCaught(dangers, 0.1, 2)).toBeGreaterThan(0.75);
  expect(shareCaught(harmless, 0.1, 2)).toBeLessThan(0.05);
});

test("what is over is over, unless it is there again", () => {
  expect(labelOf("we had a gas leak last year")).toBe("none");
  expect(labelOf("we had a gas leak last year and I can smell it again, the gas smell")).toBe("gas");
  expect(labelOf("the bathroom flooded last winter but they fixed it")).toBe("none");
  expect(labelOf("the bathroom flooded last winter and it's flooding again")).toBe("flood");
});

test("no heating is an emergency for those whom the cold can harm", () => {
  const heard = (text: string) => readUrgency({ text, nbest: [] });
  expect(heard("there's no heating")).toBeUndefined();
  expect(heard("there's no heating. I've got a newborn")).toBe("heating");
});

test("the longest that can be heard is read in a few milliseconds", () => {
  const text = "there is water in the lift and the door was and ".repeat(30);
  readUrgency({ text, nbest: [] });
  const beganAt = performance.now();
  for (let times = 0; times < 20; times++) labelOf(text);
  expect((performance.now() - beganAt) / 20).toBeLessThan(25);
});
