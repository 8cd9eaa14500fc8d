/** The whole way: a change of the agency's books, its outbox, TLS, and a host that checks the signature. */
import { afterEach, expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBookViewing } from "../../src/agency/book-viewing.ts";
import { createCancelViewing } from "../../src/agency/cancel-viewing.ts";
import { createCreateTask } from "../../src/agency/create-task.ts";
import { createManageTask } from "../../src/agency/manage-task.ts";
import { createMoveViewing } from "../../src/agency/move-viewing.ts";
import { createRecordOffer } from "../../src/agency/record-offer.ts";
import { createRegisterApplicant } from "../../src/agency/register-applicant.ts";
import { createReportFault } from "../../src/agency/report-fault.ts";
import { createTakeMessage } from "../../src/agency/take-message.ts";
import { createBookValuation, createCancelValuation, createMoveValuation } from "../../src/agency/valuations.ts";
import { loadConfig } from "../../src/config/load.ts";
import { createLog } from "../../src/log.ts";
import { createClosing } from "../../src/ops/closing.ts";
import { realSchedule } from "../../src/start/base.ts";
import { openWebhooks } from "../../src/start/webhooks.ts";
import type { Records } from "../../src/store/open-store.ts";
import { makeCertificate } from "../certificates.ts";
import { makeOffice, now } from "../store/opened.ts";

const secret = "a secret of the office, 32 letters";
const cli = { kind: "cli", uid: 0 } as const;
const siân = { name: "Siân Brien", phone: "+447700900123" };

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

type Told = { id: string; event: string; subject: string; at: string; data: Record<string, unknown> };

/** A host that takes what is signed, and remembers it. */
async function openHost() {
  const made = await makeCertificate("crm.lan");
  const told: Told[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    tls: { cert: made.certificate, key: made.privateKey },
    async fetch(request) {
      const body = await request.text();
      const [, t, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(request.headers.get("gatehouse-signature") ?? "") ?? [];
      const expected = createHmac("sha256", secret).update(`${t}.${body}`).digest("hex");
      if (mac !== expected) return new Response(null, { status: 401 });
      const event = JSON.parse(body) as Told;
      expect(request.headers.get("idempotency-key")).toBe(`"${event.id}"`);
      expect(request.headers.get("gatehouse-event")).toBe(event.event);
      told.push(event);
      return new Response(null, { status: 202 });
    },
  });
  undo.push(() => server.stop(true));
  return { told, port: server.port, pinned: made.pinned };
}

async function open(more = "") {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-webhooks-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "secret"), `${secret}\n`, { mode: 0o600 });
  const host = await openHost();
  const table = `{url="https://127.0.0.1:${host.port}/in",secretFile="${join(folder, "secret")}",tls={sha256="${host.pinned}"}${more}}`;
  const config = loadConfig({ file: undefined, set: [`webhooks=[${table}]`] });
  const office = makeOffice();
  undo.push(() => office.close());
  const log: string[] = [];
  const closing = createClosing(() => undefined);
  const base = {
    config,
    clock: () => now,
    schedule: realSchedule,
    closing,
    log: createLog(
      (line) => void log.push(line),
      () => "",
    ),
  };
  const webhooks = openWebhooks(base, office.records);
  undo.push(() => closing.close());
  return { ...host, office, log, webhooks, ...useCases(webhooks.records, office.view.catalogue) };
}

function useCases(records: Records, catalogue: Parameters<typeof createBookViewing>[0]["catalogue"]) {
  const shared = {
    ...records,
    work: records.store,
    diary: records.agency,
    newId: () => crypto.randomUUID(),
    catalogue,
  };
  return {
    bookViewing: createBookViewing(shared),
    moveViewing: createMoveViewing(shared),
    cancelViewing: createCancelViewing(shared),
    bookValuation: createBookValuation(shared),
    moveValuation: createMoveValuation(shared),
    cancelValuation: createCancelValuation(shared),
    takeMessage: createTakeMessage(shared),
    reportFault: createReportFault(shared),
    recordOffer: createRecordOffer(shared),
    registerApplicant: createRegisterApplicant(shared),
    createTask: createCreateTask(shared),
  };
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
}
const names = (told: readonly Told[]) => told.map(({ event }) => event);

/** One of everything that callers leave behind. */
function everything(office: Awaited<ReturnType<typeof open>>): void {
  const { id } = office.bookViewing(
    { ...siân, propertyId: "maple-14", start: "2026-11-25T10:00", callId: undefined },
    cli,
    now,
  );
  office.moveViewing(id, "2026-11-25T11:00", cli, now);
  office.cancelViewing(id, cli, now);
  const home = { kind: "sales", address: "3 Kelp Lane", postcode: "M21 9XX", details: { beds: "3" } } as const;
  const valuation = office.bookValuation({ ...siân, ...home, start: "2026-11-25T14:00", callId: undefined }, cli, now);
  office.moveValuation(valuation.id, "2026-11-25T15:00", cli, now);
  office.cancelValuation(valuation.id, cli, now);
  office.takeMessage({ ...siân, about: "the boiler man", forWhom: undefined, callId: undefined }, cli, now);
  const fault = { propertyId: "maple-14", address: "14 Maple Road", fault: "no heating", priority: "urgent" } as const;
  const rest = { vulnerable: true, access: undefined, since: undefined, callId: undefined };
  office.reportFault({ ...siân, ...fault, ...rest }, cli, now);
  const offer = {
    propertyId: "maple-14",
    amount: 250_000,
    conditions: undefined,
    funding: undefined,
    position: undefined,
  };
  office.recordOffer({ ...siân, ...offer, callId: undefined }, cli, now);
  const wishes = { kind: "buy", maxPrice: 300_000, maxRentPcm: undefined, minBeds: 2, position: undefined } as const;
  const nothing = { moveDate: undefined, pets: undefined, areas: ["Chorlton"], details: {}, callId: undefined };
  office.registerApplicant({ ...siân, ...wishes, ...nothing }, cli, now);
  const task = { kind: "call-back", propertyId: undefined, about: "the survey", forWhom: undefined, due: undefined };
  office.createTask({ ...siân, ...task, callId: undefined }, cli, now);
}

const everyEvent = [
  "viewing.booked",
  "viewing.moved",
  "viewing.cancelled",
  "valuation.booked",
  "valuation.moved",
  "valuation.cancelled",
  "message.taken",
  "maintenance.reported",
  "offer.made",
  "applicant.registered",
  "task.created",
];
const ofCallers = (told: readonly Told[]) => told.filter(({ event }) => everyEvent.includes(event));

test("everything that happens is told in order, signed; nothing of callers", async () => {
  const office = await open();
  everything(office);
  const { told, webhooks } = office;
  await until(() => names(told).includes("task.created") && told.at(-1)?.data.kind === "call-back");
  expect(names(ofCallers(told)).filter((name, at, all) => all.indexOf(name) === at)).toEqual(everyEvent);
  expect(JSON.stringify(told)).not.toMatch(
    /Brien|7700900123|Kelp|boiler|heating|250000|300000|Chorlton|survey|vulnerable/,
  );
  const [booked, moved, cancelled] = told.filter(({ subject }) => subject === told[0]?.subject);
  expect(booked).toEqual({
    id: expect.any(String),
    event: "viewing.booked",
    subject: `viewing:${booked?.data.id}`,
    at: now.toISOString(),
    data: {
      id: expect.any(String),
      propertyId: "maple-14",
      contactId: expect.any(String),
      staffId: expect.any(String),
      start: "2026-11-25T10:00",
      minutes: 30,
      status: "booked",
      awaiting: booked?.data.awaiting ?? null,
      callId: null,
    },
  });
  expect(moved?.data).toMatchObject({ start: "2026-11-25T11:00", status: "booked" });
  expect([cancelled?.event, cancelled?.data.status]).toEqual(["viewing.cancelled", "cancelled"]);
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
  expect(webhooks.alarms()).toEqual([]);
  const sent = office.office.records.store.db.prepare("SELECT count(*) AS n FROM audit WHERE action = 'webhook.send'");
  expect(sent.get()).toEqual({ n: told.length });
  expect(office.log).toEqual([]);
});

test("what is personal, only to who is meant to have it", async () => {
  const office = await open(",personal=true");
  everything(office);
  await until(() => office.told.at(-1)?.data.kind === "call-back");
  const data = (event: string) => office.told.find((one) => one.event === event)?.data;
  const contact = { name: "Siân Brien", phone: "+447700900123", email: null };
  expect(data("viewing.booked")).toMatchObject({ contact });
  expect(data("valuation.booked")).toMatchObject({ address: "3 Kelp Lane", details: { beds: "3" }, contact });
  expect(data("message.taken")).toMatchObject({ ...siân, about: "the boiler man", contact: null });
  expect(data("maintenance.reported")).toMatchObject({ fault: "no heating", vulnerable: true, contact });
  expect(data("offer.made")).toMatchObject({ amount: 250_000, contact });
  expect(data("applicant.registered")).toMatchObject({ maxPrice: 300_000, areas: ["Chorlton"], contact });
  expect(office.told.at(-1)?.data).toMatchObject({ about: "the survey", contact });
  expect(office.log).toEqual([]);
});

test("only the events that were asked for", async () => {
  const office = await open(',events=["offer.made"]');
  everything(office);
  const waiting = office.office.records.store.db.prepare<[], { n: number }>("SELECT count(*) AS n FROM webhook_event");
  expect(waiting.get()).toEqual({ n: 1 });
  await until(() => waiting.get()?.n === 0);
  expect(names(office.told)).toEqual(["offer.made"]);
});

test("a change that is undone tells nobody; an event that cannot be written undoes the change", async () => {
  const office = await open();
  const { records } = office.webhooks;
  const { db } = records.store;
  const message = { ...siân, about: "x", forWhom: undefined, callId: undefined };
  expect(() =>
    records.store.withTransaction(() => {
      office.takeMessage(message, cli, now);
      throw new Error("undone");
    }),
  ).toThrow("undone");
  const count = (table: string) => db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n;
  expect([count("message"), count("webhook_event")]).toEqual([0, 0]);
  db.exec("CREATE TRIGGER full BEFORE INSERT ON webhook_event BEGIN SELECT RAISE(ABORT, 'full'); END");
  expect(() => office.takeMessage(message, cli, now)).toThrow();
  expect([count("message"), count("webhook_event")]).toEqual([0, 0]);
  expect(office.told).toEqual([]);
});

test("told again in the same call, a record is changed, not made", async () => {
  const office = await open(',events=["offer.made","offer.changed"]');
  const call = office.office.records;
  call.callLog.begin({ id: "c1", line: "*", startedAt: now });
  const offer = { ...siân, propertyId: "maple-14", amount: 250_000, conditions: undefined, position: undefined };
  office.recordOffer({ ...offer, funding: undefined, callId: "c1" }, cli, now);
  office.recordOffer({ ...offer, funding: "cash", callId: "c1" }, cli, now);
  await until(() => office.told.length === 2);
  expect(names(office.told)).toEqual(["offer.made", "offer.changed"]);
  expect(office.told[0]?.subject).toBe(office.told[1]?.subject ?? "");
});

test("what the office does with a task is told, and the tasks that follow a call or one that was cut off", async () => {
  const office = await open(',events=["task.created","task.changed"],personal=true');
  const { records } = office.webhooks;
  const task = { kind: "call-back", propertyId: undefined, about: "the survey", forWhom: undefined, due: undefined };
  const { id } = office.createTask({ ...siân, ...task, callId: undefined }, cli, now);
  const manage = createManageTask({ ...records, work: records.store, catalogue: office.office.view.catalogue });
  const staffId = office.office.view.staff()[0]?.id ?? "";
  manage.assign(id, staffId, cli, now);
  manage.done(id, cli, now);
  const noted = { task: null, slots: {}, answered: [], unanswered: ["lease"], misses: 0, holding: false };
  const turn = {
    n: 0,
    at: now.toISOString(),
    heard: "",
    nbest: [],
    confidence: null,
    said: "Hello.",
    saidInFull: true,
  };
  for (const callId of ["ended", "cut-off"]) {
    records.callLog.begin({ id: callId, line: "*", startedAt: now });
    records.callLog.disclosed(callId, { number: siân.phone, display: undefined, withheld: false }, now);
    records.callLog.turn(callId, { ...turn, asks: null, heardFromMs: null, heardToMs: null, noted });
  }
  records.callLog.end("ended", { at: now, outcome: "nothing", endedBy: "caller", quality: {} });
  expect(records.callLog.endInterrupted(now)).toBe(1);
  await until(() => office.told.length === 5);
  const told = office.told.map(({ event, data }) => [event, data.status, data.forWhom, data.callId]);
  expect(told.toSorted()).toEqual(
    [
      ["task.created", "open", null, null],
      ["task.changed", "open", staffId, null],
      ["task.changed", "done", staffId, null],
      ["task.created", "open", null, "ended"],
      ["task.created", "open", null, "cut-off"],
    ].toSorted(),
  );
});

test("without webhooks nothing is written down and the records are what they were", () => {
  const office = makeOffice();
  undo.push(() => office.close());
  const config = loadConfig({ file: undefined, set: [] });
  const closing = createClosing(() => undefined);
  const log = createLog(
    () => undefined,
    () => "",
  );
  const opened = openWebhooks({ config, clock: () => now, schedule: realSchedule, closing, log }, office.records);
  expect(opened.records).toBe(office.records);
  expect(opened.alarms()).toEqual([]);
});
