import { describe, expect, test } from "bun:test";
import { agrees, caller, leaves, scripted, seed } from "./scripted.ts";

/** Nobody picks up. */
const unattended = { ...seed, staff: seed.staff.map((one) => ({ ...one, answers: false })) };

describe("a tenant's repair, in scripted calls", () => {
  test("no heating: urgent, with access and since when", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Moira Kelso", "07700 900211"),
      { when: "choice", say: "no, it's just the two of us" },
      { when: "access", say: "yes, use your key, but knock first because of the dog" },
      "morning, I'm a tenant at 11 Orchard Place and we've had no hot water since Sunday",
    ]);
    expect(call.of("maintenance")).toMatchObject([
      { property: "l2", contact: "c1", priority: "urgent", vulnerable: false, since: "since Sunday" },
    ]);
    expect(String(call.of("maintenance")[0]?.access)).toContain("knock first");
    expect(call.end).toMatchObject({ outcome: "message", emergency: null });
  });

  test("asked for in turn: a cupboard door is routine", () => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Dev Anand", "07700 900188"),
      { when: "fault", say: "a kitchen cupboard door has come off its hinges" },
      { when: "property", say: "flat five at sixty Gilesgate" },
      { when: "choice", say: "no" },
      { when: "access", say: "I'll be in all day" },
      "I need to report a repair please",
    ]);
    expect(call.of("maintenance")).toMatchObject([{ property: "l1", priority: "routine", vulnerable: false }]);
  });

  test("what the agency does not manage is the landlord's", () => {
    const call = scripted([
      { when: "property", say: "3 Dene Avenue" },
      leaves,
      "hi, our kitchen tap won't stop dripping",
    ]);
    expect(call.said).toContain("get in touch with your landlord");
    expect(call.rows).toEqual([]);
  });

  test("an emergency there is written down all the same, and the one on call is rung", () => {
    const call = scripted(["a pipe has burst at 3 Dene Avenue, there's water everywhere"]);
    expect(call.of("maintenance")).toMatchObject([{ property: "l3", priority: "emergency", contact: null }]);
    expect(call.end).toMatchObject({
      outcome: "transferred",
      emergency: "flood",
      transfer: { to: "col", answered: true },
    });
  });

  test("nobody on duty picks up: the rest is asked for, and the one job completed", () => {
    const call = scripted(
      [
        leaves,
        agrees,
        ...caller("Moira Kelso", "07700 900211"),
        { when: "property", say: "it's 11 Orchard Place" },
        { when: "access", say: "someone is always here" },
        "the heating's not working and my gran's in her eighties",
      ],
      { office: unattended, now: "2026-11-24T22:40" },
    );
    const jobs = call.rows.filter(({ table }) => table === "maintenance");
    expect(jobs.map(({ op }) => op)).toEqual(["insert", "update"]);
    expect(jobs.at(-1)?.after).toMatchObject({ priority: "emergency", vulnerable: true, contact: "c1" });
    expect(call.end).toMatchObject({ emergency: "heating", transfer: { to: "col", answered: false } });
  });

  test("water through the ceiling comes before a viewing that is being booked", () => {
    const call = scripted([
      { when: "time", say: "oh no, hang on, there's water coming through the ceiling here" },
      { when: "property", say: "11 Orchard Place" },
      { when: "date", say: "Friday" },
      "I'd like to see 27 Kestrel Close",
    ]);
    expect(call.of("maintenance")).toMatchObject([{ property: "l2", priority: "emergency" }]);
    expect(call.of("viewing")).toEqual([]);
  });

  test("the whole street without power: the network's number, of that jurisdiction", () => {
    const lines = ["there's been a power cut down our road", leaves];
    const irish = { ...seed, agency: { ...seed.agency, jurisdiction: "northern-ireland" } };
    expect(scripted(lines).said).toContain("please ring 105");
    expect(scripted(lines, { office: irish }).said).toContain("03457 643 643");
    expect(scripted(lines).end).toMatchObject({ emergency: "power" });
  });

  test.each([
    ["the bathroom tap at 11 Orchard Place keeps dripping", "routine"],
    ["the key jams and the lock on our back door is sticking, 11 Orchard Place", "routine"],
    ["some of our guttering has come away at 11 Orchard Place", "routine"],
    ["the light in my kitchen at 11 Orchard Place flickers all evening", "routine"],
    ["our radiator's dripping onto the carpet, 11 Orchard Place", "urgent"],
  ])("how pressing: %p is %s", (line, priority) => {
    const call = scripted([
      leaves,
      agrees,
      ...caller("Moira Kelso", "07700 900211"),
      { when: "choice", say: "no" },
      { when: "access", say: "yes, use your key" },
      line,
    ]);
    expect(call.of("maintenance")).toMatchObject([{ property: "l2", priority }]);
  });

  test.each([
    "the lights are off all down the street",
    "all the neighbours have got no electricity",
    "there's no power in the whole village",
  ])("the network's: %p writes no job", (line) => {
    const call = scripted([line, leaves]);
    expect(call.said).toContain("please ring 105");
    expect(call.rows).toEqual([]);
    expect(call.end).toMatchObject({ emergency: "power" });
  });

  test.each([
    "does 27 Kestrel Close have a new boiler?",
    "is the house on Kestrel Close in a flood risk area",
    "has 27 Kestrel Close ever been flooded?",
    "does the road flood at all",
    "we've been flooded with enquiries, is it still available, the Kestrel Close one?",
  ])("no repair: %p", (line) => {
    const call = scripted([line, "no thanks"]);
    expect(call.said).not.toMatch(/logged|What's the problem|vulnerable/);
    expect(call.end).toMatchObject({ emergency: null });
  });
});
