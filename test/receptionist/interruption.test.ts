import { describe, expect, test } from "bun:test";
import type { Unfinished } from "../../src/receptionist/contract.ts";
import { receptionFlow } from "../../src/receptionist/flows/reception.ts";
import type { Phase, State } from "../../src/receptionist/state.ts";
import { createTalk } from "../../src/receptionist/talk.ts";
import { memoryView } from "./memory-view.ts";

const NOW = "2026-11-24T10:05";
const talk = createTalk(receptionFlow, memoryView());

const readBack =
  "So that's 14 Maple Road, Saturday the 28th of November at 11 o'clock, for Jane Smith, on 07700 900123. Shall I book that?";
const asksOf = { confirm: "confirm", slot: "date", open: null, else: "anything-else" } as const;

function stateIn(phase: Phase & { kind: keyof typeof asksOf }): State {
  return { ...talk.start(), disclosed: true, task: "viewing", phase, asks: asksOf[phase.kind] };
}

const cutAt = (text: string, words: number): Unfinished => ({
  text,
  heardText: text.split(" ").slice(0, words).join(" "),
});

const says = (text: string, state: State, unfinished: Unfinished, doubtful = false): boolean =>
  talk.interrupts(state, { text, nbest: [[text, -1]], ...(doubtful && { doubtful }) }, unfinished, NOW);

const question = "14 Maple Road. Which day would suit you?";

// biome-ignore format: a list
const LISTENING = [
  "mm-hm", "Mm hmm.", "uh huh", "Right.", "Okay.", "OK", "yeah", "Yes.", "yep", "I see", "Sure", "Right, okay.", "Yeah, yeah.", "Oh right", "Oh okay", "Lovely.",
  "Great", "good", "fine", "Got it", "of course", "Ah, right.", "mm", "hm", "Aha", "Alright", "that's fine", "thank you", "Cheers", "Perfect", "Okay, great.", "no worries", "really",
];
// biome-ignore format: a list
const TO_OTHERS = [
  "No darling, not now.", "I'm on the phone.", "It's the estate agents.", "Put that down.", "Put the kettle on, love.", "Shush, I'm on the phone.", "Mum's on the phone, sweetheart.",
  "Come here.", "Turn that down", "Who's at the door?", "Is that the post?", "is that your taxi", "Leave him alone.", "Good boy.", "He says it's fine.", "In a minute, darling", "Not now, mum.", "Shut the door, will you",
  "Have you seen my glasses?", "Stop it, boys.", "Dinner's ready.", "She wants to know", "Get down.", "where are my keys", "a bit of sugar", "the blue one there", "four candles on it",
];
// biome-ignore format: a list
const TURNS = [
  "No.", "No, wait.", "Wait.", "Hang on.", "Sorry?", "Pardon?", "Excuse me.", "Hello?", "Saturday.", "On Saturday at two.", "No, Castle Street.", "I said Castle Street.",
  "Actually, can I speak to somebody?", "Can I leave a message?", "Is it still available?", "What time do you close?", "How much is it?", "I'd like to sell my house.", "Can you repeat that?",
  "Stop.", "Goodbye.", "Never mind.", "Are you a robot?", "I need to cancel my viewing.", "But I can't do Saturday.", "Not Maple Road.", "Yes, on Friday.", "okay but what about Sunday",
  "There's a smell of gas", "my number is 07700 900123", "Could you slow down?", "is there parking", "right, Thursday then", "It's the wrong house.", "I can't make Saturdays.",
];

describe("into a question that is not over", () => {
  const cut = cutAt(question, 3);
  test.each(LISTENING)("%p is listening", (text) =>
    expect(says(text, stateIn({ kind: "slot", slot: "date" }), cut)).toBe(false),
  );
  test.each(TO_OTHERS)("%p is said to somebody else", (text) =>
    expect(says(text, stateIn({ kind: "slot", slot: "date" }), cut)).toBe(false),
  );
  test.each(TURNS)("%p is a turn", (text) =>
    expect(says(text, stateIn({ kind: "slot", slot: "date" }), cut)).toBe(true),
  );
  test("words of which our hearing is unsure are none, unless there is danger in them", () => {
    expect(says("Saturday", stateIn({ kind: "slot", slot: "date" }), cut, true)).toBe(false);
    expect(says("I can smell gas", stateIn({ kind: "slot", slot: "date" }), cut, true)).toBe(true);
  });
});

describe("yes and no", () => {
  const words = readBack.split(" ").length;
  test.each(["Yes.", "yeah", "Okay.", "Right", "that's right", "Yes please.", "Lovely"])(
    "%p agrees to what was told, and not to what was not",
    (text) => {
      for (const heard of [2, 8, words - 4])
        expect(says(text, stateIn({ kind: "confirm" }), cutAt(readBack, heard))).toBe(false);
      for (const heard of [words - 3, words - 1, words])
        expect(says(text, stateIn({ kind: "confirm" }), cutAt(readBack, heard))).toBe(true);
    },
  );
  test.each(["No.", "No, that's wrong.", "No, at twelve.", "Not Saturday.", "The time's wrong."])(
    "%p is heard at once, wherever it is said",
    (text) => {
      for (const heard of [0, 5, words])
        expect(says(text, stateIn({ kind: "confirm" }), cutAt(readBack, heard))).toBe(true);
    },
  );
  test("where anything but yes or no was asked, the noises of listening are no answer even after the question", () => {
    expect(says("okay", stateIn({ kind: "slot", slot: "date" }), cutAt(question, 99))).toBe(false);
  });
});

test("asked to bear with him, it leaves alone what he says to the room, and is back at the first word for us", () => {
  const hear = (state: State, text: string) =>
    talk.step(state, { kind: "heard", heard: { text, nbest: [[text, -1]] }, now: NOW });
  const said = ({ effects }: ReturnType<typeof hear>) =>
    effects.flatMap((effect) => (effect.kind === "say" ? [effect.text] : []));
  const waiting = hear(stateIn({ kind: "slot", slot: "date" }), "Bear with me.");
  expect(said(waiting)).toEqual(["Of course, take your time."]);
  expect(waiting.effects).toContainEqual({ kind: "listen", noInputMs: 20_000 });
  for (const text of ["Where's the calendar, darling?", "the blue one there"]) {
    const aside = hear(waiting.state, text);
    expect(said(aside)).toEqual([]);
    expect(aside.effects).toContainEqual({ kind: "listen", noInputMs: 20_000 });
    expect(aside.state.holds).toBe(0);
  }
  const back = hear(waiting.state, "Saturday");
  expect(back.state.holds).toBeNull();
  expect(said(back).join(" ")).not.toBe("");
});

test("free words answer where free words were asked for", () => {
  const slot = (name: "message" | "date"): State => ({
    ...stateIn({ kind: "slot", slot: "date" }),
    phase: { kind: "slot", slot: name },
    asks: name,
  });
  const prompt = cutAt("What would you like me to pass on?", 3);
  expect(says("the gate at the back swings about", slot("message"), prompt)).toBe(true);
  expect(says("the gate at the back swings about", slot("date"), prompt)).toBe(false);
});
