import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { isSamePerson } from "../../src/agency/same-person.ts";
import { AppError } from "../../src/app-error.ts";
import { makeOffice, now } from "../store/opened.ts";

let office: ReturnType<typeof makeOffice>;
const actor = { kind: "caller", callId: "c1" } as const;
const start = "2026-11-25T15:50";

beforeEach(() => {
  office = makeOffice();
});
afterEach(() => office.close());

const ask = (over: object = {}) => ({
  propertyId: "maple-14",
  start,
  name: "James Brown",
  phone: "+447700900123",
  callId: undefined,
  ...over,
});
const book = (over: object = {}) => office.bookViewing(ask(over), actor, now);
const count = (table: string) =>
  office.records.store.db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n;

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${error}`;
  }
  return "nothing thrown";
}

describe("book viewing", () => {
  test("books: viewing, contact, cells and audit entry together, the event after the commit", async () => {
    const viewing = book({ name: "  James   Brown " });

    expect(viewing).toMatchObject({
      propertyId: "maple-14",
      start,
      minutes: 30,
      status: "booked",
      awaiting: undefined,
    });
    expect(office.events).toEqual([]); // not before this returned
    await Promise.resolve();
    expect(office.events).toEqual([viewing]);
    expect(office.records.viewings.byId(viewing.id)).toEqual(viewing);
    expect(office.records.contacts.byPhone("+447700900123")).toMatchObject([{ name: "James Brown" }]);
    expect(count("diary_cell")).toBe(6 + 9);
    const entry = office.records.store.db.prepare("SELECT * FROM audit ORDER BY id DESC LIMIT 1").get();
    expect(entry).toMatchObject({ action: "viewing.book", actor_kind: "caller", actor_id: "c1" });
    expect(JSON.stringify(entry)).not.toContain("7700900123");
    expect(JSON.stringify(entry)).not.toContain("Brown");
  });

  test("the same property, or the only free negotiator, at an overlapping time is a conflict", () => {
    book();
    expect(refusal(() => book({ start: "2026-11-25T16:15" }))).toBe("conflict");
    book({ propertyId: "castle-7" }); // the second of two in sales
    expect(refusal(() => book({ propertyId: "church-35" }))).toBe("conflict");
    book({ propertyId: "station-9" }); // lettings have their own
  });

  test("a refused booking leaves nothing behind", () => {
    book();
    const [contacts, entries] = [count("contact"), count("audit")];
    expect(refusal(() => book({ name: "Ann Other", phone: "+447700900456" }))).toBe("conflict");
    expect([count("contact"), count("audit"), count("viewing")]).toEqual([contacts, entries, 1]);
  });

  test("where the diary was filled behind the rules' back, the primary key still refuses", () => {
    const viewing = book();
    const { viewings, store } = office.records;
    const cell = store.db.prepare<[], { resource: string; cell: number }>("SELECT * FROM diary_cell LIMIT 1").get();
    if (cell === undefined) throw new Error("no cells");
    expect(refusal(() => store.withTransaction(() => viewings.add({ ...viewing, id: "second" }, [cell], now)))).toBe(
      "conflict",
    );
    expect(viewings.byId("second")).toBeUndefined();
  });

  test.each([
    ["a property that is not ours", { propertyId: "nowhere-1" }],
    ["one under offer", { propertyId: "park-3" }],
    ["one let agreed", { propertyId: "riverside-5" }],
    ["a time past", { start: "2026-11-24T10:05" }],
    ["a time outside hours", { start: "2026-11-25T17:35" }],
    ["an odd minute", { start: "2026-11-25T15:52" }],
    ["a Sunday", { start: "2026-11-29T11:00" }],
    ["Boxing Day", { start: "2026-12-26T11:00" }],
    ["its substitute", { start: "2026-12-28T11:00" }],
    ["a day that does not exist", { start: "2026-11-31T11:00" }],
    ["too little notice", { propertyId: "queen-12", start: "2026-11-25T10:00" }],
    ["no name", { name: "  " }],
    ["a number that is not international", { phone: "07700900123" }],
  ])("refuses %s", (_, over) => {
    expect(refusal(() => book(over))).toBe("invalid_input");
    expect(count("viewing")).toBe(0);
  });

  test("a first viewing at opening time, a last one that ends at closing", () => {
    expect(book({ start: "2026-11-25T09:00" }).start).toBe("2026-11-25T09:00");
    expect(book({ start: "2026-11-25T17:30" }).start).toBe("2026-11-25T17:30");
  });

  test("awaits the owner of a sale and the tenant of a let, where notice is due", () => {
    expect(book({ propertyId: "queen-12", start: "2026-11-26T11:00" }).awaiting).toBe("vendor");
    expect(book({ propertyId: "windsor-28", start: "2026-11-26T11:00" }).awaiting).toBe("tenant");
  });

  test("the least busy negotiator of that day goes", () => {
    expect(book().staffId).toBe("beth");
    expect(book({ propertyId: "castle-7", start: "2026-11-25T11:00" }).staffId).toBe("marcus");
    expect(book({ propertyId: "church-35", start: "2026-11-25T13:00" }).staffId).toBe("beth");
  });

  test("the same caller is one contact, another voice on the same number another", () => {
    const ids = [
      book({ name: "James Brown" }),
      book({ name: "Mr Brown", start: "2026-11-26T10:00" }),
      book({ name: "Ann Brown", start: "2026-11-27T10:00" }),
    ].map(({ contactId }) => contactId);
    expect(ids[1]).toBe(ids[0] ?? "");
    expect(ids[2]).not.toBe(ids[0] ?? "");
    expect(book({ name: "Ian Frost", phone: "+447700900512", start: "2026-11-28T10:00" }).contactId).toBe("ian-frost");
  });

  test("asked twice by the same call it is booked and announced once", async () => {
    office.records.callLog.begin({ id: "c1", line: "200", startedAt: now });
    const first = book({ callId: "c1" });
    expect(book({ callId: "c1" })).toEqual(first);
    await Promise.resolve();
    expect(office.events).toHaveLength(1);
    expect(refusal(() => book({ callId: undefined }))).toBe("conflict");
  });

  test("cancelled: the time is free again, the viewing stays in the diary", () => {
    const viewing = book();
    expect(office.cancelViewing(viewing.id, actor, now).status).toBe("cancelled");
    expect(office.cancelViewing(viewing.id, actor, now).status).toBe("cancelled");
    expect(count("diary_cell")).toBe(0);
    expect(office.records.viewings.byId(viewing.id)?.status).toBe("cancelled");
    expect(book().id).not.toBe(viewing.id);
    expect(refusal(() => office.cancelViewing("none", actor, now))).toBe("not_found");
  });

  test("after a cancellation the view offers the time again", () => {
    const local = "2026-11-24T10:05";
    const viewing = book();
    expect(office.view.isFree("maple-14", start, local)).toBe(false);
    office.cancelViewing(viewing.id, actor, now);
    expect(office.view.isFree("maple-14", start, local)).toBe(true);
  });
});

test("2,000 attempts at once on one day: nobody and no place is booked twice", async () => {
  const places = office.view.properties().filter(({ status }) => status === "available");
  let state = 1;
  const random = (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const attempts = Array.from({ length: 2_000 }, async (_, index) => {
    for (let turns = random(4); turns > 0; turns--) await Promise.resolve();
    const minutes = 9 * 60 + random(103) * 5;
    const clock = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    const place = places[random(places.length)]?.id ?? "";
    const asked = {
      propertyId: place,
      start: `2026-11-26T${clock}`,
      phone: `+4477009${String(index).padStart(5, "0")}`,
    };
    return refusal(() => book(asked));
  });
  const outcomes = Map.groupBy(await Promise.all(attempts), (outcome) => outcome);

  expect([...outcomes.keys()].sort()).toEqual(["conflict", "nothing thrown"]);
  const booked = office.records.viewings.between("2026-11-26T00:00", "2026-11-27T00:00");
  expect(booked.length).toBe(outcomes.get("nothing thrown")?.length ?? 0);
  expect(booked.length).toBeGreaterThan(20);
  const minuteOf = ({ start: at }: { start: string }) => Number(at.slice(11, 13)) * 60 + Number(at.slice(14));
  const overlaps = booked.flatMap((a) =>
    booked.filter((b) => {
      if (a.id >= b.id) return false;
      const apart = Math.abs(minuteOf(a) - minuteOf(b));
      return (a.propertyId === b.propertyId && apart < 30) || (a.staffId === b.staffId && apart < 45);
    }),
  );
  expect(overlaps).toEqual([]);
  expect(office.records.verifyAudit()).toMatchObject({ intact: true });
});

test("names on one number", () => {
  expect(isSamePerson("Ian Frost", "Mr Ian Frost")).toBe(true);
  expect(isSamePerson("Frost", "Ian Frost")).toBe(true);
  expect(isSamePerson("Zoë O'Neill", "zoe oneill")).toBe(true);
  expect(isSamePerson("Ian Frost", "Ann Frost")).toBe(false);
  expect(isSamePerson("", "Ian Frost")).toBe(false);
  expect(isSamePerson("Mr", "Ian Frost")).toBe(false);
});

describe("take message", () => {
  test("is written down with its entry, without the caller's words", () => {
    const message = {
      name: "Ann Other",
      phone: "",
      about: "ring back about the boiler",
      forWhom: "Beth",
      callId: undefined,
    };
    const taken = office.takeMessage(message, actor, now);
    expect(office.records.messages.list(5)).toEqual([taken]);
    const entry = office.records.store.db.prepare("SELECT * FROM audit ORDER BY id DESC LIMIT 1").get();
    expect(entry).toMatchObject({ action: "message.take" });
    expect(JSON.stringify(entry)).not.toContain("boiler");
  });

  test("of a length that a person would leave", () => {
    const message = { name: "A", phone: "", about: "x".repeat(4_001), forWhom: undefined, callId: undefined };
    expect(refusal(() => office.takeMessage(message, actor, now))).toBe("invalid_input");
  });
});
