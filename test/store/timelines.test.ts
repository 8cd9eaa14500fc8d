import { afterEach, beforeEach, expect, test } from "bun:test";
import type { Actor } from "../../src/agency/types.ts";
import { makeOffice, now } from "./opened.ts";

let office: ReturnType<typeof makeOffice>;
const user: Actor = { kind: "user", userId: "u1" };
const caller: Actor = { kind: "caller", callId: "c1" };
const who = { name: "James Wilson", phone: "+447700900123", callId: "c1" };

beforeEach(() => {
  office = makeOffice();
  const { callLog } = office.records;
  for (const [id, number] of [
    ["c1", undefined],
    ["c2", who.phone],
    ["c3", "+447700900999"],
  ] as const) {
    callLog.begin({ id, line: "200", startedAt: now });
    callLog.disclosed(id, { number, display: undefined, withheld: number === undefined }, now);
    callLog.end(id, { at: now, outcome: "nothing", endedBy: "caller", quality: {} });
  }
});
afterEach(() => office.close());

const audited = () =>
  office.records.store.db
    .prepare<[], { action: string; subjects: string }>("SELECT action, subjects FROM audit ORDER BY id DESC LIMIT 1")
    .get();

function fill() {
  const free = (id: string) => office.view.freeStarts(id, "2026-11-26", "09:00", 1, "2026-11-24T10:05")[0];
  const property = office.view.properties().find(({ status, id }) => status === "available" && free(id) !== undefined);
  const propertyId = property?.id ?? "";
  const viewing = office.bookViewing({ ...who, propertyId, start: free(propertyId) ?? "" }, caller, now);
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  office.takeMessage({ ...who, about: "Please ring me", forWhom: undefined }, caller, later(1));
  const offer = { amount: 310_000, conditions: undefined, funding: undefined, position: undefined };
  office.recordOffer({ ...who, ...offer, propertyId }, caller, later(2));
  office.openTicket({ ...who, kind: "complaint", about: "Nobody came" }, caller, later(3));
  const task = { kind: "call-back", propertyId: undefined, forWhom: undefined, due: undefined };
  office.createTask({ ...who, ...task, about: "Ring on Friday" }, caller, later(4));
  return { property, viewing };
}

test("a contact's timeline holds all that is known, newest first, viewings when they take place", () => {
  const { viewing, property } = fill();
  const found = office.records.officeReaders.contact(user, viewing.contactId);
  expect(found?.contact).toMatchObject({ name: who.name, phone: who.phone });
  const entries = found?.entries.filter(({ kind, state }) => kind !== "task" || state !== "notice") ?? [];
  expect(entries.map(({ kind }) => kind)).toEqual(["viewing", "task", "ticket", "offer", "message", "call", "call"]);
  expect(entries[0]).toMatchObject({ what: property?.address, state: "booked", callId: "c1" });
  expect(entries[0]?.at).toBe(`${viewing.start}:00.000Z`); // winter: the office clock is UTC
  expect(entries.find(({ kind }) => kind === "offer")).toMatchObject({ state: "310000" });
  // c1 withheld its number and wrote the booking; c2 came from the number; c3 is somebody else's.
  expect(entries.filter(({ kind }) => kind === "call").map(({ id }) => id)).toEqual(["c1", "c2"]);
});

test("each read leaves its entry first, and no name in it; without an entry nothing is read", () => {
  const { viewing } = fill();
  const { officeReaders } = office.records;
  officeReaders.contact(user, viewing.contactId);
  expect(audited()).toEqual({ action: "contact.read", subjects: JSON.stringify({ contact: viewing.contactId }) });
  expect(officeReaders.contacts(user, { text: "wilson", limit: 9 }).map(({ name }) => name)).toContain(who.name);
  expect(audited()?.action).toBe("contacts.find");
  expect(audited()?.subjects.toLowerCase()).not.toContain("wilson");
  officeReaders.tasks(user, { status: "open", limit: 9 });
  expect(audited()?.action).toBe("tasks.list");
  officeReaders.unanswered(user, 30);
  expect(audited()?.action).toBe("unanswered.list");

  office.records.store.db.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
  expect(() => officeReaders.contact(user, viewing.contactId)).toThrow("full");
  expect(() => officeReaders.contacts(user, { text: "", limit: 9 })).toThrow("full");
  expect(() => officeReaders.tasks(user, { status: "done", limit: 9 })).toThrow("full");
  expect(() => officeReaders.unanswered(user, 30)).toThrow("full");
});

test("contacts are found by a part of the name or of the number, however it is written", () => {
  fill();
  const find = (text: string) =>
    office.records.officeReaders.contacts(user, { text, limit: 50 }).map(({ name }) => name);
  expect(find("mes wil")).toEqual([who.name]);
  expect(find("07700 900123")).toEqual([who.name]);
  expect(find("+44 7700 900 123")).toEqual([who.name]);
  expect(find("%")).toEqual([]);
  expect(find("nobody of that name")).toEqual([]);
  expect(find("").length).toBeGreaterThan(1);
});

test("nobody of that id has no timeline", () => {
  expect(office.records.officeReaders.contact(user, "none")).toBeUndefined();
});
