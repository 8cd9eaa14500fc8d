import { expect, test } from "bun:test";
import { spokenPostcode } from "../../src/receptionist/understanding/homes.ts";
import { tokenise } from "../../src/receptionist/understanding/tokens.ts";
import { openOffice } from "./office-caller.ts";
import { call as callWith } from "./scripted-caller.ts";

/** Up to the read-back of a valuation. */
function valuationReadBack(postcode: string) {
  const call = callWith();
  call.say("I'd like a valuation of my house, I'm selling");
  call.say("nineteen Windmill Hill");
  call.say(postcode);
  call.say("Thursday");
  call.say("half past two");
  call.say("Ada Finch");
  return { call, words: call.say("oh one one four two nine six oh one oh five") };
}

test("a postcode said amid other words is heard, or asked for again: none is made of the words around it", () => {
  for (const [said, value] of [
    ["right, well, it'd be N E forty six, one T Z, if I've got that right", "NE46 1TZ"],
    ["it's on the letter here, S eleven nine H R is what it says", "S11 9HR"],
    ["I believe it is november echo two, two golf hotel these days", "NE2 2GH"],
    ["N for Norman E forty six one T for tango Z, I think", "NE46 1TZ"],
  ] as const)
    expect(valuationReadBack(said).words).toContain(value);
});

test("letters and digits at the read-back are the postcode, not the last digits of the telephone number", () => {
  for (const said of ["no, S eleven, nine H R", "no the postcode is S eleven nine H R", "no, S 11, 9 H R"]) {
    const { call, words } = valuationReadBack("S R ten, two U H");
    expect(words).toContain("SR10 2UH");
    expect(call.say(said)).toBe("So that's S11 9HR. Shall I book that now?");
    expect(call.state.slots.phone?.value).toBe("+441142960105");
  }
});

test("no run of digits alone is taken for a postcode", () => {
  for (const said of [
    "oh seven seven double oh nine hundred one two three",
    "no, four five six",
    "at two thirty a week",
  ])
    expect(spokenPostcode(tokenise(said))).toBeUndefined();
});

/** Up to the read-back of a viewing. */
function viewingReadBack() {
  const call = openOffice().call();
  for (const said of ["I'd like to view 14 Maple Road", "Thursday", "half past two", "My name is James Wilson"])
    call.say(said);
  return { call, words: call.say("07700 900123") };
}

test("a correction put right by the caller leaves what was wrong unknown: all is read back again", () => {
  for (const [wrong, back] of [
    ["no, nine one six", "no, my number is 07700 900123"],
    ["no, Friday", "no, Thursday"],
    ["no, Jane Wilson", "no, my name is James Wilson"],
  ] as const) {
    const { call, words } = viewingReadBack();
    expect(call.say(wrong)).not.toBe(words);
    expect(call.say(back)).toBe(words);
  }
});

test("a stray number beside another item that is named corrects no telephone number", () => {
  for (const said of ["no 116, the name's Esther Grant", "no, my surname is Grant, 916"]) {
    const { call } = viewingReadBack();
    expect(call.say(said)).not.toContain("07700");
    expect(call.say("yes please")).toContain("That's booked");
  }
});

test("a telephone number is kept though a day said along with it cannot be", () => {
  const { call } = viewingReadBack();
  expect(call.say("make it Sunday, and my number is 07700 900742")).toContain("closed");
  const again = call.say("Thursday");
  expect(again).toContain("07700 900 742");
});
