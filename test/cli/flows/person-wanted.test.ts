import { describe, expect, test } from "bun:test";
import { agrees, caller, leaves, scripted } from "./scripted.ts";

const transferOf = (first: string) => {
  const call = scripted([leaves, first]);
  return call.text;
};

describe("a person is asked for, in scripted calls", () => {
  test.each([
    ["Ruth Amis", "is Ruth around at all"],
    ["Colin Dodd", "I'm after Colin please"],
    ["Colin Dodd", "can you get hold of Colin Dodd"],
    ["Colin Dodd", "who looks after lettings, I'd like a word with them"],
    ["Ruth Amis", "a quick word with anybody in sales, if I may"],
  ])("%s: %s", (name, first) => {
    expect(transferOf(first)).toContain(`I'll try ${name} for you`);
  });

  test.each([
    "reception, please",
    "I don't want to talk to a computer",
    "could you find me somebody to deal with this",
    "I'd like your manager",
  ])("whoever is there: %s", (first) => {
    expect(transferOf(first)).toMatch(/I'll try (?:Ruth Amis|Colin Dodd) for you/);
  });

  test.each(["is 27 Kestrel Close available", "I'd like to view 27 Kestrel Close, I had a look with Colin last year"])(
    "nobody is rung: %s",
    (first) => {
      expect(transferOf(first)).not.toContain("I'll try");
    },
  );

  test("a caller who has the name of one of ours is not put through to him", () => {
    const call = scripted([
      leaves,
      agrees,
      { when: ["name"], say: "Ruth please, Ruth Archer" },
      ...caller("Ruth Archer", "07700 900644"),
      "somebody rang me from this number",
    ]);
    expect(call.said).not.toContain("I'll try");
  });
});

describe("what was begun by mistake is left at the read-back", () => {
  test("a viewing, where one that is booked was to be cancelled", () => {
    const call = scripted([
      leaves,
      ...caller("Paul Tranter", "07700 900733"),
      { when: "property", say: "27 Kestrel Close" },
      { when: "date", say: "Thursday" },
      { when: "time", say: "two o'clock" },
      { when: "confirm", times: 1, say: "no, I want to cancel my viewing" },
      { when: "confirm", say: "yes" },
      "it's about a viewing on Thursday at two",
    ]);
    expect(call.of("viewing")).toMatchObject([{ id: "d1", status: "cancelled" }]);
  });

  test("another day is a correction of what was read back", () => {
    const call = scripted([
      leaves,
      ...caller("Paul Tranter", "07700 900733"),
      { when: "confirm", times: 1, say: "no, could you move the viewing to Saturday" },
      { when: "time", say: "two o'clock" },
      { when: "confirm", say: "yes" },
      "I'd like to view 27 Kestrel Close on Friday at two o'clock",
    ]);
    expect(call.of("viewing")).toMatchObject([{ property: "s1", start: "2026-11-28T14:00", status: "booked" }]);
  });

  test.each(["I've no idea", "I couldn't tell you", "I don't know, sorry"])(
    "a viewing that nobody wants, told by: %s",
    (unsure) => {
      const call = scripted([
        agrees,
        ...caller("Moira Kelso", "07700 900211"),
        { when: "date", times: 2, say: unsure },
        leaves,
        { when: "property", say: "11 Orchard Place" },
        "the garden for 27 Kestrel Close, for the viewing",
        "you can let yourselves in, I was going to say",
      ]);
      expect(call.of("task")).toMatchObject([{ kind: "access", property: "l2", contact: "c1" }]);
    },
  );

  test.each(["yeah, that's it", "yes, that's everything, thanks", "aye, that's it"])(
    "at the read-back it is agreed to: %s",
    (yes) => {
      const call = scripted([
        leaves,
        { when: "confirm", say: yes },
        ...caller("Paul Tranter", "07700 900733"),
        "somebody rang me from this number",
      ]);
      expect(call.of("task")).toMatchObject([{ kind: "missed-call", contact: "c2" }]);
      expect(call.said).not.toContain("yes or a no");
    },
  );
});
