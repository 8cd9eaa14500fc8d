import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../src/app-error.ts";
import { extractNatives, sqliteBinding } from "../../src/embedded/natives.ts";
import { openDatabase, type Store } from "../../src/store/connection.ts";
import { migrate, migrationOf } from "../../src/store/migrations.ts";
import { embeddedMigrations } from "../../src/store/open-store.ts";
import { type Folders, makeFolders, now } from "./opened.ts";

let folders: Folders;
let store: Store;

beforeEach(() => {
  folders = makeFolders();
  mkdirSync(folders.dataDir);
  const nativeBinding = sqliteBinding(extractNatives(folders.root));
  store = openDatabase({ path: join(folders.dataDir, "t.db"), key: randomBytes(32), nativeBinding, mayCreate: true });
});
afterEach(() => {
  store.close();
  folders.remove();
});

const first = migrationOf("migrations/0001_one.sql", "CREATE TABLE one (a INTEGER) STRICT");
const second = migrationOf("migrations/0002_two.sql", "CREATE TABLE two (a INTEGER) STRICT");

describe("migrate", () => {
  test("applies each once, in order, whatever order they come in", () => {
    expect(migrate(store, [second, first], now)).toEqual(["0001_one", "0002_two"]);
    expect(migrate(store, [first, second], now)).toEqual([]);
  });

  test("goes on from where a database stands", () => {
    migrate(store, [first], now);
    expect(migrate(store, [first, second], now)).toEqual(["0002_two"]);
  });

  test("a database that is newer than the program is refused", () => {
    migrate(store, [first, second], now);
    expect(() => migrate(store, [first], now)).toThrow("newer Gatehouse");
    expect(() => migrate(store, [first], now)).toThrow(AppError);
  });

  test("a migration that was changed after it was applied is refused", () => {
    migrate(store, [first], now);
    expect(() => migrate(store, [{ ...first, sql: `${first.sql};` }], now)).toThrow("made by another 0001_one");
  });

  test("one that fails leaves nothing behind", () => {
    const broken = migrationOf("0002_broken.sql", "CREATE TABLE half (a INTEGER) STRICT; CREATE NONSENSE");
    expect(() => migrate(store, [first, broken], now)).toThrow();
    expect(store.db.prepare("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([]);
    expect(migrate(store, [first, second], now)).toEqual(["0002_two"]);
  });

  test("numbers without a gap", () => {
    expect(() => migrate(store, [second], now)).toThrow("is not number 1");
    expect(() => migrationOf("migrations/notes.sql", "")).toThrow("not named like");
  });

  test("the first schema: every table STRICT, every foreign key indexed", () => {
    migrate(store, embeddedMigrations().slice(0, 1), now);
    const { db } = store;
    const tables = db
      .prepare<[], { name: string; strict: number }>(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'",
      )
      .all();
    expect(tables.filter(({ strict }) => strict !== 1)).toEqual([]);
    const unindexed = tables.flatMap(({ name }) =>
      db
        .prepare<[string], { from: string }>('SELECT "from" FROM pragma_foreign_key_list(?)')
        .all(name)
        .filter(({ from }) => !isIndexed(name, from))
        .map(({ from }) => `${name}.${from}`),
    );
    expect(unindexed).toEqual([]);
    expect(db.pragma("foreign_key_check")).toEqual([]);
  });
});

test("an appliance of the first calls is brought up to date, and keeps what it has", () => {
  const all = embeddedMigrations();
  migrate(store, all.slice(0, 5), now);
  const { db } = store;
  db.exec(`
    INSERT INTO call (id, line, started_at) VALUES ('c1', '*', '2026-01-01T10:00:00.000Z');
    INSERT INTO property VALUES ('p1', '14 Maple Road', 'M21 4WB', 'sale', 'available', 0, 395000, 3, 'semi', 0, '{}');
    INSERT INTO staff VALUES ('s1', 'Priya', 'sales', '201', '{}', 1, 1);
    INSERT INTO contact VALUES ('k1', 'Siân', '+447700900123', NULL);
    INSERT INTO viewing VALUES ('v1', 'p1', 'k1', 's1', '2026-11-25T10:00', 30, 'booked', NULL, 'c1', '2026-01-01T10:00:00.000Z');
    INSERT INTO message (id, name, phone, about, taken_at) VALUES ('m1', 'Siân', '+447700900123', 'x', '2026-01-01T10:00:00.000Z');
  `);
  migrate(store, all.slice(0, 9), now);
  db.exec(`
    INSERT INTO on_call_alert (id, call_id, emergency, raised_at, tries, acknowledged_at, acknowledged_by)
      VALUES ('a1', 'c1', 'gas', '2026-01-01T10:00:00.000Z', 2, '2026-01-01T10:05:00.000Z', 'extension 201'),
        ('a2', 'c1', 'fire', '2026-01-01T10:01:00.000Z', 7, NULL, NULL);
  `);
  const before = db.prepare("SELECT * FROM on_call_alert ORDER BY id").all();
  migrate(store, all, now);
  expect(db.prepare("SELECT * FROM on_call_alert ORDER BY id").all()).toEqual(before);
  db.exec("INSERT INTO on_call_alert (id, call_id, emergency, raised_at) VALUES ('a3', 'c1', 'lift', '2026-01-02')");
  expect(() => db.exec("UPDATE on_call_alert SET emergency = 'cat' WHERE id = 'a3'")).toThrow("CHECK");
  expect(() => db.exec("UPDATE on_call_alert SET acknowledged_by = 'x' WHERE id = 'a3'")).toThrow("CHECK");
  expect(() => db.exec("UPDATE on_call_alert SET emergency = 'gas' WHERE id = 'a3'")).toThrow("UNIQUE");
  expect(db.prepare("SELECT id, list FROM property").all()).toEqual([{ id: "p1", list: "listings" }]);
  expect(db.prepare("SELECT id, due FROM message").all()).toEqual([{ id: "m1", due: null }]);
  db.exec("UPDATE viewing SET start = '2026-11-26T10:00'");
  expect(db.prepare("SELECT entry_id, sequence FROM diary_change").all()).toEqual([{ entry_id: "v1", sequence: 1 }]);
  db.exec("DELETE FROM call");
  expect(db.prepare("SELECT * FROM on_call_alert").all()).toEqual([]);
  expect(db.prepare("SELECT call_id FROM viewing").all()).toEqual([{ call_id: null }]);
  expect(db.pragma("foreign_key_check")).toEqual([]);
  expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
});

/** True if the column leads an index or the primary key. */
function isIndexed(table: string, column: string): boolean {
  const { db } = store;
  const indexes = db.prepare<[string], { name: string }>("SELECT name FROM pragma_index_list(?)").all(table);
  return indexes.some(
    ({ name }) =>
      db.prepare<[string], { name: string }>("SELECT name FROM pragma_index_info(?) WHERE seqno = 0").get(name)
        ?.name === column,
  );
}
