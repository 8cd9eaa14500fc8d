/** Whatever a recogniser writes, every reader answers, soon and within its bounds. */
import { expect, test } from "bun:test";
import { itemKinds } from "../../../../src/receptionist/voting/item.ts";
import { readers } from "../../../../src/receptionist/voting/readers.ts";
import { decide } from "../../../../src/receptionist/voting/vote.ts";
import { type Random, seeded } from "../../../sip/random.ts";
import { handwritten } from "./handwritten.ts";
import { kinds } from "./items.ts";
import { now } from "./values.ts";

const lines = kinds.flatMap(({ file }) => handwritten(file).flatMap(({ ways }) => ways));
const values = kinds.flatMap(({ file }) => handwritten(file).map(({ value }) => value));
const ODD = [
  "",
  " ",
  "\u0000",
  "\ud800",
  "é",
  "ﬁ",
  "٣",
  "²",
  "½",
  "🏠",
  "\u202e",
  "'",
  "’",
  "@",
  ".",
  "-",
  "/",
  "\n",
  "NaN",
  "__proto__",
  "constructor",
  "toString",
  "1e999",
];

/** A line with pieces of others, odd characters and code points from anywhere put in, cut out or repeated. */
function anyText(random: Random): string {
  let text = random.next() < 0.7 ? random.pick(lines) : "";
  for (let times = random.below(6); times > 0; times--) {
    const at = random.below(text.length + 1);
    const piece = random.pick([
      () => random.pick(ODD),
      () => String.fromCodePoint(random.below(0x11_0000)),
      () => random.pick(lines),
      () => random.pick(lines).split(" ").reverse().join(" "),
      () => random.pick(["double ", "for ", "with a ", "0", "oh ", "and ", "s p e l t "]).repeat(random.below(40)),
    ])();
    text =
      random.next() < 0.25
        ? text.slice(0, at) + text.slice(at + random.below(9))
        : text.slice(0, at) + piece + text.slice(at);
  }
  return text;
}

test("nothing is thrown for any text, certainties stay between 0 and 1, and no text takes long", () => {
  const random = seeded(4);
  let slowestMs = 0;
  for (let round = 0; round < 660; round++) {
    const asked = itemKinds[round % itemKinds.length] ?? "name";
    const attempts = Array.from({ length: 1 + random.below(3) }, () =>
      Array.from({ length: random.below(4) }, () => [anyText(random), null] as const),
    );
    const register = Array.from({ length: random.below(6) }, () =>
      random.next() < 0.5 ? random.pick(values) : anyText(random),
    );
    const began = performance.now();
    const decision = decide(attempts, register, readers[asked], {
      now,
      context: random.pick([{ context: "sale" as const }, { context: "let" as const }, { context: undefined }]).context,
    });
    slowestMs = Math.max(slowestMs, performance.now() - began);
    const certainties = [decision.certainty, ...decision.alternatives.map(({ certainty }) => certainty)];
    for (const certainty of certainties) expect(certainty >= 0 && certainty <= 1).toBe(true);
    expect(decision.value !== "" && decision.alternatives.every(({ value }) => value !== "")).toBe(true);
    if (decision.value === null) expect(decision.wouldConfirm).toBe(true);
  }
  expect(slowestMs).toBeLessThan(2_000);
}, 30_000);

test.each([
  "constructor",
  "__proto__",
  "tostring",
  "week constructor",
  "tomorrow constructor",
  "double constructor",
  "1 constructor",
])("%s is said, and no name of the program's own", (text) => {
  for (const kind of itemKinds) {
    for (const { value } of readers[kind].read(text, { now, context: undefined }))
      expect(value).not.toMatch(/function|object|NaN/);
  }
});

test.each(itemKinds.map((kind) => [kind]))("%s: a very long text ends soon", (kind) => {
  for (const piece of [
    "a ",
    "double ",
    "1",
    "oh ",
    "b for ",
    "one hundred and ",
    "at dot ",
    "with a b ",
    "st ",
    "o ",
    "twenty ",
  ]) {
    const began = performance.now();
    readers[kind].read(piece.repeat(2_000), { now, context: undefined });
    readers[kind].likeness?.(piece.repeat(2_000), { now, context: undefined })("SW1A 2AA");
    expect(performance.now() - began).toBeLessThan(1_000);
  }
});
