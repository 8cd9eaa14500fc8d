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

test("of several corrections in one breath, one that was not made out is heard when all is read back", () => {
  for (const said of [
    "no, the name's Ada French, and S seven two L",
    "no the name is Ada French and the house is eighteenth kelly",
    "no, the name's Ada French, and take hundred and thirty of it",
  ]) {
    const { call } = valuationReadBack("S R ten, two U H");
    const words = call.say(said);
    expect(words).toContain("Ada French");
    expect(words).toContain("SR10 2UH");
    expect(words).toContain("19 Windmill Hill");
  }
});

test("a number behind a whole telephone number is none of its digits", () => {
  for (const said of [
    "no, my number is 07700 900914 and 12 Bents Green Place",
    "no, it's oh seven seven double oh nine hundred nine one four, and 12 Bents Green Place",
    "no, 12 Bents Green Place and my number's 07700 900914",
  ]) {
    const { call } = valuationReadBack("S R ten, two U H");
    const words = call.say(said);
    expect(words).toContain("07700 900 914");
    expect(words).toContain("12 Bents Green Place");
  }
});

test("a sentence is no address: it is asked for again", () => {
  const call = callWith();
  call.say("I'd like a valuation of my house, I'm selling");
  expect(call.say("right well the is is fuurteen Banner Cross Road, that'd be grand")).not.toContain("Right Well");
  expect(call.say("Rose Cottage, Mill Lane, Hexham")).toContain("Rose Cottage");
});

test("an amount that hardly can be is asked for again, and taken when it is said again", () => {
  for (const [open, odd, usual] of [
    ["I'd like to make an offer on 14 Maple Road", "twenty two thousand", "four hundred and twenty thousand"],
    ["I'd like to register as a tenant", "six a month", "six fifty a month"],
    ["I'd like to register as a buyer", "forty million", "four hundred thousand"],
  ] as const) {
    const call = callWith();
    call.say(open);
    expect(call.say(odd)).toContain("amount");
    expect(call.state.slots.money).toBeUndefined();
    call.say(usual);
    expect(call.state.slots.money).toBeDefined();
    const again = callWith();
    again.say(open);
    again.say(odd);
    again.say(odd);
    expect(again.state.slots.money).toBeDefined();
  }
});

test("digits between letters that were misheard correct no telephone number", () => {
  for (const said of ["no, tenant eleven, seven E jennah", "no, e118 7ES", "no it's bus S forty six one T said"]) {
    const { call } = valuationReadBack("S R ten, two U H");
    call.say(said);
    expect(call.state.slots.phone?.value).toBe("+441142960105");
  }
  const { call } = valuationReadBack("S R ten, two U H");
  expect(call.say("no, nine one six")).toContain("0114 916 0105");
});

test("an amount a month is a rent, though buying had been heard", () => {
  for (const [said, rent] of [
    ["twelve hundred a month", "1200"],
    ["eight fifty pcm", "850"],
    ["three hundred a week", "1300"],
  ] as const) {
    const call = callWith();
    call.say("I'd like to register as a buyer");
    call.say(said);
    expect(call.state.task).toBe("applicant-rent");
    expect(call.state.slots.money?.value).toBe(rent);
  }
});
