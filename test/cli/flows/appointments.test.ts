import { describe, expect, test } from "bun:test";
import { agrees, caller, leaves, scripted, seed } from "./scripted.ts";

const second = {
  id: "d2",
  kind: "viewing",
  property: "l1",
  contact: "c2",
  staff: "col",
  start: "2026-12-01T14:00",
  minutes: 30,
};
const withTwo = { ...seed, diary: [...seed.diary, second] };

describe("an appointment that is there, in scripted calls", () => {
  test("is moved to a free time once name and number fit", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Paul Tranter", "07700 900733"),
      { when: "date", say: "could we say Saturday" },
      { when: "time", say: "five past eleven" },
      "hiya, something's come up and I need to rearrange my viewing tomorrow",
    ]);
    expect(call.of("viewing")).toMatchObject([
      { id: "d1", start: "2026-11-28T11:05", status: "booked", contact: "c2" },
    ]);
    expect(call.said).toContain("That's moved");
  });

  test("is cancelled, and nothing of it is told before", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Mr Tranter", "07700 900733"),
      "I'm afraid I have to cancel my viewing",
    ]);
    const before = call.told.findIndex(({ heard }) => heard === "07700 900733");
    const earlier = call.told.slice(0, before).map(({ said }) => said);
    expect(earlier.join(" ")).not.toMatch(/Kestrel|Thursday|11 o'clock/);
    expect(call.of("viewing")).toMatchObject([{ id: "d1", status: "cancelled" }]);
  });

  test.each([
    ["another number", caller("Paul Tranter", "07700 900734")],
    ["another name", caller("Peter Gray", "07700 900733")],
  ])("with %s nothing is told or changed, and a message is offered", (_what, who) => {
    const call = scripted([
      ...who,
      { when: "confirm", say: "no" },
      leaves,
      "I want to cancel my viewing of 27 Kestrel Close",
    ]);
    expect(call.said).toContain("can't find an appointment");
    expect(call.said).not.toMatch(/Thursday|11 o'clock|Shall I cancel/);
    expect(call.rows).toEqual([]);
  });

  test("of two the one that is named", () => {
    const call = scripted(
      [
        leaves,
        agrees,
        ...caller("Paul Tranter", "07700 900733"),
        { when: "choice", say: "the one at Gilesgate" },
        "can you cancel an appointment for me please",
      ],
      { office: withTwo },
    );
    expect(call.said).toContain("Which one do you mean");
    expect(call.of("viewing")).toMatchObject([{ id: "d2", status: "cancelled" }]);
  });

  test("is confirmed without a change", () => {
    const call = scripted([leaves, ...caller("Paul Tranter", "07700 900733"), "just checking my viewing is still on"]);
    expect(call.said).toContain("viewing of 27 Kestrel Close, on Thursday the 26th of November at 11 o'clock");
    expect(call.rows).toEqual([]);
  });

  test("a no leaves it as it is", () => {
    const call = scripted([
      leaves,
      { when: "confirm", say: "no, leave it as it is" },
      ...caller("Paul Tranter", "07700 900733"),
      "I'd like to cancel my viewing",
      { when: "choice", say: "forget it" },
    ]);
    expect(call.rows).toEqual([]);
  });
});
