import { expect, test } from "bun:test";
import { readLegAnswer } from "../../../src/calls/transfer/answers.ts";

test.each([
  "Yes.",
  "Yeah, okay",
  "Okay.",
  "Yes please",
  "Put him through",
  "Yes, put her through please",
  "I'll take it",
  "Go ahead",
  "Sure, put them on.",
  "Aye, go on then",
])("%s: takes the call", (text) => expect(readLegAnswer(text)).toBe("accepts"));

test.each([
  "No.",
  "No, not now",
  "I'm busy",
  "Take a message, please",
  "No thanks",
  "I can't take it",
  "Can you tell them I'll ring back",
])("%s: does not", (text) => expect(readLegAnswer(text)).toBe("declines"));

test.each([
  "You've reached the voicemail of Beth Carter",
  "Please leave a message after the tone.",
  "I'm sorry, I can't take your call right now, please leave your name and number",
  "The person you are calling is not available to take your call",
  "Yes, okay, you've reached my mailbox",
])("%s: a machine", (text) => expect(readLegAnswer(text)).toBe("machine"));

test.each([
  "",
  "Hello?",
  "Beth speaking",
  "Hello, this is Beth from the sales department, how can I help you",
  "Okay so the thing is that he said yes and then I said yes to him as well",
  "Who is it?",
])("%s: neither", (text) => expect(readLegAnswer(text)).toBe("unclear"));
