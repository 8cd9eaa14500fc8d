import { describe, expect, test } from "bun:test";
import type { Effect, Person, TransferFailure } from "../../src/receptionist/contract.ts";
import { fixedPrompts } from "../../src/receptionist/fixed-prompts.ts";
import { receptionFlow } from "../../src/receptionist/flows/reception.ts";
import { memoryView } from "./memory-view.ts";
import { call, message, outcome } from "./scripted-caller.ts";

const people: Person[] = [
  { name: "Beth Carter", extension: "201", roles: ["sales"] },
  { name: "Priya Shah", extension: "202", roles: ["reception", "lettings"] },
];

function office(who: readonly Person[] = people) {
  const view = { ...memoryView(), people: () => who };
  return call({ view });
}

type Caller = ReturnType<typeof call>;

const transfer = ({ effects }: Caller) =>
  effects.find((effect): effect is Extract<Effect, { kind: "transfer" }> => effect.kind === "transfer");
const isCancelled = ({ effects }: Caller) => effects.some(({ kind }) => kind === "cancel-transfer");

describe("who is rung", () => {
  test.each([
    ["Can I speak to a person please?", "202"],
    ["Can I speak to Beth please?", "201"],
    ["Could you put me through to Beth Carter", "201"],
    ["I'd like to talk to Shah please", "202"],
    ["Can I speak to someone in lettings", "202"],
    ["Can you put me through to sales please", "201"],
    ["Can I speak to Gordon please", "202"], // misheard, or one that reception will know
  ])("%s", (words, extension) => {
    const caller = office();
    const said = caller.say(words);
    expect(transfer(caller)?.to.extension).toBe(extension);
    expect(said).toContain("I'll try");
    expect(said).toContain("One moment");
  });

  test("nobody, if there are no people, none that fits, or the office is closed: a message as ever", () => {
    for (const who of [[], [{ name: "Beth", extension: "201", roles: [] }]]) {
      const caller = office(who);
      expect(caller.say("Can I speak to a person please?")).toContain("can't put you through");
      expect(transfer(caller)).toBeUndefined();
    }
    const closed = { ...memoryView(), hoursOn: () => ({ opens: "11:00", closes: "17:00" }), people: () => people };
    const early = call({ view: closed }); // it is 10:05
    expect(early.say("Can I speak to Beth please?")).toContain("can't put you through");
    const caller = call({ view: { ...closed, hoursOn: () => undefined } });
    expect(caller.say("Can I speak to Beth please?")).toContain("can't put you through");
  });

  test("not for ever for somebody who calls it off each time: then it is a message", () => {
    const caller = office();
    const asked = () => caller.say("Can I speak to a person please?");
    for (let time = 1; time <= 4; time++) {
      expect(asked()).toContain("I'll try Priya Shah");
      expect(caller.say("No, go back.")).toContain("I've stopped trying");
    }
    expect(asked()).toContain("can't put you through");
  });

  test("is told who calls and what about, as far as it is known", () => {
    const caller = office();
    caller.say("14 Maple Road on Saturday at ten, my name is Lucy Evans");
    caller.say("actually can I speak to a real person");
    expect(transfer(caller)?.about).toBe(
      "Gatehouse, with a call for you: Lucy Evans, about 14 Maple Road. Press 1, or say yes, to take the call.",
    );
    const other = office();
    other.say("Can I speak to Beth please?");
    expect(transfer(other)?.about).toContain("a caller. Press 1");
  });
});

describe("while a telephone rings", () => {
  const ringing = () => {
    const caller = office();
    caller.say("I'd like to view 14 Maple Road");
    caller.say("Can I speak to Beth please?");
    return caller;
  };

  test.each(["actually, never mind", "go back", "No, don't bother", "cancel"])("%s: back to the question", (words) => {
    const caller = ringing();
    const said = caller.say(words);
    expect(isCancelled(caller)).toBe(true);
    expect(said).toContain("Which day would suit you?");
    expect(caller.say("Saturday")).toContain("What time");
  });

  test("star does the same; other keys do nothing", () => {
    const caller = ringing();
    expect(caller.keys("5")).toBe("");
    expect(isCancelled(caller)).toBe(false);
    expect(caller.keys("*")).toContain("Which day would suit you?");
    expect(isCancelled(caller)).toBe(true);
  });

  test("hello? is answered, and does not stop it", () => {
    const caller = ringing();
    expect(caller.say("hello?")).toContain("still trying Beth Carter");
    expect(isCancelled(caller)).toBe(false);
    for (let i = 0; i < 5; i++) caller.say("hello?");
    expect(caller.say("hello?")).toBe(""); // he talks to somebody in the room
    expect(caller.say("okay")).toBe("");
  });

  test("silence, and words that were not made out, are not asked about; nor does a lost voice end the call", () => {
    const caller = ringing();
    expect(caller.silence()).toBe("");
    expect(caller.input({ kind: "not-heard" })).toBe("");
    expect(caller.input({ kind: "not-spoken" })).toBe("");
    expect(caller.state.ended).toBe(false);
  });

  test("a message can be left instead", () => {
    const caller = ringing();
    const said = caller.say("I'd rather leave a message");
    expect(isCancelled(caller)).toBe(true);
    expect(said).toContain("Could I take your name");
  });

  test("goodbye ends it", () => {
    const caller = ringing();
    expect(caller.say("bye then")).toContain("Goodbye");
    expect(isCancelled(caller)).toBe(true);
  });

  test("danger comes before everything: nobody is kept waiting for a transfer", () => {
    const caller = ringing();
    const said = caller.say("oh god I can smell gas");
    expect(isCancelled(caller)).toBe(true);
    expect(said).toContain("0800 111 999");
    const order = caller.effects.map(({ kind }) => kind);
    expect(order.indexOf("cancel-transfer")).toBeLessThan(order.indexOf("emergency"));
    expect(caller.say("no, there's no gas, you misheard")).toContain("Which day would suit you?");
  });
});

describe("nobody takes the call", () => {
  const back = (reason: TransferFailure, lines: string[] = ["I'd like to view 14 Maple Road on Saturday"]) => {
    const caller = office();
    for (const line of lines) caller.say(line);
    caller.say("Can I speak to Beth please?");
    const said = caller.input({ kind: "transfer-failed", reason });
    return { caller, said };
  };

  test.each([
    ["busy", "Beth Carter is on another call"],
    ["no-answer", "Beth Carter isn't free"],
    ["declined", "Beth Carter isn't free"],
    ["unreachable", "can't get through to Beth Carter"],
    ["failed", "can't get through to Beth Carter"],
  ] as const)("%s: said so, with a way on", (reason, words) => {
    const { said } = back(reason);
    expect(said).toContain(words);
    expect(said).toContain("Can I take a message, or shall we carry on?");
    expect(back(reason, []).said).toContain("Shall I take a message for the team?");
  });

  test.each(["carry on please", "Yes, let's carry on with the viewing", "yes please"])("%s: where it was", (words) => {
    const { caller } = back("no-answer");
    expect(caller.say(words)).toEndWith("What time would you like?");
    expect(caller.state.slots.property?.value).toBe("p1");
  });

  test("the answer to the question itself will do", () => {
    const { caller } = back("no-answer");
    expect(caller.say("half past ten")).toContain("your name");
  });

  test("a message, with what is known already", () => {
    const { caller } = back("no-answer");
    caller.say("a message please");
    caller.say("Lucy Evans");
    caller.say("oh seven seven double oh, nine hundred, one two three");
    caller.say("yes");
    expect(message(caller)).toMatchObject({ name: "Lucy Evans", forWhom: "Beth" });
    expect(message(caller)?.about).toContain("14 Maple Road");
  });

  test("no: neither", () => {
    const { caller } = back("no-answer");
    expect(caller.say("no")).toContain("anything else");
  });

  test("the same person is not rung again, another is", () => {
    const { caller } = back("no-answer");
    caller.say("then can I speak to someone in lettings");
    expect(transfer(caller)?.to.name).toBe("Priya Shah");
    caller.input({ kind: "transfer-failed", reason: "busy" });
    expect(caller.say("can I speak to Beth")).toContain("can't put you through");
  });

  test("an answer that comes too late changes nothing", () => {
    const { caller } = back("no-answer");
    expect(caller.input({ kind: "transfer-failed", reason: "busy" })).toBe("");
  });

  test("the question can be repeated without the apology", () => {
    const { caller } = back("no-answer");
    const again = caller.say("pardon?");
    expect(again).toContain("Can I take a message");
    expect(again).not.toContain("isn't free");
  });
});

describe("nobody has to ask", () => {
  test.each(["I'm outside the house and nobody is here", "I'm running late for my viewing"])(
    "%s: rung at once",
    (words) => {
      const caller = office();
      caller.say(words);
      expect(transfer(caller)).toMatchObject({ to: { extension: "202" } });
      expect(transfer(caller)?.about).toContain("a caller, who is waiting at a viewing or late for one. Press 1");
      const said = caller.input({ kind: "transfer-failed", reason: "no-answer" });
      expect(said).toContain("Shall I take a message for the team?");
      caller.say("yes please");
      caller.say("Lucy Evans");
      caller.say("oh seven seven double oh, nine hundred, one two three");
      caller.say("yes");
      expect(message(caller)?.about).toBe(words);
    },
  );

  test("whom we cannot understand is given to a person; only if he cannot be had a message is taken", () => {
    const caller = office();
    caller.say("I'd like to book a viewing");
    for (let i = 0; i < 6 && transfer(caller) === undefined; i++) caller.say("mumble grumble wumble");
    expect(transfer(caller)?.to.extension).toBe("202");
    expect(caller.said.join(" ")).toContain("I'm not getting this right. I'll try Priya Shah");
    caller.input({ kind: "transfer-failed", reason: "no-answer" });
    expect(caller.say("carry on")).toContain("street");
    for (let i = 0; i < 6 && caller.state.task === "viewing"; i++) caller.say("mumble grumble wumble");
    expect(caller.state.task).toBe("message");
  });
});

test("somebody took the call: that is what it came to, unless a viewing was booked", () => {
  const caller = office();
  caller.say("Can I speak to Beth please?");
  caller.input({ kind: "transferred" });
  expect(caller.state.transferred).toBe(true);
  caller.input({ kind: "transfer-failed", reason: "failed" });
  expect(caller.state.transferred).toBe(false);
  caller.say("no thank you");
  caller.say("goodbye");
  expect(outcome(caller)).toBe("nothing");
});

test("what is said of each person is prepared before the first call", () => {
  const prompts = fixedPrompts(receptionFlow, memoryView().agency(), people);
  const caller = office();
  caller.say("Can I speak to Beth please?");
  const spoken = caller.effects.filter((effect) => effect.kind === "say");
  expect(spoken.length).toBeGreaterThan(0);
  for (const { text, fixed } of spoken) {
    expect(fixed).toBe(true);
    expect(prompts).toContain(text);
  }
  expect(prompts).toContain("I'm sorry, Priya Shah isn't free at the moment.");
});
