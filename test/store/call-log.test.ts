import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { AppError } from "../../src/app-error.ts";
import type { StoredTurn } from "../../src/calls/ports.ts";
import type { Records } from "../../src/store/open-store.ts";
import { type Folders, makeFolders, now, openIn } from "./opened.ts";

let folders: Folders;
let records: Records;
const id = "5b8f3a52-7e6c-4f0e-9d8e-0f5f5a3c1d11";
const caller = { number: "+447700900123", display: "Brown", withheld: false };

beforeEach(() => {
  folders = makeFolders();
  records = openIn(folders);
});
afterEach(() => {
  records.close();
  folders.remove();
});

const turn = (over: Partial<StoredTurn> = {}): StoredTurn => ({
  n: 1,
  at: "2026-11-24T10:05:20.000Z",
  heard: "I'd like to see 14 Maple Road",
  nbest: [
    ["I'd like to see 14 Maple Road", -0.4],
    ["I'd like to see 40 Maple Road", null],
  ],
  confidence: 0.97,
  said: "Which day suits you?",
  saidInFull: true,
  asks: "date",
  heardFromMs: 1_200,
  heardToMs: 3_400.5,
  ...over,
});

const begin = () => records.callLog.begin({ id, line: "200", startedAt: now });
const actions = () =>
  records.store.db
    .prepare<[], { action: string }>("SELECT action FROM audit ORDER BY id")
    .all()
    .map(({ action }) => action);

describe("call log", () => {
  test("a call from its beginning to its end, each step audited", () => {
    begin();
    records.callLog.disclosed(id, caller, new Date("2026-11-24T10:05:10Z"));
    records.callLog.turn(id, turn());
    records.callLog.end(id, {
      at: new Date("2026-11-24T10:06:00Z"),
      outcome: "booked",
      endedBy: "caller",
      quality: { lost: 3 },
    });

    expect(records.calls.byId(id)).toEqual({
      id,
      line: "200",
      startedAt: "2026-11-24T10:05:00.000Z",
      disclosedAt: "2026-11-24T10:05:10.000Z",
      callerNumber: "+447700900123",
      callerDisplay: "Brown",
      withheld: false,
      endedAt: "2026-11-24T10:06:00.000Z",
      outcome: "booked",
      emergency: null,
      endedBy: "caller",
      quality: { lost: 3 },
      turns: 1,
      recording: null,
      name: null,
      viewing: null,
    });
    expect(records.turns.of(id)).toEqual([turn()]);
    expect(actions()).toEqual(["call.begin", "call.identify", "turn.store", "call.end"]);
    expect(records.verifyAudit()).toEqual({ intact: true, entries: 4 });
  });

  test("nothing of the caller is stored before the disclosure has played out", () => {
    begin();
    records.callLog.turn(id, turn({ n: 0 }));

    expect(records.calls.byId(id)).toMatchObject({ callerNumber: null, callerDisplay: null, withheld: null });
    expect(records.turns.of(id)).toEqual([
      turn({ n: 0, heard: "", nbest: [], confidence: null, heardFromMs: null, heardToMs: null }),
    ]);
  });

  test("a withheld number is not kept, whatever the wire said", () => {
    begin();
    records.callLog.disclosed(id, { ...caller, withheld: true }, now);
    expect(records.calls.byId(id)).toMatchObject({ callerNumber: null, callerDisplay: null, withheld: true });
  });

  test("a turn stored again replaces the one before", () => {
    begin();
    records.callLog.disclosed(id, caller, now);
    records.callLog.turn(id, turn({ saidInFull: true }));
    records.callLog.turn(id, turn({ saidInFull: false, said: "Which day" }));
    expect(records.turns.of(id)).toEqual([turn({ saidInFull: false, said: "Which day" })]);
  });

  test("words are sealed under the call's key: changed, moved to another turn or without the key they do not open", () => {
    begin();
    records.callLog.disclosed(id, caller, now);
    records.callLog.turn(id, turn());
    const { db } = records.store;
    const sealed = db.prepare<[], { sealed: Buffer }>("SELECT sealed FROM turn").get()?.sealed ?? Buffer.alloc(0);
    expect(sealed.includes("Maple")).toBe(false);

    db.exec("UPDATE turn SET n = 2");
    expect(codeOf(() => records.turns.of(id))).toBe("database_damaged");
    db.exec("UPDATE turn SET n = 1");
    db.exec("DELETE FROM data_key");
    expect(codeOf(() => records.turns.of(id))).toBe("not_found");
  });

  test("an emergency is noted by its kind alone", () => {
    begin();
    records.callLog.noteEmergency({ callId: id, emergency: "gas", at: now });
    expect(records.calls.byId(id)?.emergency).toBe("gas");
  });

  test("calls that a crash cut off are closed at their last turn, once", () => {
    begin();
    records.callLog.disclosed(id, caller, now);
    records.callLog.turn(id, turn());
    records.callLog.begin({ id: "second", line: "200", startedAt: now });

    expect(records.callLog.endInterrupted(new Date("2026-11-24T12:00:00Z"))).toBe(2);
    expect(records.calls.byId(id)).toMatchObject({ endedAt: "2026-11-24T10:05:20.000Z", outcome: "failed" });
    expect(records.calls.byId("second")).toMatchObject({ endedAt: now.toISOString(), outcome: "failed" });
    expect(records.callLog.endInterrupted(now)).toBe(0);
  });

  test("a call that does not exist is a bug, not a silent loss", () => {
    expect(() => records.callLog.disclosed("none", caller, now)).toThrow("no row");
    expect(() => records.callLog.turn("none", turn())).toThrow();
    expect(actions()).toEqual([]);
  });
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${error}`;
  }
  return "nothing thrown";
}
