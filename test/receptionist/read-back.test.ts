import { expect, test } from "bun:test";
import { openOffice } from "./office-caller.ts";

/** Up to the read-back of a viewing; its sayId and words. */
function atReadBack() {
  const call = openOffice().call();
  call.say("I'd like to view 14 Maple Road");
  call.say("Thursday");
  call.say("half past two");
  call.say("My name is James Wilson");
  const words = call.say("07700 900123");
  expect(words).toContain("Shall I book that?");
  return { call, words };
}

test("a yes to a read-back that was cut before its values books nothing: it is read again, once", () => {
  const { call, words } = atReadBack();
  call.cutShort("So that's 14 Maple Road,");
  expect(call.say("yes please")).toBe(words);
  expect(call.say("yes please")).toContain("That's booked");
});

test("one that was cut after all its values has been read back", () => {
  const { call, words } = atReadBack();
  call.cutShort(words.slice(0, words.indexOf("Shall")));
  expect(call.say("yes please")).toContain("That's booked");
});

test("a correction is taken wherever it is said", () => {
  const { call } = atReadBack();
  call.cutShort("So that's 14 Maple Road,");
  expect(call.say("no, Friday")).toContain("Friday");
});

test("a yes with a but books nothing: its change is made, or asked for", () => {
  for (const [words, answer] of [
    ["yes but make it 3", "3 o'clock"],
    ["yes but can we do three", "3 o'clock"],
    ["yes please but not the Thursday", "Which part should I change?"],
    ["yeah but it's Wilson with two l's", "Which part should I change?"],
  ] as const) {
    const { call } = atReadBack();
    const said = call.say(words);
    expect(said).toContain(answer);
    expect(said).not.toContain("booked");
  }
  const { call } = atReadBack();
  expect(call.say("yes, but nobody else will come")).toContain("That's booked");
});
