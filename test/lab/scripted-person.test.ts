import { describe, expect, test } from "bun:test";
import { openLab } from "../../src/cli/lab/suites.ts";
import type { AgentTurn } from "../../src/lab/hearing.ts";
import type { Personality } from "../../src/lab/personality.ts";
import { seeded } from "../../src/lab/random.ts";
import { parseSuite } from "../../src/lab/scenario.ts";
import { createCaller, type Move } from "../../src/lab/scripted-person.ts";

const { words } = openLab(undefined);
const viewing = `{"row":"viewing","title":"v","rows":[{"viewing":{}}],"outcome":["booked"]}
{"say":"can I see it","who":"nair","property":"quarry-12","at":"2026-11-26T15:10"}`;
const question = `{"row":"office","title":"o","rows":[],"outcome":["nothing"],"view":false}
{"say":"when are you open"}`;

function callerOf(suite = viewing, personality: Personality = "plain", seed = 1) {
  const scenario = parseSuite(suite, "test")[0]?.scenarios[0];
  if (scenario === undefined) throw new Error("no scenario");
  return createCaller(scenario, personality, words, seeded(seed));
}
const turn = (asks: string | null, said = "", slots: AgentTurn["slots"] = {}): AgentTurn => ({ asks, said, slots });
const textOf = (move: Move): string => (move.kind === "say" ? move.text : move.kind);

const taken = {
  property: { value: "quarry-12" },
  date: { value: "2026-11-26" },
  time: { value: "15:10" },
  name: { value: "Priya Nair" },
  phone: { value: "+447700900231" },
};
const readBack =
  "So that's 12 Quarry Bank, Thursday the 26th of November at ten past three, for Priya Nair, on 07700 900 231. Shall I book that?";

describe("A caller", () => {
  test("says his wish, and what he is asked for", () => {
    const caller = callerOf();

    expect(textOf(caller.next(turn(null)))).toBe("can I see it");
    expect(words.ways.dates["2026-11-26"]).toContain(textOf(caller.next(turn("date"))));
    expect(words.ways.people.nair?.phones).toContain(textOf(caller.next(turn("phone"))));
  });

  test("says yes to what is right, and puts right what he hears is wrong", () => {
    expect(words.manners.yes).toContain(textOf(callerOf().next(turn("confirm", readBack, taken))));
    const said = readBack.replace("ten past three", "half past two");
    const wrong = { ...taken, time: { value: "14:30" } };
    expect(textOf(callerOf().next(turn("confirm", said, wrong)))).toMatch(/^no, at /);
  });

  test("cannot put right what was not read out to him", () => {
    const wrong = { ...taken, time: { value: "14:30" } };
    const said = "So that's Priya Nair. Shall I book that?";
    expect(words.manners.yes).toContain(textOf(callerOf().next(turn("confirm", said, wrong))));
  });

  test("who only asks a question wants no viewing and no booking", () => {
    const caller = callerOf(question);
    expect(textOf(caller.next(turn("confirm", "Would you like to view it?")))).toStartWith("no");
    expect(textOf(caller.next(turn("confirm", "Shall I book that?")))).toStartWith("no");
    expect(words.manners.unwanted).toContain(textOf(caller.next(turn("date", "Which day?"))));
  });

  test("hangs up on whoever asks for the same thing for ever", () => {
    const caller = callerOf();
    const moves = Array.from({ length: 8 }, () => caller.next(turn("time")).kind);
    expect(moves.indexOf("hangup")).toBe(6);
  });
});

describe("Personalities", () => {
  test("one who corrects himself ends with what is right", () => {
    const said = textOf(callerOf(viewing, "corrects himself").next(turn("date")));
    const [wrong, right] = [said.split(", ")[0] ?? "", said.split(", ").at(-1) ?? ""];
    expect(words.ways.dates["2026-11-26"]).toContain(right);
    expect(words.ways.dates["2026-11-26"]).not.toContain(wrong);
  });

  test("somebody elderly looks for her glasses and says her number in pieces", () => {
    const caller = callerOf(viewing, "elderly, slow");
    expect(words.manners.wait).toContain(textOf(caller.next(turn("phone"))));
    const pieces = [1, 2, 3].map(() => textOf(caller.next(turn("phone"))));
    expect(pieces).toEqual([...(words.ways.people.nair?.pieces ?? [])]);
  });

  test("a bad line swallows about one turn in eight, and the same ones for the same seed", () => {
    const swallowed = (seed: number) =>
      Array.from(
        { length: 400 },
        (_, n) => callerOf(viewing, "bad line", seed + n).next(turn("date")).kind === "silence",
      );
    const count = swallowed(1).filter(Boolean).length;
    expect(count).toBeWithin(24, 80);
    expect(swallowed(7)).toEqual(swallowed(7));
  });
});
