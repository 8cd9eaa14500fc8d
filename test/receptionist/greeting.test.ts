import { describe, expect, test } from "bun:test";
import { atReadBack, booked, call, outcome } from "./scripted-caller.ts";

const disclosure = { interruptible: false, disclosure: true, fixed: true };

describe("the disclosure", () => {
  test("comes first, cannot be interrupted, and only its end is disclosed", () => {
    const caller = call({ playsOut: false });
    expect(caller.effects).toMatchObject([{ kind: "say", sayId: 1, ...disclosure }]);
    expect(caller.said[0]).toContain("automated assistant");
    expect(caller.said[0]).toContain("recorded");
    expect(caller.state.disclosed).toBe(false);
    expect(caller.input({ kind: "said", sayId: 1, completed: true, heardShare: 1 })).toBe("How can I help you?");
    expect(caller.effects.map((effect) => effect.kind)).toEqual(["disclosed", "say", "listen"]);
    expect(caller.state.disclosed).toBe(true);
  });

  test("cut short, is said again before anything else", () => {
    const caller = call({ playsOut: false });
    caller.input({ kind: "said", sayId: 1, completed: false, heardShare: 0.4 });
    expect(caller.effects).toMatchObject([{ kind: "say", sayId: 2, ...disclosure }]);
    expect(caller.state.disclosed).toBe(false);
  });

  test("that cannot be heard four times ends the call", () => {
    const caller = call({ playsOut: false });
    for (let sayId = 1; sayId <= 4; sayId++) caller.input({ kind: "said", sayId, completed: false, heardShare: 0 });
    expect(outcome(caller)).toBe("failed");
  });

  test("answers words heard during it afterwards", () => {
    const caller = call({ playsOut: false });
    expect(caller.say("I'd like to view 14 Maple Road")).toBe("");
    expect(caller.effects).toEqual([]);
    expect(caller.input({ kind: "said", sayId: 1, completed: true, heardShare: 1 })).toContain("Which day");
    expect(caller.state.slots.property?.value).toBe("p1");
  });

  test("is not listened through: silence and keys before it change nothing", () => {
    const caller = call({ playsOut: false });
    expect(caller.silence()).toBe("");
    expect(caller.keys("1")).toBe("");
    expect(caller.input({ kind: "not-heard" })).toBe("");
  });
});

describe("silence", () => {
  test("is answered in changing words, then the line is given up", () => {
    const caller = call();
    const answers = [caller.silence(), caller.silence(), caller.silence()];
    expect(new Set(answers.map((answer) => answer.split(".")[0])).size).toBe(3);
    expect(answers.every((answer) => answer.includes("How can I help you?"))).toBe(true);
    expect(caller.silence()).toContain("hang up");
    expect(outcome(caller)).toBe("nothing");
  });

  test("is forgotten once the caller speaks", () => {
    const caller = call();
    caller.silence();
    caller.silence();
    caller.say("I'd like to book a viewing");
    caller.silence();
    expect(caller.silence()).toContain("Which property");
  });

  test("within a number says what we have", () => {
    const caller = call();
    caller.say("14 Maple Road Saturday at half past two, my name is Sarah Patel");
    caller.say("07700 900");
    expect(caller.silence()).toContain("07700 900");
    caller.say("123");
    expect(caller.state.slots.phone?.value).toBe("+447700900123");
  });

  test("after 'bear with me' is kept for 20 s and a minute", () => {
    const caller = call();
    caller.say("I'd like to book a viewing");
    caller.say("Bear with me.");
    expect(caller.effects.at(-1)).toEqual({ kind: "listen", noInputMs: 20_000 });
    expect(caller.silence()).toContain("still here");
    expect(caller.silence()).toContain("still here");
    expect(caller.silence()).toContain("Which property");
    expect(caller.effects.at(-1)).toEqual({ kind: "listen", noInputMs: 7_000 });
  });
});

describe("at any time", () => {
  test("'say that again' repeats the question word for word", () => {
    const caller = atReadBack();
    const question = caller.said.join(" ");
    expect(caller.say("Sorry, could you say that again?")).toBe(question);
    caller.say("yes");
    expect(booked(caller)).toBeDefined();
  });

  test("our hearing failed: asks to repeat, and loses nothing", () => {
    const caller = atReadBack();
    expect(caller.input({ kind: "not-heard" })).toBe("Sorry, could you say that again?");
    caller.say("yes");
    expect(booked(caller)).toBeDefined();
  });

  test("what we are and whether we record is answered, and the question comes again", () => {
    const caller = call();
    caller.say("I'd like to book a viewing");
    expect(caller.say("am I talking to a robot?")).toBe(
      "Yes, I'm an automated assistant. Which property would you like to see?",
    );
    expect(caller.say("is this call being recorded?")).toContain("recorded");
    expect(caller.state.asks).toBe("property");
  });

  test("a wish not to be recorded is granted, and the question asked again", () => {
    const caller = call();
    caller.say("I'd like to book a viewing");
    expect(caller.say("please don't record this call")).toContain("Which property would you like to see?");
    expect(caller.effects).toContainEqual({ kind: "stop-recording" });
  });

  test("a wish to be erased asks who it is", () => {
    const caller = call();
    caller.say("I want you to delete my recording");
    expect([caller.state.task, caller.state.asks]).toEqual(["data-erasure", "name"]);
  });

  test("mm-hm is no turn; it cut us short, so the question comes again", () => {
    const caller = call();
    caller.say("I'd like to book a viewing");
    expect(caller.say("mm-hm")).toBe("");
    caller.input({ kind: "said", sayId: 99, completed: false, heardShare: 0.2 });
    expect(caller.say("right")).toContain("Which property");
  });

  test("goodbye ends the call", () => {
    const caller = call();
    caller.say("I'd like to book a viewing");
    caller.say("Thank you, goodbye.");
    expect(outcome(caller)).toBe("nothing");
  });
});

describe("keys", () => {
  test("give a number, and 1 or 2 for yes or no", () => {
    const caller = call();
    caller.say("14 Maple Road Saturday at half past two, my name is Sarah Patel");
    caller.keys("07700900123");
    expect(caller.state.asks).toBe("confirm");
    caller.keys("2");
    expect(caller.state.asks).toBe("choice");
    caller.say("the time");
    caller.say("half past two");
    caller.keys("1");
    expect(booked(caller)?.phone).toBe("+447700900123");
  });

  test("give a time and a day", () => {
    const caller = call();
    caller.say("I'd like to see 14 Maple Road");
    caller.keys("2811");
    expect(caller.state.slots.date?.value).toBe("2026-11-28");
    caller.keys("1430");
    expect(caller.state.slots.time?.value).toBe("14:30");
  });

  test("0 asks for a person, other keys repeat the question", () => {
    const caller = call();
    expect(caller.keys("7")).toContain("How can I help you?");
    expect(caller.keys("0")).toContain("can't put you through");
  });
});
