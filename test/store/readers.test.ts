import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Actor } from "../../src/agency/types.ts";
import { AppError } from "../../src/app-error.ts";
import type { ControlReaders } from "../../src/control/ports.ts";
import { createControlReaders } from "../../src/store/control-readers.ts";
import type { WebReaders } from "../../src/web/api/ports.ts";
import { makeOffice, now } from "./opened.ts";

let office: ReturnType<typeof makeOffice>;
const user: Actor = { kind: "user", userId: "u1" };
const everything = { limit: 10, before: undefined, outcome: undefined };

beforeEach(() => {
  office = makeOffice();
});
afterEach(() => office.close());

function addCall(id: string, minute: number, ended = true): void {
  const { callLog } = office.records;
  const at = new Date(now.getTime() + minute * 60_000);
  callLog.begin({ id, line: "200", startedAt: at });
  callLog.disclosed(id, { number: "+447700900123", display: undefined, withheld: false }, at);
  if (ended) callLog.end(id, { at, outcome: minute % 2 === 0 ? "booked" : "message", endedBy: "caller", quality: {} });
}

const entries = () =>
  office.records.store.db
    .prepare<[], { actor: string; action: string; subjects: string }>(
      "SELECT actor_kind || ':' || actor_id AS actor, action, subjects FROM audit ORDER BY id",
    )
    .all();

describe("readers", () => {
  test("fit what the web and the command line ask for", () => {
    office.records.readers satisfies WebReaders;
    createControlReaders(office.records.readers) satisfies ControlReaders;
  });

  test("every read leaves an entry with its actor", () => {
    addCall("c1", 0);
    const { readers } = office.records;
    const before = entries().length;
    readers.calls(user, everything);
    readers.call(user, "c1");
    readers.recording(user, "c1", "listen");
    readers.diary(user, "2026-11-24", "2026-11-25");
    readers.viewings(user, 10);
    readers.contacts(user, 10);
    readers.messages(user, 10);
    readers.properties(user);
    readers.following(user);

    const written = entries().slice(before);
    expect(written.map(({ action }) => action)).toEqual([
      "calls.list",
      "call.read",
      "recording.read",
      "diary.read",
      "viewings.list",
      "contacts.list",
      "messages.list",
      "properties.list",
      "calls.follow",
    ]);
    expect(new Set(written.map(({ actor }) => actor))).toEqual(new Set(["user:u1"]));
    expect(written[1]?.subjects).toBe('{"call":"c1"}');
  });

  test("where the entry cannot be written, nothing is read", () => {
    addCall("c1", 0);
    office.records.store.db.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END");
    expect(() => office.records.readers.call(user, "c1")).toThrow("full");
    expect(() => office.records.readers.contacts(user, 10)).toThrow("full");
  });

  test("calls come newest first, page by page, each once", () => {
    for (let i = 0; i < 7; i++) addCall(`c${i}`, Math.floor(i / 2)); // pairs with the same time
    const { readers } = office.records;
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = readers.calls(user, { limit: 3, before, outcome: undefined });
      seen.push(...page.calls.map(({ id }) => id));
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual(["c6", "c5", "c4", "c3", "c2", "c1", "c0"]);
    expect(readers.calls(user, { ...everything, outcome: "message" }).calls.map(({ id }) => id)).toEqual([
      "c6",
      "c3",
      "c2",
    ]);
    expect(() => readers.calls(user, { ...everything, before: "nonsense" })).toThrow("no such page");
  });

  test("a call shows its booking, its message and the name that was given", () => {
    addCall("c1", 0);
    const start = "2026-11-25T15:50";
    const asked = { propertyId: "maple-14", start, name: "James Brown", phone: "+447700900123", callId: "c1" };
    office.bookViewing(asked, { kind: "caller", callId: "c1" }, now);
    const message = { name: "J Brown", phone: "", about: "the boiler", forWhom: undefined, callId: "c1" };
    office.takeMessage(message, { kind: "caller", callId: "c1" }, now);

    const { readers } = office.records;
    const detail = readers.call(user, "c1");
    expect(detail?.call).toMatchObject({ name: "James Brown", viewing: { address: "14 Maple Road", start } });
    expect(detail?.viewings).toMatchObject([
      {
        start,
        contact: { phone: "+447700900123" },
        property: { address: "14 Maple Road" },
        staff: { name: "Beth Shaw" },
      },
    ]);
    expect(detail?.messages).toMatchObject([{ about: "the boiler", forWhom: null }]);
    expect(createControlReaders(readers).viewings(user)).toMatchObject([
      { property: "14 Maple Road", start, name: "James Brown", phone: "+447700900123", staff: "Beth Shaw" },
    ]);
    expect(readers.call(user, "none")).toBeUndefined();
  });

  test("a diary has its days with their hours, closed ones too", () => {
    const diary = office.records.readers.diary(user, "2026-12-24", "2026-12-29");
    expect(diary.days).toEqual([
      { day: "2026-12-24", open: ["09:00", "18:00"] },
      { day: "2026-12-25", open: null },
      { day: "2026-12-26", open: null },
      { day: "2026-12-27", open: null },
      { day: "2026-12-28", open: null },
      { day: "2026-12-29", open: ["09:00", "18:00"] },
    ]);
    expect(() => office.records.readers.diary(user, "2026-01-01", "2026-12-31")).toThrow("62 days");
  });

  test("a recording is given when the call is over, with its WAV", () => {
    addCall("c1", 0, false);
    const recording = office.records.recordings.start("c1", now);
    recording.append({ sequence: 0, codec: "PCMA", caller: new Uint8Array(800), agent: new Uint8Array(800) });
    const { readers, callLog } = office.records;
    expect(() => readers.recording(user, "c1", "listen")).toThrow(AppError);
    recording.finish();
    callLog.end("c1", { at: now, outcome: "nothing", endedBy: "caller", quality: {} });

    const source = readers.recording(user, "c1", "listen");
    expect(source?.samples).toBe(800);
    expect(source?.wav.bytes).toBe(44 + 800 * 4);
    expect(Buffer.concat([...(source?.wav.pieces(0, 9_999) ?? [])])).toHaveLength(44 + 800 * 4);
    source?.close();
    expect(readers.recording(user, "none", "listen")).toBeUndefined();
  });
});
