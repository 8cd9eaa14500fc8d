/** Power, flood, cold, break-in, lift: the words, the job, and whoever is on call; nothing of it for those who only ask. */
import { afterAll, describe, expect, test } from "bun:test";
import type { Staff } from "../../src/agency/types.ts";
import type { Effect, Person } from "../../src/receptionist/contract.ts";
import { receptionFlow } from "../../src/receptionist/flows/reception.ts";
import { createTalk } from "../../src/receptionist/talk.ts";
import { memoryView } from "./memory-view.ts";
import { openOffice } from "./office-caller.ts";
import { asked, atReadBack, type Call, call, danger, outcome } from "./scripted-caller.ts";

const ben: Staff = {
  id: "ben",
  name: "Ben Ode",
  department: "lettings",
  extension: "302",
  rota: {},
  answers: true,
  onCall: true,
};
const people: Person[] = [
  { name: "Ann Ash", extension: "301", roles: ["reception"] },
  { name: "Ben Ode", extension: "302", roles: [] },
];
/** It is long past closing: those on call are rung all the same. */
function night() {
  const view = { ...memoryView(), hoursOn: () => undefined, staff: () => [ben], people: () => people };
  return call({ view });
}

const transfer = ({ effects }: Call) =>
  effects.find((effect): effect is Extract<Effect, { kind: "transfer" }> => effect.kind === "transfer");
const emergency = ({ effects }: Call) =>
  effects.find((effect): effect is Extract<Effect, { kind: "emergency" }> => effect.kind === "emergency");

describe("the words come first", () => {
  test.each([
    ["there's no power in the flat", "power", "ring 105"],
    ["water is pouring through the kitchen ceiling", "flood", "turn the water off"],
    ["the heating's broken and I've got a newborn", "heating", "get this to somebody"],
    ["we've been burgled", "break-in", "ring 999"],
    ["I'm stuck in the lift", "lift", "Stay where you are"],
  ] as const)("%s", (words, kind, told) => {
    const caller = night();
    const said = caller.say(words);
    expect(said).toContain(told);
    expect(said).toEndWith("Which address is it, please?");
    expect(danger(caller)).toBe(kind);
    expect(caller.effects[0]?.kind).toBe("emergency"); // what is being said makes way
    expect(caller.state.asks).toBe("property");
  });

  test("in Northern Ireland of its own network's number", () => {
    const caller = call({ view: memoryView([], { jurisdiction: "northern-ireland" }) });
    expect(caller.say("we've got no electricity")).toContain("03457 643 643");
  });

  test("gas in the same breath is gas", () => {
    const caller = night();
    expect(caller.say("the kitchen's flooded and I can smell gas")).toContain("0800 111 999");
    expect(danger(caller)).toBe("gas");
  });
});

test("as soon as the property is known it is passed on with it, to who is on call and not to reception", () => {
  const caller = night();
  caller.say("I've got a burst pipe");
  expect(caller.say("it's 14 Maple Road")).toContain("I'll try Ben Ode");
  expect(asked(caller, "report-fault")?.request).toMatchObject({
    propertyId: "p1",
    fault: "I've got a burst pipe",
    priority: "emergency",
    name: "",
  });
  expect(transfer(caller)?.to.extension).toBe("302");
  expect(transfer(caller)?.about).toContain("14 Maple Road");
});

test("said with the property it is passed on at once", () => {
  const caller = night();
  caller.say("there's water pouring through the ceiling at 14 Maple Road");
  expect(emergency(caller)).toMatchObject({ emergency: "flood" });
  expect(asked(caller, "report-fault")?.request.propertyId).toBe("p1");
  expect(transfer(caller)?.to.extension).toBe("302");
});

test("an address that nobody finds does not hold it up for ever", () => {
  const caller = night();
  caller.say("we've been burgled");
  expect(caller.say("the yellow house by the canal")).toContain("Which address");
  caller.say("the yellow one I said");
  expect(transfer(caller)?.to.extension).toBe("302");
});

describe("an address that is not sure", () => {
  const unsure = () => {
    const caller = night();
    caller.say("I've got a burst pipe");
    expect(caller.say("it's 40 Maple Road")).toBe("Did you mean 14 Maple Road?");
    expect(caller.effects.map(({ kind }) => kind)).not.toContain("do");
    expect(caller.state.asks).toBe("confirm");
    return caller;
  };

  test("is asked about before anybody is sent there", () => {
    const caller = unsure();
    expect(caller.say("yes")).toContain("I'll try Ben Ode");
    expect(asked(caller, "report-fault")?.request.propertyId).toBe("p1");
  });

  test("and another is taken in its place", () => {
    const caller = unsure();
    expect(caller.say("no")).toContain("Which address");
    caller.say("22 Victoria Road");
    expect(asked(caller, "report-fault")?.request.propertyId).toBe("p4");
  });

  test("said with what is wrong as well; whoever says it again and again is passed on without it", () => {
    const caller = night();
    expect(caller.say("we've been flooded at 40 Maple Road")).toEndWith("Did you mean 14 Maple Road?");
    for (let turn = 0; turn < 2; turn++) caller.say("40 Maple Road");
    expect(transfer(caller)?.to.extension).toBe("302");
    expect(transfer(caller)?.about).not.toContain("14 Maple Road");
  });

  test("goes with no alarm: none is better than a wrong one", () => {
    const caller = night();
    caller.say("there's a fire at 40 Maple Road");
    expect(emergency(caller)).toEqual({ kind: "emergency", emergency: "fire" });
  });
});

describe("however the call ends, what nobody has taken rings those on call", () => {
  const rings = { kind: "emergency", emergency: "flood", unattended: true } as const;

  test("after silence where the address was asked", () => {
    const caller = night();
    caller.say("I've got a burst pipe");
    for (let turn = 0; turn < 4; turn++) caller.silence();
    expect(outcome(caller)).toBeDefined();
    expect(caller.effects[0]).toEqual(rings); // what is said stays
  });

  test("after a goodbye while somebody is being rung, with where it is", () => {
    const caller = night();
    caller.say("there's water pouring through the ceiling at 14 Maple Road");
    caller.say("goodbye");
    expect(caller.effects[0]).toEqual({ ...rings, property: "p1" });
  });

  test("by hanging up; nothing once somebody has taken it, or it was nothing", () => {
    const talk = createTalk(receptionFlow, memoryView());
    const caller = night();
    caller.say("I'd like to book a viewing");
    expect(talk.unattended(caller.state)).toBeUndefined();
    caller.say("there's water pouring through the ceiling at 14 Maple Road");
    expect(talk.unattended(caller.state)).toEqual({ ...rings, property: "p1" });
    caller.input({ kind: "transferred" });
    expect(talk.unattended(caller.state)).toBeUndefined();
    const other = night();
    other.say("we've been flooded");
    other.say("no, I only asked about flooding");
    expect(talk.unattended(other.state)).toBeUndefined();
  });
});

test("a no that denies nothing stands nothing down; what was stood down is heeded when told again", () => {
  for (const words of [
    "no idea, it's my mum's",
    "no, please hurry, it's pouring in",
    "no, there's no way to stop it",
  ]) {
    const caller = night();
    caller.say("we've been flooded");
    expect(caller.say(words)).toContain("Which address");
  }
  const caller = night();
  caller.say("we've been flooded");
  caller.say("no");
  expect(caller.say("I've got a burst pipe")).toContain("turn the water off");
  expect(danger(caller)).toBe("flood");
});

test("who does not want to be recorded is not, whatever else is going on", () => {
  const stop = { kind: "stop-recording" } as const;
  const caller = night();
  caller.say("we've been flooded");
  expect(caller.say("I don't want you to record this")).toContain("Which address");
  expect(caller.effects).toContainEqual(stop);
  caller.say("14 Maple Road");
  caller.say("please don't record this");
  expect(caller.effects).toContainEqual(stop);
  caller.say("I can smell gas");
  caller.say("stop the recording");
  expect(caller.effects).toContainEqual(stop);
  const other = night();
  for (const words of ["do not record me", "I'd rather you didn't record this", "I don't consent to being recorded"]) {
    other.say(words);
    expect(other.effects).toContainEqual(stop);
  }
  other.say("is this call recorded?");
  expect(other.effects).not.toContainEqual(stop);
});

test("nobody takes it: those on call are rung until one does, and the job is completed", () => {
  const caller = night();
  caller.say("there's water pouring through the ceiling at 14 Maple Road");
  const said = caller.input({ kind: "transfer-failed", reason: "no-answer" });
  expect(said).toContain("vulnerable");
  expect(emergency(caller)).toMatchObject({ emergency: "flood", property: "p1", unattended: true });
  for (const words of ["no", "yes, use your key", "Lucy Evans", "07700 900123"]) caller.say(words);
  caller.say("yes");
  expect(asked(caller, "report-fault")?.request).toMatchObject({
    propertyId: "p1",
    fault: "there's water pouring through the ceiling at 14 Maple Road",
    priority: "emergency",
    name: "Lucy Evans",
    phone: "+447700900123",
  });
});

test("where no listing was named it is a message, with what is wrong", () => {
  const caller = night();
  caller.say("we've been burgled");
  caller.say("the yellow house by the canal");
  caller.say("the yellow one I said");
  caller.input({ kind: "transfer-failed", reason: "no-answer" });
  expect(emergency(caller)).toEqual({ kind: "emergency", emergency: "break-in", unattended: true });
  for (const words of ["Lucy Evans", "07700 900123", "yes"]) caller.say(words);
  expect(asked(caller, "take-message")?.about).toStartWith("Emergency: a break-in. we've been burgled.");
});

test("the books fail: a message, and whoever is on call is rung all the same", () => {
  const view = { ...memoryView(), staff: () => [ben], people: () => people };
  const caller = call({ view, refuseMessage: true });
  caller.say("there's water pouring through the ceiling at 14 Maple Road");
  expect(caller.said.join(" ")).not.toContain("logged");
  expect(transfer(caller)?.to.extension).toBe("302");
});

test("the first on call does not take it: the second is rung, then the rest is asked for", () => {
  const zoe: Staff = { ...ben, id: "zoe", name: "Zoe Finn", extension: "303" };
  const who = [...people, { name: "Zoe Finn", extension: "303", roles: [] }];
  const view = { ...memoryView(), staff: () => [ben, zoe], people: () => who };
  const caller = call({ view });
  caller.say("we've been burgled at 14 Maple Road");
  expect(transfer(caller)?.to.name).toBe("Ben Ode");
  expect(caller.input({ kind: "transfer-failed", reason: "busy" })).toContain("I'll try Zoe Finn");
  expect(transfer(caller)?.about).toContain("a break-in, about 14 Maple Road");
  expect(caller.input({ kind: "transfer-failed", reason: "no-answer" })).toContain("vulnerable");
  expect(transfer(caller)).toBeUndefined();
});

test("into the disclosure: heeded as soon as that is out", () => {
  const caller = call({ playsOut: false });
  caller.say("my bathroom is flooding");
  expect(danger(caller)).toBeUndefined();
  expect(caller.input({ kind: "said", sayId: 1, completed: true, heardShare: 1 })).toContain("turn the water off");
});

test("nobody is on call: written down, and the rest is asked for at once", () => {
  const caller = call();
  caller.say("I'm stuck in the lift at 7 Castle Street");
  expect(transfer(caller)).toBeUndefined();
  expect(asked(caller, "report-fault")?.request).toMatchObject({ propertyId: "p2", priority: "emergency" });
  expect(emergency(caller)).toBeDefined();
  expect(caller.state.task).toBe("repair");
});

test("in the middle of a booking; who says that it was nothing goes on where he was", () => {
  const view = { ...memoryView(), staff: () => [ben], people: () => people };
  const caller = atReadBack({ view });
  expect(caller.say("hold on, the power has gone off")).toContain("ring 105");
  expect(caller.state.asks).toBe("property"); // the house that he wants to view is not his
  caller.say("7 Castle Street");
  expect(transfer(caller)?.about).toContain("7 Castle Street");

  const other = call();
  other.say("we've been flooded");
  expect(other.say("no")).toContain("Let's carry on");
  expect(other.state.phase.kind).toBe("open");
  expect(outcome(other)).toBeUndefined();
});

test("who only asks is answered as ever", () => {
  const caller = night();
  for (const line of ["has it ever flooded", "is there a lift", "the tap drips a bit", "is electricity included"]) {
    caller.say(line);
    expect(danger(caller)).toBeUndefined();
  }
});

describe("in the books", () => {
  const office = openOffice();
  afterAll(() => office.close());
  const rows = (sql: string) => office.records.store.db.prepare<[], Record<string, unknown>>(sql).all();

  test("the job is there with its priority as soon as the property is known, once however often it is told", () => {
    const address = office.view.properties()[0]?.address ?? "";
    const caller = office.call();
    caller.say("the bathroom is flooding");
    expect(rows("SELECT * FROM maintenance")).toEqual([]);
    caller.say(address);
    const [job, more] = rows("SELECT address, fault, priority, vulnerable, call_id FROM maintenance");
    expect(job).toMatchObject({
      address,
      fault: "the bathroom is flooding",
      priority: "emergency",
      vulnerable: 0,
    });
    expect(more).toBeUndefined();
    expect(rows("SELECT emergency FROM call WHERE emergency IS NOT NULL")).toEqual([{ emergency: "flood" }]);
    expect(rows("SELECT emergency FROM on_call_alert")).toEqual([{ emergency: "flood" }]); // nobody could be rung
    office.records.store.db.exec("DELETE FROM on_call_alert");
  });

  test("danger to life is an alert for who is on call, one for each call and kind", () => {
    const caller = office.call();
    caller.say("I can smell gas");
    caller.say("I can smell gas, can you hear me");
    office.call().say("the kitchen is on fire");
    expect(rows("SELECT emergency, tries, acknowledged_at FROM on_call_alert ORDER BY rowid")).toEqual([
      { emergency: "gas", tries: 0, acknowledged_at: null },
      { emergency: "fire", tries: 0, acknowledged_at: null },
    ]);
  });

  test("an alert is taken once, and each step of it is in the audit log", () => {
    const { onCall } = office.records;
    const [first] = onCall.open();
    const at = new Date("2026-11-24T10:06:00Z");
    const id = first?.id ?? "";
    onCall.tried(id, "301", "unanswered", at);
    expect(onCall.byId(id)).toMatchObject({ tries: 1, lastTriedAt: at.toISOString() });
    expect(onCall.acknowledge(id, "extension 302", { kind: "system" }, at)).toBe(true);
    expect(onCall.acknowledge(id, "command line", { kind: "system" }, at)).toBe(false);
    expect(onCall.byId(id)?.acknowledgedBy).toBe("extension 302");
    expect(onCall.open().map(({ emergency }) => emergency)).toEqual(["fire"]);
    expect(
      rows("SELECT action FROM audit WHERE action LIKE 'on-call.%' ORDER BY id").map(({ action }) => action),
    ).toEqual(["on-call.raise", "on-call.raise", "on-call.raise", "on-call.try", "on-call.acknowledge"]);
  });
});
