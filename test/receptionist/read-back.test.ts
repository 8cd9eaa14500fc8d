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
