import { afterEach, beforeEach, expect, test } from "bun:test";
import { AppError } from "../../src/app-error.ts";
import type { Ladder } from "../../src/sip/ports.ts";
import type { Records } from "../../src/store/open-store.ts";
import { type Folders, makeFolders, now, openIn } from "./opened.ts";

let folders: Folders;
let records: Records;
const id = "5b8f3a52-7e6c-4f0e-9d8e-0f5f5a3c1d11";
const actor = { kind: "cli", uid: 0 } as const;
const ladder: Ladder = {
  steps: [{ atMs: 0, from: "pbx", what: "INVITE", cseq: "1 INVITE", transport: "udp", again: 2 }],
  omitted: 3,
  end: "caller-hung-up",
};

beforeEach(() => {
  folders = makeFolders();
  records = openIn(folders);
});
afterEach(() => {
  records.close();
  folders.remove();
});
const begin = () => records.callLog.begin({ id, line: "200", startedAt: now });
const actions = () =>
  records.store.db
    .prepare<[], { action: string }>("SELECT action FROM audit ORDER BY id")
    .all()
    .map(({ action }) => action);

test("is kept sealed and read back, each with its audit entry", () => {
  begin();
  records.callLog.signalling(id, ladder, now);
  expect(records.readers.signalling(actor, id)).toEqual({ quality: [], ladder });
  expect(actions().slice(-2)).toEqual(["call.signalling", "call.signalling-read"]);
  const row = records.store.db.prepare<[], { sealed: Buffer }>("SELECT sealed FROM call_ladder").get();
  expect(row?.sealed.includes("INVITE")).toBe(false);
});

test("of a call that is not kept nothing is; of one that still runs there is none yet", () => {
  records.callLog.signalling(id, ladder, now);
  expect(actions()).not.toContain("call.signalling");
  expect(records.readers.signalling(actor, id)).toBeUndefined();
  begin();
  expect(records.readers.signalling(actor, id)).toEqual({ quality: [], ladder: null });
});

test("goes with the call's key, and with the call", () => {
  begin();
  records.callLog.signalling(id, ladder, now);
  records.store.db.prepare("DELETE FROM data_key WHERE id = ?").run(id);
  expect(() => records.readers.signalling(actor, id)).toThrow(AppError);
  records.store.db.prepare("DELETE FROM call WHERE id = ?").run(id);
  expect(records.store.db.prepare("SELECT count(*) AS n FROM call_ladder").get()).toEqual({ n: 0 });
});
