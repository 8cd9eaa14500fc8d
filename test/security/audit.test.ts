import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Records } from "../../src/store/open-store.ts";
import { type Folders, makeFolders, now, openIn } from "../store/opened.ts";

let folders: Folders;
let records: Records;

beforeEach(() => {
  folders = makeFolders();
  records = openIn(folders);
});
afterEach(() => {
  records.close();
  folders.remove();
});

const note = (action: string) =>
  records.audit.record({ at: now, actor: { kind: "user", userId: "u1" }, action, subjects: { call: "c1" } });

/** As somebody with the database's key but not the log's would. */
function tamper(sql: string): void {
  records.store.db.exec(`DROP TRIGGER audit_keeps_its_entries; DROP TRIGGER audit_loses_nothing; ${sql}`);
}

describe("audit log", () => {
  test("an empty log and one with entries are intact", () => {
    expect(records.verifyAudit()).toEqual({ intact: true, entries: 0 });
    for (const action of ["a", "b", "c"]) note(action);
    expect(records.verifyAudit()).toEqual({ intact: true, entries: 3 });
  });

  test("goes on over a restart", () => {
    note("before");
    records.close();
    records = openIn(folders);
    note("after");
    expect(records.verifyAudit()).toEqual({ intact: true, entries: 2 });
  });

  test("the database itself refuses to change or remove an entry", () => {
    note("a");
    expect(() => records.store.db.exec("UPDATE audit SET action = 'b'")).toThrow("never changed");
    expect(() => records.store.db.exec("DELETE FROM audit")).toThrow("never removed");
  });

  test.each([
    ["a changed action", "UPDATE audit SET action = 'x' WHERE id = 2", 2],
    ["a changed actor", "UPDATE audit SET actor_id = 'u2' WHERE id = 2", 2],
    ["a changed time", "UPDATE audit SET at = '2020-01-01T00:00:00.000Z' WHERE id = 2", 2],
    ["changed subjects", `UPDATE audit SET subjects = '{"call":"c2"}' WHERE id = 2`, 2],
    ["a removed entry", "DELETE FROM audit WHERE id = 2", 2],
    ["the first entry removed", "DELETE FROM audit WHERE id = 1", 1],
    ["entries cut off at the end", "DELETE FROM audit WHERE id = 3", 3],
    ["everything removed", "DELETE FROM audit", 1],
    ["two exchanged", "UPDATE audit SET id = -id WHERE id < 3; UPDATE audit SET id = 3 + id WHERE id < 0", 1],
    ["the head removed", "DELETE FROM audit_head", 4],
    ["a head for fewer", "DELETE FROM audit WHERE id = 3; UPDATE audit_head SET entries = 2", 3],
    [
      "an entry of their own",
      "INSERT INTO audit SELECT 4, at, actor_kind, actor_id, 'x', subjects, mac FROM audit WHERE id = 3",
      4,
    ],
  ])("%s is found", (_, sql, firstBad) => {
    for (const action of ["a", "b", "c"]) note(action);
    tamper(sql);
    expect(records.verifyAudit()).toMatchObject({ intact: false, firstBad });
  });

  test("an entry is undone with the change it belongs to", () => {
    expect(() =>
      records.store.withTransaction(() => {
        note("never");
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(records.verifyAudit()).toEqual({ intact: true, entries: 0 });
  });

  test("keeps hashes, not callers", () => {
    const hash = records.audit.hash("phone", "+447700900123");
    expect(hash).not.toContain("7700900123");
    expect(records.audit.hash("phone", "+447700900123")).toBe(hash);
  });
});
