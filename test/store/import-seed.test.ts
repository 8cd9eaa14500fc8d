import { afterEach, expect, test } from "bun:test";
import { watchRows } from "../../src/cli/chat/rows.ts";
import { makeOffice, now, parseSeed } from "./opened.ts";

const seed = parseSeed({
  staff: [{ id: "beth", name: "Beth Shaw", department: "lettings" }],
  properties: [{ id: "p1", address: "14 Larkspur Avenue", postcode: "M21 4WB", kind: "sale" }],
  contacts: [{ id: "c1", name: "Ian Frost", phone: "+447700900512", email: null }],
  diary: [
    { id: "d1", kind: "viewing", property: "p1", contact: "c1", staff: "beth", start: "2026-11-26T12:00" },
    {
      id: "d2",
      kind: "valuation",
      property: "p1",
      contact: "c1",
      staff: "beth",
      start: "2026-11-26T14:00",
      minutes: 60,
    },
    { id: "d3", kind: "valuation", address: "2 Elm Close", contact: "c1", staff: "beth", start: "2026-11-27T14:00" },
    { id: "d4", kind: "holiday", staff: "beth", start: "2026-11-25T09:00", minutes: 480 },
  ],
  knowledge: [{ id: "parking", questions: ["where can I park"], answer: "Behind the office." }],
});
const actor = { kind: "system" } as const;

let office: ReturnType<typeof makeOffice>;
afterEach(() => office.close());

test("what a seed's diary has is found by name and number, and moved as what callers book", () => {
  office = makeOffice(seed);
  const found = office.findAppointments({ name: "Mr Frost", phone: "+447700900512" }, actor, now);
  expect(found).toMatchObject([
    { kind: "viewing", id: "d1", address: "14 Larkspur Avenue", start: "2026-11-26T12:00" },
    { kind: "valuation", id: "d2", address: "14 Larkspur Avenue", postcode: "M21 4WB" },
    { kind: "valuation", id: "d3", address: "2 Elm Close" },
  ]);
  expect(office.records.valuations.byId("d2")?.kind).toBe("sales"); // the listing's
  expect(office.records.valuations.byId("d3")?.kind).toBe("lettings"); // Beth's
  expect(office.view.isValuationFree("lettings", "2026-11-25T10:00", "2026-11-24T10:05")).toBe(false); // on holiday

  const changes = watchRows(office.records);
  office.moveValuation("d2", "2026-11-26T15:00", actor, now);
  const where = { id: "d2", kind: "sales", staff: "beth", status: "booked", contact: "c1" };
  expect(changes()).toMatchObject([
    {
      type: "row",
      table: "valuation",
      op: "update",
      before: { ...where, start: "2026-11-26T14:00" },
      after: { ...where, start: "2026-11-26T15:00", details: {} },
    },
  ]);
});

test("questions and answers of the seed are there to be asked", () => {
  office = makeOffice(seed);
  expect(office.view.knowledge()).toEqual([
    { id: "parking", questions: ["where can I park"], answer: "Behind the office." },
  ]);
});

test("rows of every record are told in the words of scripted calls", () => {
  office = makeOffice(seed);
  const caller = { name: "Jane Smith", phone: "+447700900123" };
  const shared = { ...caller, propertyId: "p1", callId: undefined };
  const changes = watchRows(office.records);
  const fault = { address: "", fault: "no heating", access: undefined, since: undefined } as const;
  office.reportFault({ ...shared, ...fault, priority: "urgent", vulnerable: true }, actor, now);
  office.recordOffer(
    { ...shared, amount: 390_000, conditions: undefined, funding: "cash", position: undefined },
    actor,
    now,
  );
  const wishes = { maxPrice: undefined, maxRentPcm: 1_200, minBeds: 2, position: undefined, moveDate: "2027-01-05" };
  office.registerApplicant(
    { ...shared, ...wishes, kind: "rent", pets: "a cat", areas: ["M21"], details: {} },
    actor,
    now,
  );
  office.openTicket({ ...shared, kind: "erasure", about: "" }, actor, now);
  office.createTask(
    { ...shared, kind: "call-back", about: "x", forWhom: undefined, due: "2026-11-24T16:00" },
    actor,
    now,
  );

  const told = changes();
  const contact = told.find(({ table }) => table === "contact")?.after?.id;
  expect(told.map(({ table, op, after }) => ({ table, op, after }))).toMatchObject([
    { table: "contact", op: "insert", after: { name: "Jane Smith", phone: "+447700900123", email: null } },
    {
      table: "maintenance",
      after: { property: "p1", contact, fault: "no heating", priority: "urgent", vulnerable: true, access: null },
    },
    { table: "offer", after: { property: "p1", contact, amount: 390_000, conditions: null, funding: "cash" } },
    {
      table: "applicant",
      after: {
        contact,
        kind: "rent",
        maxPrice: null,
        maxRentPcm: 1_200,
        minBeds: 2,
        moveDate: "2027-01-05",
        pets: "a cat",
      },
    },
    { table: "ticket", after: { kind: "erasure", contact, due: "2026-12-24" } },
    { table: "task", after: { kind: "call-back", contact, property: "p1", due: "2026-11-24T16:00" } },
  ]);
});
