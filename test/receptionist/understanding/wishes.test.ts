import { describe, expect, test } from "bun:test";
import { readIntents } from "../../../src/receptionist/understanding/intents.ts";
import { messageIn, opensMessage } from "../../../src/receptionist/understanding/messages.ts";
import { readQuestions } from "../../../src/receptionist/understanding/questions.ts";
import { tokenise } from "../../../src/receptionist/understanding/tokens.ts";
import { readTopic, type Topic } from "../../../src/receptionist/understanding/topics.ts";

/** What callers say who want a person of the office to know or to do something. */
const WISHES: Readonly<Partial<Record<Topic, readonly string[]>>> = {
  landlord: [
    "the gas safety record on my flat is due in March",
    "I've just had the electrical inspection done, where should it go",
    "would you be able to manage my house for me",
    "do I have to have an HMO licence",
    "do you think I need a licence to rent to students",
    "my statement hasn't come this month",
    "I was thinking of putting the rent up a bit",
  ],
  "sale-progress": [
    "our purchase seems to have stalled",
    "are we going to exchange this week or not",
    "my buyer wants to complete by the end of the month",
    "the whole chain has collapsed",
    "I've heard our buyer's pulled out",
    "have the funds arrived yet",
  ],
  rent: [
    "I'm not going to be able to pay the full rent",
    "I'm struggling to cover next month's rent",
    "we can't afford the rent any more",
  ],
  notice: [
    "my flatmate is leaving and I'd like to keep the place",
    "can I put my boyfriend on the tenancy agreement",
    "our tenancy runs out in March",
  ],
  "missed-call": [
    "I saw that you'd rung me",
    "it looks like someone phoned from this number",
    "I noticed you called earlier",
    "you've left me a message and I couldn't understand it",
    "there was a note through our door from you",
    "I got a letter asking me to call",
  ],
  "data-access": [
    "tell me what you've got about me",
    "I'd like to see everything that has my name on it",
    "could I get everything you keep on me in writing",
  ],
  "data-objection": [
    "will you please stop texting me",
    "I don't want any more letters from you",
    "no more calls please",
    "please quit bothering us",
  ],
  complaint: ["I'm complaining about your Mr Brandt", "this is a formal complaint"],
  payment: ["I want to pay my rent by card", "can I pay the rent over the phone"],
};

for (const [topic, sentences] of Object.entries(WISHES)) {
  for (const say of sentences) {
    test(`"${say}" is for ${topic}`, () => expect(readTopic(tokenise(say))).toBe(topic as Topic));
  }
}

test.each([
  "I'm not complaining, I only wondered",
  "is there an onward chain",
  "have you completely sold it",
  "I'd like to see the house in Mill Lane on Saturday",
  "can I get a viewing this week",
])("%p is for nobody in particular", (say) => {
  expect(readTopic(tokenise(say))).toBeUndefined();
});

describe("a message", () => {
  test.each([
    "could somebody give us a ring when they've a minute",
    "get Beth to call me please",
    "would you ask the manager to phone me",
    "pass it on to the lettings team please",
    "let the landlord know that I'll be away",
    "can you tell whoever is in the office that the gate's been left open",
    "would you make a note for the accounts people",
    "I'll leave my details with you",
  ])("%p is one", (say) => expect([...readIntents(tokenise(say))]).toContain("message"));

  test.each(["can you tell me the rent", "I can't tell if it's sold", "when does it get to be free", "let me see"])(
    "%p is none",
    (say) => expect([...readIntents(tokenise(say))]).not.toContain("message"),
  );

  test("which he begins with is one, whatever it is about", () => {
    expect(opensMessage("hi, message for Beth: the solicitor rang")).toBe(true);
    expect(opensMessage("please tell the team the mortgage offer is here")).toBe(true);
    expect(opensMessage("I'd like a valuation and somebody to ring me back")).toBe(false);
  });

  test("that he gives along with the wish is not asked for again", () => {
    for (const say of [
      "let them know I've paid the invoice",
      "could somebody ring me about the wall",
      "tell Beth the lights are on in number four",
    ]) {
      expect(messageIn(say)).toBe(say);
    }
    expect(messageIn("could somebody ring me back")).toBeUndefined();
    expect(messageIn("can I leave a message for Beth")).toBeUndefined();
  });
});

describe("a question", () => {
  test.each([
    ["the council tax for 4 Abbey Terrace", "council-tax"],
    ["service charge on the flat in Mill Lane", "service-charge"],
    ["could I park outside number four", "parking"],
    ["I was wondering what the cottage in Mill Lane goes for", "price"],
    ["do you know when the branch closes", "office-hours"],
    ["what hours are you working over Easter", "office-hours"],
    ["I can't find where your branch is", "office-address"],
    ["can you tell me where you're based", "office-address"],
  ])("%p is for %s", (say, key) => expect(readQuestions(tokenise(say))).toContain(key));

  test("in two parts has two answers, and what something costs is no price of the house", () => {
    expect(readQuestions(tokenise("how much is it and is there a garden"))).toEqual(["price", "garden"]);
    expect(readQuestions(tokenise("how much is the council tax"))).toEqual(["council-tax"]);
  });
});

test.each(["turn that recorder off please", "would you switch off the recording", "shut the tape off"])(
  "%p is about the recording",
  (say) => expect([...readIntents(tokenise(say))]).toContain("recording"),
);

describe("a call that sells something is known by what it offers", () => {
  test.each([
    "I represent a large broadband supplier",
    "your firm has been specially selected this month",
    "it's a brief survey of local businesses",
    "is that the decision maker",
  ])("%p", (say) => expect(readTopic(tokenise(say))).toBe("cold-call"));
  test.each(["my surveyor wants the keys", "my offer has been accepted", "the energy supplier for my flat"])(
    "not %p",
    (say) => expect(readTopic(tokenise(say))).not.toBe("cold-call"),
  );
});
