import { expect, test } from "bun:test";
import { readEnquiry } from "../../../src/receptionist/understanding/enquiries.ts";
import { tokenise } from "../../../src/receptionist/understanding/tokens.ts";
import { readTopic } from "../../../src/receptionist/understanding/topics.ts";
import { hear } from "./reading.ts";

const enquiry = (text: string, isListed = false) => readEnquiry(tokenise(text), isListed);

test("a sum that somebody would pay is an offer where a listing is named", () => {
  for (const said of [
    "we'd be prepared to go up to two ninety on it",
    "tell them we'll pay 300 thousand and not a pound more",
    "put us down for the asking price",
    "I could manage four hundred thousand",
  ])
    expect(enquiry(said, true)).toBe("offer");
  for (const said of [
    "is it still available",
    "how much is it",
    "can I give you a ring about it",
    "I'd do it up myself",
  ])
    expect(enquiry(said, true)).toBeUndefined();
});

test("a sum in full beside a listing is an offer, unless its own price is spoken of", () => {
  for (const said of ["two ninety thousand cash", "we have 280 grand ready", "three hundred thousand pounds from us"])
    expect(enquiry(said, true)).toBe("offer");
  for (const said of [
    "is that still three hundred thousand",
    "the one at three hundred thousand",
    "it's listed with you at 290 thousand",
    "what would three hundred thousand get me",
  ])
    expect(enquiry(said, true)).toBeUndefined();
});

test("what is said to a seller only is an offer though the home was not made out", () => {
  for (const said of [
    "I'll give you seven hundred a month for the fountain flat",
    "put us down for two eighty on that cottage",
    "can you put forward four hundred thousand for the house",
  ])
    expect(enquiry(said)).toBe("offer");
});

test("without one it is what he looks for, to buy or to rent", () => {
  for (const said of [
    "we want somewhere with four bedrooms and we've got half a million to spend",
    "have you anything coming on with a workshop, around three hundred thousand",
    "could you let me know when a cottage comes up below four fifty",
    "I need a bungalow for my mother, two hundred and ten thousand at most",
  ])
    expect(enquiry(said)).toBe("applicant-buy");
  for (const said of [
    "we're after a house to rent near the school",
    "any chance of getting on to your rentals list, we need to be on your tenants list by May",
    "I want a studio, no more than six hundred a month",
    "we're three students needing a flat, under four hundred a week",
  ])
    expect(enquiry(said)).toBe("applicant-rent");
});

test("a seller, a tenant and somebody who asks something look for no home", () => {
  for (const said of [
    "I'm thinking of what my house would go for, around three hundred thousand",
    "the flat upstairs has a leak",
    "what time do you close",
    "have you got any news",
    "have you got anybody there",
    "my tenants have gone and the house needs a clean",
    "I've got a missed call from you",
    "do you have any parking at the office",
    "you've got a one bed on exeter Road to rent, when could I that",
    "when can we come to that two bed you let, under nine hundred",
    "you have got a flat to rent on tomasz Lane",
  ])
    expect(enquiry(said)).toBeUndefined();
});

test("a price for one's own home is a valuation, in other words than that", () => {
  for (const said of [
    "what could our flat sell for these days",
    "could one of you come and have a look at mum's bungalow",
    "we'd need the house pricing up for probate",
    "I need a rough figure for my place",
    "I'm wondering how much I could get for my cottage",
  ])
    expect(readTopic(tokenise(said))).toBe("valuation");
  for (const said of [
    "what could I get for lunch",
    "I want to have a look at 14 Maple Road",
    "what's the price of the house",
  ])
    expect(readTopic(tokenise(said))).toBeUndefined();
});

test("bids and offers in other forms are offers; what is offered us is none", () => {
  for (const said of [
    "I'm putting my offer forward today",
    "we'd be willing to bid on the cottage",
    "offer on Kestrel Close, two eighty",
    "I'm ringing about making a cash offer",
  ])
    expect(readTopic(tokenise(said))).toBe("offer");
  for (const said of ["is it under offer", "has there been an offer on it", "my mortgage offer has come"])
    expect(readTopic(tokenise(said))).not.toBe("offer");
});

test("asked for something else, or with a viewing wanted, an amount begins nothing", () => {
  expect(hear("we'd do three twenty for 14 Maple Road", null).topic).toBe("offer");
  expect(hear("I could do three twenty for 14 Maple Road", "time").topic).toBeUndefined();
  expect(hear("can I view 14 Maple Road, I could do three twenty", null).topic).toBeUndefined();
});

test("thanks are no amount: the number asked for is all that was said", () => {
  for (const said of ["two, that'd be grand", "just the two, it's grand", "two would be grand thanks"]) {
    const heard = hear(said, "beds", undefined, true);
    expect(heard.beds).toBe(2);
    expect(heard.money).toBeUndefined();
  }
  expect(hear("two, and up to two grand", "beds", undefined, true).money?.value).toBe("2000");
});

test("a number without an end takes no time", () => {
  const tokens = tokenise("1".repeat(2_000));
  const before = performance.now();
  expect(readEnquiry(tokens, false)).toBeUndefined();
  expect(performance.now() - before).toBeLessThan(500); // it was seven seconds
  for (const said of ["a flat for £1200 tops", "I need a house, 350k max"]) expect(enquiry(said)).toMatch(/^applicant/);
});
