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
