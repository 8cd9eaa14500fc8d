import { describe, expect, test } from "bun:test";
import { call, message } from "./scripted-caller.ts";

describe("what is not clear at the opening", () => {
  test("a listing named in a whole sentence: a viewing is offered, not begun", () => {
    const caller = call();
    expect(caller.say("it was something with 14 Maple Road I rang about")).toContain("Would you like to view it?");
    expect(caller.state.task).toBeNull();
    expect(caller.say("yes please")).toContain("Which day");
  });

  test("a yes misheard is asked for once more", () => {
    const caller = call();
    caller.say("it was something with 14 Maple Road I rang about");
    expect(caller.say("stop on")).toContain("yes or a no");
    expect(caller.say("yes")).toContain("Which day");
  });

  test("who only had a question is asked for it again, and gets the answer", () => {
    const caller = call();
    caller.say("it was something with 14 Maple Road I rang about");
    expect(caller.say("no, I only had a question")).toContain("How can I help you?");
    expect(caller.say("how much is 14 Maple Road")).toContain("£");
  });

  test("a wish said three times is offered to the team in the caller's own words", () => {
    const caller = call();
    const wish = "the bins at the back want moving before the weekend";
    expect(caller.say("the bins behind want moving by your people")).toContain("didn't catch that");
    expect(caller.say(wish)).toContain("didn't get that");
    expect(caller.say(wish)).toContain("Shall I take a message");
    caller.say("yes");
    caller.say("Lucy Evans");
    caller.say("07700 900123");
    caller.say("yes");
    expect(message(caller)).toMatchObject({ about: wish, name: "Lucy Evans", phone: "+447700900123" });
  });

  test("a message given along with the wish for it is not asked for again", () => {
    const caller = call();
    expect(caller.say("tell the team I've dropped the form in")).toContain("your name");
    expect(caller.state.slots.message?.value).toBe("tell the team I've dropped the form in");
  });
});
