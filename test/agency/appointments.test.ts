import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { parseSeed } from "../../src/agency/seed.ts";
import { AppError } from "../../src/app-error.ts";
import { makeOffice, now } from "../store/opened.ts";

const open = { mon: ["09:00", "18:00"], tue: ["09:00", "18:00"], wed: ["09:00", "18:00"], thu: ["09:00", "18:00"] };
const seed = parseSeed({
  agency: { name: "Larkspur", travelMinutes: 15 },
  branches: [{ id: "b1", name: "Chorlton", hours: open, closed: ["2026-12-02"] }],
  staff: [
    { id: "sal", name: "Sal Reed", department: "sales", rota: { wed: ["10:00", "16:00"], thu: ["09:00", "18:00"] } },
    { id: "sid", name: "Sid Cole", department: "sales", rota: { wed: ["09:00", "18:00"] } },
    { id: "let", name: "Lee Tan", department: "lettings" },
  ],
  properties: [
    { id: "p1", address: "14 Larkspur Avenue", postcode: "M21 4WB", kind: "sale", noticeHours: 24 },
    { id: "p2", address: "9 Station Road", postcode: "M21 9AA", kind: "let" },
  ],
  contacts: [
    { id: "v1", name: "Vera Owen", phone: "+447700900777", roles: [{ role: "vendor", property: "p1" }] },
    { id: "c1", name: "Ian Frost", phone: "+447700900512" },
  ],
});

let office: ReturnType<typeof makeOffice>;
const actor = { kind: "system" } as const;
const wed = "2026-11-25";
const caller = { name: "Jane Smith", phone: "+447700900123" };

beforeEach(() => {
  office = makeOffice(seed);
});
afterEach(() => office.close());

const valuation = (over: object = {}) =>
  office.bookValuation(
    {
      ...caller,
      kind: "sales",
      address: "2 Elm Close",
      postcode: "m21 0aa",
      start: `${wed}T11:00`,
      details: { beds: "3" },
      callId: undefined,
      ...over,
    },
    actor,
    now,
  );
const viewing = (over: object = {}) =>
  office.bookViewing({ ...caller, propertyId: "p2", start: `${wed}T11:00`, callId: undefined, ...over }, actor, now);
const cells = () =>
  office.records.store.db
    .prepare<[], { resource: string; cell: number; entry_id: string }>("SELECT * FROM diary_cell ORDER BY 1, 2")
    .all();
const tasks = (viewingId: string) => office.records.tasks.ofViewing(viewingId);

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${error}`;
  }
  return "nothing thrown";
}

describe("a valuation", () => {
  test("takes an hour and the travel after it of a negotiator of that department, and no property", () => {
    const booked = valuation();
    expect(booked).toMatchObject({ staffId: "sal", minutes: 60, postcode: "M21 0AA", status: "booked" });
    expect(cells().map(({ resource }) => resource)).toEqual(Array(15).fill("staff:sal"));
    expect(office.records.valuations.byId(booked.id)).toEqual(booked);
    expect(valuation({ kind: "lettings" }).staffId).toBe("let");
  });

  test("when all of the department are out or under way, nobody is free: travel counts before and after", () => {
    valuation(); // sal
    valuation(); // sid
    for (const start of ["09:50", "11:00", "12:10"]) {
      expect(refusal(() => valuation({ start: `${wed}T${start}` }))).toBe("conflict");
    }
    expect(valuation({ start: `${wed}T12:15` }).staffId).toBe("sal");
    expect(valuation({ start: `${wed}T09:45` }).staffId).toBe("sid"); // sal's rota begins at ten
    expect(office.view.freeValuationStarts("sales", wed, "09:00", 3, "2026-11-24T10:05")).toEqual([
      `${wed}T12:15`,
      `${wed}T12:20`,
      `${wed}T12:25`,
    ]);
  });

  test("lies within the rota, opening hours and days that are open", () => {
    expect(office.view.isValuationFree("sales", `${wed}T17:00`, "2026-11-24T10:05")).toBe(true);
    expect(valuation({ start: `${wed}T17:00` }).staffId).toBe("sid"); // sal leaves at four
    expect(office.view.isValuationFree("sales", `${wed}T17:05`, "2026-11-24T10:05")).toBe(false);
    expect(refusal(() => valuation({ start: `${wed}T17:05` }))).toBe("invalid_input");
    expect(refusal(() => valuation({ start: "2026-12-02T11:00" }))).toBe("invalid_input"); // a closure
    expect(refusal(() => valuation({ start: "2026-12-28T11:00" }))).toBe("invalid_input"); // Boxing Day's substitute
    expect(refusal(() => valuation({ address: " " }))).toBe("invalid_input");
  });

  test("twice in one call is once; cancelled, its time is free again", () => {
    office.records.callLog.begin({ id: "call", line: "main", startedAt: now });
    const booked = valuation({ callId: "call" });
    expect(valuation({ callId: "call" })).toEqual(booked);
    expect(office.cancelValuation(booked.id, actor, now).status).toBe("cancelled");
    office.cancelValuation(booked.id, actor, now);
    expect(cells()).toEqual([]);
    expect(refusal(() => office.moveValuation(booked.id, `${wed}T12:00`, actor, now))).toBe("conflict");
  });
});

describe("moving", () => {
  test("gives the old time back and takes the new one, with the same negotiator", () => {
    const booked = viewing();
    const moved = office.moveViewing(booked.id, `${wed}T11:10`, actor, now); // over its own old time
    expect(moved).toEqual({ ...booked, start: `${wed}T11:10` });
    expect(cells()).toHaveLength(6 + 9);
    expect(office.records.viewings.byId(booked.id)).toEqual(moved);
    expect(viewing({ ...caller, start: `${wed}T10:25` }).start).toBe(`${wed}T10:25`); // the old time is free
  });

  test("to a time that is taken leaves the old one untouched", () => {
    const mine = viewing();
    viewing({ name: "Ian Frost", start: `${wed}T14:00` });
    const before = [cells(), office.records.viewings.byId(mine.id), office.records.verifyAudit()];
    expect(refusal(() => office.moveViewing(mine.id, `${wed}T14:20`, actor, now))).toBe("conflict");
    expect(refusal(() => office.moveViewing(mine.id, `${wed}T17:45`, actor, now))).toBe("invalid_input");
    expect([cells(), office.records.viewings.byId(mine.id), office.records.verifyAudit()]).toEqual(before);
    expect(refusal(() => office.moveViewing("nobody's", `${wed}T14:20`, actor, now))).toBe("not_found");
  });

  test("to where it is changes nothing", () => {
    const booked = valuation();
    const entries = office.records.verifyAudit().entries;
    expect(office.moveValuation(booked.id, booked.start, actor, now)).toEqual(booked);
    expect(office.records.verifyAudit().entries).toBe(entries);
  });

  test("a valuation goes to a colleague when its negotiator is not there that day", () => {
    const booked = valuation({ start: `${wed}T09:00` });
    expect(booked.staffId).toBe("sid");
    expect(office.moveValuation(booked.id, "2026-11-26T09:00", actor, now).staffId).toBe("sal");
    expect(new Set(cells().map(({ resource }) => resource))).toEqual(new Set(["staff:sal"]));
  });
});

describe("a viewing of which the owner must be told", () => {
  const asked = { propertyId: "p1", start: "2026-11-26T15:50" };

  test("comes with a task for the negotiator, due when the notice must have been given", () => {
    const booked = viewing(asked);
    expect(booked.awaiting).toBe("vendor");
    expect(tasks(booked.id)).toMatchObject([
      { kind: "notice", contactId: "v1", propertyId: "p1", due: "2026-11-25T15:50", forWhom: "sal", status: "open" },
    ]);
    expect(tasks(viewing().id)).toEqual([]); // no notice, no task
  });

  test("moved, it is told anew; cancelled, not any more", () => {
    const booked = viewing(asked);
    office.moveViewing(booked.id, "2026-11-26T12:00", actor, now);
    expect(tasks(booked.id)).toMatchObject([{ kind: "notice", due: "2026-11-25T12:00", status: "open" }]);
    office.cancelViewing(booked.id, actor, now);
    expect(tasks(booked.id)).toMatchObject([{ status: "cancelled" }]);
  });

  test("that was told already is told of the end, too", () => {
    const booked = viewing(asked);
    const [task] = tasks(booked.id);
    if (task === undefined) throw new Error("no task");
    office.records.tasks.put({ ...task, status: "done" }, now);
    office.cancelViewing(booked.id, actor, now);
    expect(tasks(booked.id)).toMatchObject([{ status: "open", about: expect.stringContaining("cancelled") }]);
  });
});

describe("finding appointments", () => {
  const find = (whose: object = {}, at = now) => office.findAppointments({ ...caller, ...whose }, actor, at);

  test("needs the name and the number", () => {
    const shown = viewing();
    const valued = valuation({ start: `${wed}T09:00` });
    expect(find()).toMatchObject([
      { kind: "valuation", id: valued.id, address: "2 Elm Close", postcode: "M21 0AA" },
      { kind: "viewing", id: shown.id, address: "9 Station Road", propertyId: "p2" },
    ]);
    expect(find({ name: "Ms Smith" })).toHaveLength(2);
    expect(find({ name: "Ian Frost" })).toEqual([]);
    expect(find({ phone: "+447700900124" })).toEqual([]);
    expect(refusal(() => find({ name: "" }))).toBe("invalid_input");
    expect(refusal(() => find({ phone: "" }))).toBe("invalid_input");
  });

  test("tells of today's and later ones that stand", () => {
    const booked = viewing();
    expect(find({}, new Date(`${wed}T11:40:00Z`))).toHaveLength(1); // running late
    expect(find({}, new Date("2026-11-26T09:00:00Z"))).toEqual([]);
    office.cancelViewing(booked.id, actor, now);
    expect(find()).toEqual([]);
  });

  test("is in the audit log before anything is read; without the log nothing is read", () => {
    const db = office.records.store.db;
    db.exec("CREATE TEMP TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    viewingsMustNotBeRead(() => expect(() => find()).toThrow(/disk full/));
    db.exec("DROP TRIGGER full");
    find({ name: "Nobody Here" });
    const last = db.prepare<[], { action: string }>("SELECT action FROM audit ORDER BY id DESC LIMIT 1").get();
    expect(last?.action).toBe("appointments.find");
  });

  function viewingsMustNotBeRead(work: () => void) {
    const { contacts } = office.records;
    const { byPhone } = contacts;
    contacts.byPhone = () => {
      throw new Error("read before the audit entry");
    };
    try {
      work();
    } finally {
      contacts.byPhone = byPhone;
    }
  }
});
