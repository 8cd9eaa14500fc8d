import { describe, expect, test } from "bun:test";
import { memoryView } from "./memory-view.ts";
import { atReadBack, type Call, call, danger, outcome } from "./scripted-caller.ts";

const GAS =
  "Leave now, opening doors and windows on your way if you can. No flames, no switches. Once outside, ring 0800 111 999. Please hang up and go.";

const STATES: readonly (readonly [string, () => Call])[] = [
  ["before the disclosure has played out", () => call({ playsOut: false })],
  ...(
    [
      ["the opening", []],
      ["the property", ["I'd like to book a viewing"]],
      ["the day", ["I'd like to view 14 Maple Road"]],
      ["the time", ["14 Maple Road on Saturday"]],
      ["the name", ["14 Maple Road on Saturday at ten"]],
      ["the number", ["14 Maple Road on Saturday at ten, my name is Lucy Evans"]],
      ["a choice", ["the house on Castle Street"]],
      ["a check", ["I'd like to view 7 Scott Street"]],
      ["the message", ["I'd like to leave a message"]],
      ["a hold", ["I'd like to book a viewing", "bear with me"]],
    ] as const
  ).map(([where, lines]): readonly [string, () => Call] => [
    where,
    () => {
      const caller = call();
      for (const line of lines) caller.say(line);
      return caller;
    },
  ]),
  ["the read-back", atReadBack],
  [
    "what to change",
    () => {
      const caller = atReadBack();
      caller.say("no");
      return caller;
    },
  ],
  [
    "anything else",
    () => {
      const caller = atReadBack();
      caller.say("yes");
      return caller;
    },
  ],
];

for (const [where, reach] of STATES) {
  test(`gas is answered at once at ${where}`, () => {
    const caller = reach();
    expect(caller.say("I can smell gas")).toBe(GAS);
    expect(danger(caller)).toBe("gas");
    expect(caller.effects[0]?.kind).toBe("emergency"); // what is being said makes way first
    caller.silence();
    caller.silence();
    caller.silence();
    expect(outcome(caller)).toBe("emergency");
  });
}

describe("the words", () => {
  test("in Northern Ireland have its own gas number", () => {
    const caller = call({ view: memoryView([], { jurisdiction: "northern-ireland" }) });
    expect(caller.say("there's a gas leak")).toContain("0800 002 001");
  });

  test("of carbon monoxide: air, 999, then the gas number", () => {
    const caller = call();
    expect(caller.say("the carbon monoxide alarm is going off")).toMatch(/fresh air.*999.*0800 111 999/);
    expect(danger(caller)).toBe("gas");
  });

  test("of fire and of danger to life: out, 999", () => {
    const fire = call();
    expect(fire.say("the kitchen is on fire")).toMatch(/^Get out.*999/);
    expect(danger(fire)).toBe("fire");
    const life = call();
    expect(life.say("my husband has collapsed")).toMatch(/get out.*999/);
    expect(danger(life)).toBe("life");
  });

  test("go with the property, if one was named, to whoever is on call", () => {
    const where = (...lines: string[]) => {
      const caller = call();
      for (const line of lines) caller.say(line);
      return caller.effects.find((effect) => effect.kind === "emergency")?.property;
    };
    expect(where("I can smell gas")).toBeUndefined();
    expect(where("I can smell gas at 14 Maple Road")).toBe("p1");
    expect(where("I'd like to view 14 Maple Road", "I can smell gas")).toBe("p1");
  });

  test("do not wait for goodbyes", () => {
    const caller = call();
    caller.say("I can smell gas");
    caller.say("okay thank you");
    expect(outcome(caller)).toBe("emergency");
  });

  test("are taken from a reading nearly as likely as the best, not from a far one", () => {
    const heard = (second: number) => {
      const caller = call();
      caller.input({
        kind: "heard",
        heard: {
          text: "I can sell glass",
          nbest: [
            ["I can sell glass", -1],
            ["I can smell gas", second],
          ],
        },
      });
      return danger(caller);
    };
    expect(heard(-2)).toBe("gas");
    expect(heard(-9)).toBeUndefined();
  });
});

describe("a mistaken alarm", () => {
  test("goes on where it was", () => {
    const caller = call();
    caller.say("I'd like to view 14 Maple Road");
    caller.say("I can smell gas");
    expect(caller.say("No, there's no gas, I only want to view the house")).toContain("Which day");
    expect(caller.state.asks).toBe("date");
    expect(caller.state.alarmed).toBe(false);
  });

  test("before the disclosure leads back to the disclosure", () => {
    const caller = call({ playsOut: false });
    caller.say("I can smell gas");
    caller.input({ kind: "said", sayId: 1, completed: false, heardShare: 0.3 });
    caller.say("no, there is no smell, that was a mistake");
    expect(caller.effects.some((effect) => effect.kind === "say" && effect.disclosure)).toBe(true);
    expect(caller.state.disclosed).toBe(false);
  });
});
