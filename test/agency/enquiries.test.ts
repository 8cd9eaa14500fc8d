import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { ticketDue } from "../../src/agency/open-ticket.ts";
import { AppError } from "../../src/app-error.ts";
import { makeOffice, now } from "../store/opened.ts";

let office: ReturnType<typeof makeOffice>;
const callId = "c1";
const actor = { kind: "caller", callId } as const;
const caller = { name: "Jane Smith", phone: "+447700900123" };
const nobody = { name: "", phone: "" };

beforeEach(() => {
  office = makeOffice();
  office.records.callLog.begin({ id: callId, line: "main", startedAt: now });
});
afterEach(() => office.close());

const rows = (table: string) =>
  office.records.store.db.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();
const lastAudit = () => JSON.stringify(rows("audit").at(-1));

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${error}`;
  }
  return "nothing thrown";
}

describe("a fault", () => {
  const fault = {
    ...nobody,
    propertyId: "maple-14",
    address: "14 Maple Road",
    fault: "burst pipe",
    priority: "urgent",
    vulnerable: false,
    access: undefined,
    since: undefined,
    callId,
  } as const;

  test("is written before anybody asks for a name, and completed by what is said later", () => {
    const first = office.reportFault(fault, actor, now);
    expect(first).toMatchObject({ contactId: undefined, priority: "urgent" });

    const second = office.reportFault(
      { ...fault, ...caller, priority: "emergency", vulnerable: true, access: "key at the office" },
      actor,
      now,
    );
    expect(second).toMatchObject({
      id: first.id,
      priority: "emergency",
      vulnerable: true,
      access: "key at the office",
    });
    expect(rows("contact").filter(({ phone }) => phone === caller.phone)).toMatchObject([
      { id: second.contactId, name: "Jane Smith" },
    ]);
    expect(office.records.maintenance.ofCall(callId)).toEqual([second]);
  });

  test("told again with less, nothing is taken back and nothing is written", () => {
    office.reportFault({ ...fault, ...caller, priority: "emergency", since: "this morning" }, actor, now);
    const entries = rows("audit").length;
    expect(office.reportFault(fault, actor, now)).toMatchObject({ priority: "emergency", since: "this morning" });
    expect(rows("audit").length).toBe(entries);
  });

  test("another fault, or another call, is another job", () => {
    office.reportFault(fault, actor, now);
    office.reportFault({ ...fault, fault: "no hot water" }, actor, now);
    office.reportFault({ ...fault, callId: undefined }, actor, now);
    expect(rows("maintenance")).toHaveLength(3);
  });

  test("without a fault or a place is refused, and leaves nothing", () => {
    expect(refusal(() => office.reportFault({ ...fault, fault: " " }, actor, now))).toBe("invalid_input");
    expect(refusal(() => office.reportFault({ ...fault, propertyId: undefined, address: "" }, actor, now))).toBe(
      "invalid_input",
    );
    expect(rows("maintenance")).toEqual([]);
  });
});

describe("an offer", () => {
  const offer = {
    ...caller,
    propertyId: "maple-14",
    amount: 385_000,
    conditions: "subject to survey",
    funding: "mortgage",
    position: undefined,
    callId,
  };

  test("is recorded in full, once a call; a second amount is a second offer", () => {
    const first = office.recordOffer(offer, actor, now);
    expect(office.recordOffer(offer, actor, now)).toEqual(first);
    office.recordOffer({ ...offer, amount: 390_000 }, actor, now);
    expect(office.records.offers.ofCall(callId)).toMatchObject([
      { amount: 385_000, conditions: "subject to survey", funding: "mortgage", position: undefined },
      { amount: 390_000 },
    ]);
  });

  test.each([0, 1.5, -1, Number.NaN])("of %p pounds is refused", (amount) => {
    expect(refusal(() => office.recordOffer({ ...offer, amount }, actor, now))).toBe("invalid_input");
  });
});

describe("an applicant", () => {
  const wishes = {
    ...caller,
    kind: "buy",
    maxPrice: 400_000,
    maxRentPcm: undefined,
    minBeds: 3,
    position: undefined,
    moveDate: undefined,
    pets: undefined,
    areas: ["Chorlton"],
    details: { source: "a friend" },
    callId,
  } as const;

  test("is one record for each person and kind, completed when they ring again", () => {
    const first = office.registerApplicant({ ...wishes, areas: [...wishes.areas] }, actor, now);
    const more = {
      ...wishes,
      callId: undefined,
      areas: [],
      maxPrice: 425_000,
      minBeds: undefined,
      position: "sold STC",
    };
    const second = office.registerApplicant({ ...more, details: { garden: "yes" } }, actor, now);

    expect(second).toEqual({
      ...first,
      maxPrice: 425_000,
      position: "sold STC",
      details: { source: "a friend", garden: "yes" },
    });
    expect(office.records.applicants.of(first.contactId, "buy")).toEqual(second);
    office.registerApplicant({ ...wishes, areas: [], kind: "rent", maxRentPcm: 1200 }, actor, now);
    expect(rows("applicant")).toHaveLength(2);
  });
});

describe("a ticket", () => {
  test("is opened once a call and kind, with its clock", () => {
    const asked = { ...caller, kind: "access", about: "what is held", callId } as const;
    const ticket = office.openTicket(asked, actor, now);
    expect(office.openTicket(asked, actor, now)).toEqual(ticket);
    expect(ticket).toMatchObject({ kind: "access", due: "2026-12-24" });
    expect(office.openTicket({ ...asked, ...nobody, kind: "complaint" }, actor, now)).toMatchObject({
      contactId: undefined,
      due: "2026-11-27",
    });
    expect(rows("ticket")).toHaveLength(2);
  });

  test.each([
    ["access", "2026-01-31", "england-and-wales", "2026-02-28"],
    ["objection", "2026-12-15", "england-and-wales", "2027-01-15"],
    ["erasure", "2026-12-31", "england-and-wales", "2027-01-30"],
    ["erasure", "2026-02-10", "england-and-wales", "2026-03-10"],
    ["complaint", "2026-12-24", "england-and-wales", "2026-12-31"], // 25th, 26th and the substitute on the 28th
    ["complaint", "2026-11-27", "scotland", "2026-12-03"], // St Andrew's Day on the 30th
    ["complaint", "2026-11-27", "england-and-wales", "2026-12-02"],
  ] as const)("%s received on %s in %s is due on %s", (kind, received, jurisdiction, due) => {
    expect(ticketDue(kind, received, jurisdiction)).toBe(due);
  });
});

describe("a message", () => {
  const message = { ...caller, about: "the survey", forWhom: undefined, callId };

  test("keeps when the caller wants to be rung back", () => {
    const due = "2026-11-25T10:00";
    office.takeMessage({ ...message, due }, actor, now);
    office.takeMessage(message, actor, now);
    expect(office.records.messages.ofCall(callId).map((one) => one.due)).toEqual([due, undefined]);
    expect(refusal(() => office.takeMessage({ ...message, due: "at ten" }, actor, now))).toBe("invalid_input");
  });
});

describe("a task", () => {
  const task = {
    ...caller,
    kind: "call-back",
    propertyId: "maple-14",
    about: "the survey",
    forWhom: undefined,
    due: "2026-11-24T17:00",
    callId,
  };

  test("is created once a call", () => {
    const created = office.createTask(task, actor, now);
    expect(office.createTask(task, actor, now)).toEqual(created);
    expect(office.records.tasks.ofCall(callId)).toEqual([created]);
    expect(created).toMatchObject({ status: "open", viewingId: undefined });
  });

  test.each([
    ["of a kind that is no word", { kind: "Call back" }],
    ["due at no time", { due: "tomorrow" }],
    ["about a home that is not ours", { propertyId: "nowhere" }],
    ["that is a novel", { about: "x".repeat(4_001) }],
  ])("%s is refused", (_what, wrong) => {
    expect(refusal(() => office.createTask({ ...task, ...wrong }, actor, now))).toBe("invalid_input");
    expect(rows("task")).toEqual([]);
  });

  test("somebody without a number is a contact of their own each time: nobody is found by a name alone", () => {
    const one = office.createTask({ ...task, phone: "" }, actor, now);
    const two = office.createTask({ ...task, phone: "", about: "another" }, actor, now);
    expect(one.contactId).not.toBe(two.contactId);
    expect(office.createTask({ ...task, ...nobody, about: "a third" }, actor, now).contactId).toBeUndefined();
  });
});

test("no audit entry of these has the caller's name, number or words in it", () => {
  const shared = { ...caller, propertyId: "maple-14", callId };
  const entries: string[] = [];
  const did = (work: () => unknown) => {
    work();
    entries.push(lastAudit());
  };
  const words = "something very private";
  const fault = { address: words, fault: words, priority: "routine", vulnerable: true, access: words } as const;
  did(() => office.reportFault({ ...shared, ...fault, since: words }, actor, now));
  const money = { amount: 123_456, conditions: words, funding: words, position: words };
  did(() => office.recordOffer({ ...shared, ...money }, actor, now));
  did(() => office.openTicket({ ...shared, kind: "complaint", about: words }, actor, now));
  did(() =>
    office.createTask({ ...shared, kind: "landlord", about: words, forWhom: words, due: undefined }, actor, now),
  );
  const valuation = { kind: "sales", address: words, postcode: "M21 4WB", start: "2026-11-26T10:00" } as const;
  did(() => office.bookValuation({ ...shared, ...valuation, details: { reason: words } }, actor, now));
  did(() => office.findAppointments(caller, actor, now));

  expect(entries.map((entry) => JSON.parse(entry).action)).toEqual([
    "maintenance.report",
    "offer.record",
    "ticket.open",
    "task.create",
    "valuation.book",
    "appointments.find",
  ]);
  for (const entry of entries) expect(entry).not.toMatch(/jane|smith|7700900123|private|123456|M21/i);
  expect(office.records.verifyAudit()).toMatchObject({ intact: true });
});
