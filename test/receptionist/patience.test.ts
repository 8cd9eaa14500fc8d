import { expect, test } from "bun:test";
import type { Asks } from "../../src/receptionist/contract.ts";
import { patience } from "../../src/receptionist/patience.ts";

const CASES: readonly (readonly [Asks, string, number, number])[] = [
  ["confirm", "Yes.", 300, 350], // "yes, but …"
  ["confirm", "That's correct.", 300, 350], // "…, thank you"
  ["confirm", "Yes please.", 200, 250],
  ["confirm", "That's correct, thank you.", 200, 250],
  ["confirm", "No.", 400, 650], // "no, Thursday"
  ["confirm", "Can you say that again?", 300, 350],
  ["confirm", "Can you say that again please?", 200, 200],
  ["phone", "Sorry, could you repeat that?", 300, 350],
  ["phone", "One two three, I'll say that again", 1_000, 1_200],
  ["message", "again", 700, 1_000],
  ["anything-else", "No.", 400, 500],
  ["anything-else", "No, that's everything.", 200, 350],
  ["date", "Saturday.", 250, 400],
  ["date", "Saturday the", 900, 1_200],
  ["time", "Half past two.", 250, 400],
  ["time", "Half past", 900, 1_200],
  ["time", "eleven", 350, 500],
  ["name", "My name is Sarah Patel.", 300, 450],
  ["name", "Sarah", 600, 800],
  ["phone", "07700", 1_000, 1_200],
  ["phone", "07700 900", 1_000, 1_200],
  ["phone", "07700 900123.", 250, 450],
  [null, "My number is 07700 900", 1_000, 1_200],
  [null, "I'd like to book a viewing and", 900, 1_200],
  [null, "um", 900, 1_200],
  [null, "I'd like to book a viewing for 14 Maple Road please.", 250, 450],
  [null, "I was wondering about something", 600, 600],
  ["property", "14 Maple Road please.", 200, 200], // nobody goes on after "please"
  ["date", "Tuesday please.", 200, 200],
  [null, "I'd like to view 14 Maple Road please.", 250, 450], // but of a wish: "… please, on Tuesday"
  [null, "I'd like to book a viewing.", 700, 800], // of what?
  [null, "I'd like to make an appointment please.", 300, 800],
  ["date", "On Monday.", 620, 700], // "… at ten"
  ["time", "12.", 620, 700], // "… thirty"
  ["time", "12 o'clock.", 250, 400],
  // Not what was asked for: whole as it is, or not.
  ["confirm", "My name is James Wilson.", 300, 400],
  ["confirm", "My name is Smith.", 700, 800],
  ["confirm", "On Monday please.", 200, 700],
  ["date", "Half past ten.", 400, 500],
  ["phone", "Yes, that's correct.", 700, 800], // a bare yes is no end where digits were asked for
  ["phone", "No, that's everything. Thank you.", 200, 300],
  ["date", "07700.", 1_000, 1_200],
  ["phone", "9:00.", 1_000, 1_200], // "nine oh oh"
  ["message", "It's about my deposit", 700, 1_000],
];

for (const [asks, text, least, most] of CASES) {
  test(`patience with "${text}", asked ${asks ?? "nothing"}, is ${least}–${most} ms`, () => {
    const ms = patience({ asks, slots: {}, disclosed: true, ended: false }, text);
    expect(ms).toBeGreaterThanOrEqual(least);
    expect(ms).toBeLessThanOrEqual(most);
  });
}

const asked = (asks: Asks, begun?: string) => ({
  asks,
  slots: {},
  ...(begun === undefined ? {} : { begun }),
  disclosed: true,
  ended: false,
});

test("the digits of turns before belong to the number: with the last group it is whole", () => {
  expect(patience(asked("phone"), "123")).toBe(1_200);
  expect(patience(asked("phone", "07700900"), "123")).toBe(350);
  expect(patience(asked("phone", "07700"), "900")).toBe(1_200);
});

const doubted = { unsure: true, readings: [] };
const between = (...readings: string[]) => ({ unsure: false, readings });

test("of readings that are about as likely the one that is less whole counts, but a yes is a yes", () => {
  expect(patience(asked("phone"), "07700 900900.", between("07700. No, 900."))).toBe(1_200);
  expect(patience(asked("phone"), "07700 900871.", between("07700 900887."))).toBe(350);
  expect(patience(asked("time"), "12.", between("Well."))).toBe(1_000);
  expect(patience(asked("date"), "Tuesday please.", between("Thursday please."))).toBe(200);
  expect(patience(asked("confirm"), "Yes.", between("Yes and"))).toBe(320);
});

test("what the recogniser is unsure of may be the half of something else; a yes is a yes", () => {
  expect(patience(asked("phone"), "07700 900000.", doubted)).toBe(1_000);
  expect(patience(asked("date"), "Monday.", doubted)).toBe(450);
  expect(patience(asked("date"), "Tuesday please.", doubted)).toBe(450);
  expect(patience(asked("time"), "12.", doubted)).toBe(1_000);
  expect(patience(asked("confirm"), "Yes.", doubted)).toBe(320);
});

test("patience is 200–1,200 ms whatever was said", () => {
  for (const text of ["", " ", "|", "\u0000", "7".repeat(500), "and ".repeat(300)]) {
    for (const asks of ["phone", "confirm", "date", "time", "name", "message", null] as const) {
      const ms = patience({ asks, slots: {}, disclosed: true, ended: false }, text);
      expect(ms >= 200 && ms <= 1_200).toBe(true);
    }
  }
});
