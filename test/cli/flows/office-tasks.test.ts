import { describe, expect, test } from "bun:test";
import { agrees, caller, leaves, scripted, seed } from "./scripted.ts";

describe("what only a person can deal with is a task, in scripted calls", () => {
  test("a solicitor about a sale", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Jane Orme", "0191 498 0123"),
      "hello, I'm the solicitor for the buyers of 4 Abbey Terrace, we're still waiting for the searches",
    ]);
    expect(call.of("task")).toMatchObject([{ kind: "sale-progress", property: "s2", status: "open" }]);
    expect(call.of("contact")).toMatchObject([{ name: "Jane Orme", phone: "+441914980123" }]);
    expect(call.end).toMatchObject({ outcome: "message" });
  });

  test("a missed call needs no more than who it was", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Paul Tranter", "07700 900733"),
      "somebody rang me from this number",
    ]);
    expect(call.of("task")).toMatchObject([{ kind: "missed-call", contact: "c2", property: null }]);
  });

  test("a brochure is noted, and nobody promises to send it", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Bill Yarrow", "07700 900133"),
      "can you email me the floor plan of 27 Kestrel Close please",
    ]);
    expect(call.of("task")).toMatchObject([{ kind: "details", property: "s1" }]);
    expect(call.said).not.toMatch(/\b(?:we'll|will|going to) (?:send|email|text|post|ring|call)\b/i);
  });

  test("a landlord, a contractor, a tenant's notice", () => {
    const landlord = scripted([
      leaves,
      agrees,
      ...caller("Rob Ince", "07700 900144"),
      "I'm one of your landlords, I've got a question about my statement",
    ]);
    expect(landlord.of("task")).toMatchObject([{ kind: "landlord" }]);
    const contractor = scripted([
      leaves,
      agrees,
      ...caller("Steve Pell", "07700 900145"),
      { when: "property", say: "it's for 11 Orchard Place" },
      "this is the plumber, nobody was in so I couldn't do the job",
    ]);
    expect(contractor.of("task")).toMatchObject([{ kind: "contractor", property: "l2" }]);
    const notice = scripted([
      leaves,
      agrees,
      ...caller("Moira Kelso", "07700 900211"),
      { when: "property", say: "11 Orchard Place" },
      "I'd like to give my notice, we're leaving at the end of January",
    ]);
    expect(notice.of("task")).toMatchObject([{ kind: "notice", property: "l2", contact: "c1" }]);
  });

  test("about a deposit, asked for what and told in the caller's words", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Ann Lee", "07700 900146"),
      { when: "message", say: "they took two hundred pounds off for cleaning and I don't agree" },
      "I want my deposit back",
    ]);
    expect(call.of("task")).toMatchObject([{ kind: "deposit" }]);
    expect(String(call.of("task")[0]?.about)).toContain("two hundred pounds");
  });

  test("money is never taken by telephone: a person", () => {
    const call = scripted(["I'd like to pay my holding deposit by card over the phone"]);
    expect(call.said).toContain("can't take or give any payment");
    expect(call.end).toMatchObject({ outcome: "transferred" });
    expect(call.rows).toEqual([]);
  });

  test("a sales call ends, politely", () => {
    const call = scripted(["Hi, could I speak to whoever deals with your business energy?", "are you sure?"]);
    expect(call.end).toMatchObject({ by: "gatehouse", outcome: "nothing", transfer: null });
    expect(call.said).toContain("not interested");
  });
});

describe("a message, in scripted calls", () => {
  test("for whom, and when to ring back", () => {
    const call = scripted(
      [
        leaves,
        agrees,
        ...caller("Gwen Rudd", "07700 900199"),
        { when: "message", say: "it's about the garden wall at my mother's house" },
        "could you get Ruth to ring me back tomorrow at half past two",
      ],
      { office: { ...seed, staff: seed.staff.map((one) => ({ ...one, answers: false })) } },
    );
    expect(call.of("message")).toMatchObject([{ phone: "+447700900199", due: "2026-11-25T14:30" }]);
    expect(String(call.of("message")[0]?.about)).toContain("garden wall");
  });

  test("a day without an hour is due from opening on", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Gwen Rudd", "07700 900199"),
      { when: "message", say: "nothing urgent, just some questions about fees for landlords" },
      "can somebody call me back on Friday",
    ]);
    expect(call.of("message")).toMatchObject([{ due: "2026-11-27T09:00" }]);
  });
});

describe("what owners, tenants and viewers say of a viewing, in scripted calls", () => {
  test.each([
    ["I'm the tenant at 11 Orchard Place, you can let yourselves in on Thursday", "Moira Kelso"],
    ["about tomorrow's viewing at our house, 11 Orchard Place, after four would be better", "Moira Kelso"],
    ["please don't bring people round before ten, it's 11 Orchard Place", "Moira Kelso"],
  ])("an owner or tenant who answers about access: %s", (first, name) => {
    const call = scripted([leaves, agrees, ...caller(name, "07700 900211"), first]);
    expect(call.of("task")).toMatchObject([{ kind: "access", property: "l2", contact: "c1", about: first }]);
    expect(call.of("viewing")).toEqual([]);
    expect(call.end).toMatchObject({ outcome: "message" });
  });

  test("access, the home not named: asked for, and nothing else of it", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Moira Kelso", "07700 900211"),
      { when: "property", say: "11 Orchard Place" },
      "you left a message asking if somebody could come and see it on Friday, yes that's all right",
    ]);
    expect(call.of("task")).toMatchObject([{ kind: "access", property: "l2" }]);
    expect(call.said).toContain("Which property is it about?");
    expect(call.said).not.toMatch(/What time|Which day/);
  });

  test.each([
    "we went to see 27 Kestrel Close yesterday and it's lovely, but too far from the school",
    "I liked 27 Kestrel Close but it's not for me, I'm afraid",
    "our viewing was fine, only 27 Kestrel Close is too noisy for us",
  ])("feedback after a viewing: %s", (first) => {
    const call = scripted([leaves, agrees, ...caller("Paul Tranter", "07700 900733"), first]);
    expect(call.of("task")).toMatchObject([{ kind: "feedback", property: "s1", contact: "c2", about: first }]);
    expect(call.of("viewing")).toEqual([]);
  });
});
