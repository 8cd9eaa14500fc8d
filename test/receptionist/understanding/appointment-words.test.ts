import { describe, expect, test } from "bun:test";
import { waitsForUs } from "../../../src/receptionist/understanding/appointment-words.ts";
import { phraseOf, tokenise } from "../../../src/receptionist/understanding/tokens.ts";
import { readTopic } from "../../../src/receptionist/understanding/topics.ts";

const topicOf = (text: string) => readTopic(tokenise(text));
const waits = (text: string) => waitsForUs(phraseOf(tokenise(text)));

describe("what is said of an appointment that is there", () => {
  test.each([
    ["move-appointment", "any chance of putting Wednesday's appointment back half an hour"],
    ["move-appointment", "we'll have to rearrange, little one's off school"],
    ["move-appointment", "could you bring our viewing forward a touch"],
    ["move-appointment", "can I come on Monday instead of Thursday"],
    ["move-appointment", "about our viewing on Friday, might we make it the week after"],
    ["cancel-appointment", "you'd better cancel tomorrow, we're full of cold"],
    ["cancel-appointment", "I'm sorry, we can't make Saturday after all"],
    ["cancel-appointment", "we no longer need the viewing, thanks all the same"],
    ["cancel-appointment", "Harris here, I won't be able to make it"],
    ["confirm-appointment", "are we still on for Thursday"],
    ["confirm-appointment", "is my viewing still going ahead"],
    ["confirm-appointment", "I'm confirming we'll be there at the weekend"],
    ["confirm-appointment", "I've forgotten the time of my appointment"],
    ["confirm-appointment", "we've a viewing arranged with you, remind me when it is"],
    ["access", "you're welcome to let yourselves in, we'll be at work"],
    ["access", "I'm the vendor, tomorrow's viewing suits us fine"],
    ["access", "your colleague sent a text asking if buyers could come round, the answer's no"],
    ["access", "that viewing at our flat, could they leave it until the evening"],
    ["access", "don't bring people round before ten, my husband works nights"],
    ["feedback", "we went round Kestrel Close this morning and it's too dark for us"],
    ["feedback", "my viewing was lovely, but we need a bigger kitchen"],
    ["feedback", "I really liked the cottage but it's over my budget"],
  ])("%s: %s", (topic, text) => {
    expect(topicOf(text)).toBe(topic as ReturnType<typeof topicOf>);
  });

  test.each([
    "I saw 27 Kestrel Close on your website and I'd like to look round",
    "we loved the photos, can we book a viewing",
    "I'd like to book a viewing for my daughter, she's moving house",
    "could I bring my wife round to see it on Saturday",
    "can I see it on Thursday, I can't do mornings",
    "is the flat still on the market",
    "we viewed it last week, could we have a second viewing",
    "what time could I come and see the house",
    "I'd like a viewing on Friday at four",
  ])("none of it: %s", (text) => {
    expect(topicOf(text)).toBeUndefined();
  });

  test.each([
    "I'm stood on the doorstep and there's not a soul about",
    "the negotiator hasn't turned up for our appointment",
    "we've been waiting outside for a quarter of an hour",
    "the train's held up, we'll be ten minutes late",
    "I'm stuck in traffic and won't be there in time",
    "we're here at the flat, where's your colleague",
    "somebody was supposed to meet us here at the house",
    "I'm stuck behind a tractor on the ring road and I've my viewing at two",
  ])("cannot wait: %s", (text) => {
    expect(waits(text)).toBe(true);
  });

  test.each([
    "is it too late to book a viewing today",
    "my rent is going to be late this month",
    "I'd like to come late afternoon",
    "nobody has called me back about the viewing",
    "I've been waiting for a ring about my appointment",
    "is there a garden outside the flat",
    "do we park outside for the viewing",
  ])("can wait: %s", (text) => {
    expect(waits(text)).toBe(false);
  });
});
