import { describe, expect, test } from "bun:test";
import { atReadBack, call, message, outcome } from "./scripted-caller.ts";

function leave(caller: ReturnType<typeof call>): void {
  for (let turn = 0; turn < 6 && !caller.state.ended; turn++) {
    const asks = caller.state.asks;
    if (asks === "message") caller.say("It's about my deposit, I moved out in March.");
    else if (asks === "name") caller.say("Mrs Patel");
    else if (asks === "phone") caller.say("oh seven seven double oh, nine hundred, one two three");
    else if (asks === "confirm") {
      caller.say("Yes.");
      return;
    }
  }
}

const STATES: readonly (readonly [string, readonly string[]])[] = [
  ["the opening", []],
  ["the property", ["I'd like to book a viewing"]],
  ["the day", ["I'd like to view 14 Maple Road"]],
  ["the time", ["14 Maple Road on Saturday"]],
  ["the name", ["14 Maple Road on Saturday at ten"]],
  ["the number", ["14 Maple Road on Saturday at ten, my name is Lucy Evans"]],
  ["a choice of property", ["the house on Castle Street"]],
  ["a check", ["I'd like to view 7 Scott Street"]],
  ["an offered message", ["I'd like to view 9 Station Road"]],
];

describe("a person is asked for at", () => {
  for (const [where, lines] of STATES) {
    test(where, () => {
      const caller = call();
      for (const line of lines) caller.say(line);
      const answer = caller.say("Can I speak to a person please?");
      expect(answer).toContain("can't put you through");
      expect(answer).not.toMatch(/ring you|call you back|they will|we will/i);
      leave(caller);
      expect(message(caller)).toMatchObject({ phone: "+447700900123" });
      expect(caller.say("no thanks")).toContain("Goodbye");
      expect(outcome(caller)).toBe("message");
    });
  }

  test("the read-back, with everything known", () => {
    const caller = atReadBack();
    caller.say("actually can I speak to a real person");
    leave(caller);
    expect(message(caller)).toMatchObject({ name: "Sarah Patel", phone: "+447700900123" });
    expect(message(caller)?.about).toContain("14 Maple Road");
  });
});

test("a message is for whom it is for", () => {
  const caller = call();
  caller.say("Can I speak to Beth please?");
  leave(caller);
  expect(message(caller)).toMatchObject({
    forWhom: "Beth",
    name: "Mrs Patel",
    about: "It's about my deposit, I moved out in March.",
  });
});

for (const line of ["I've a question about an invoice you sent me", "can I talk through a mortgage"]) {
  test(`"${line}" becomes a message in the caller's words`, () => {
    const caller = call();
    caller.say(line);
    leave(caller);
    expect(message(caller)?.about).toBe(line);
  });
}

test("a message that cannot be saved is not said to be", () => {
  const caller = call({ refuseMessage: true });
  caller.say("I'd like to leave a message");
  leave(caller);
  expect(caller.said.join(" ")).toContain("couldn't save your message");
  expect(outcome(caller)).toBe("failed");
});

describe("what cannot be understood", () => {
  test("at the opening leads to a message", () => {
    const caller = call();
    for (let turn = 0; turn < 4; turn++) caller.say("wibble the flumox sideways");
    expect(caller.state.task).toBe("message");
  });

  test("as a day is asked for in other words, then becomes a message", () => {
    const caller = call();
    caller.say("I'd like to view 14 Maple Road");
    const first = caller.say("wibble wobble");
    const second = caller.say("flim flam");
    expect(first).not.toBe(second);
    caller.say("grumble");
    expect(caller.said.join(" ")).toContain("take a message");
    leave(caller);
    expect(message(caller)?.about).toBe("Would like to view 14 Maple Road.");
  });

  test("as a number leaves a message without one, and says so", () => {
    const caller = call();
    caller.say("I'd like to leave a message");
    caller.say("about the deposit please");
    caller.say("Sarah Patel");
    for (let turn = 0; turn < 4; turn++) caller.say("flim flam");
    expect(caller.said.join(" ")).toContain("a message for the team without it");
    expect(message(caller)).toMatchObject({ name: "Sarah Patel", phone: "", about: "about the deposit please" });
  });
  test("as a name and a number, ends in a goodbye that says so", () => {
    const caller = call();
    caller.say("I'd like to leave a message");
    caller.say("about the deposit please");
    for (let turn = 0; turn < 8 && outcome(caller) === undefined; turn++) caller.say("why do you need that");
    expect(caller.said.join(" ")).toContain("sorry I couldn't help");
    expect(outcome(caller)).toBe("failed");
  });
});
