import { Database as PlainSqlite } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createDecipheriv, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../src/app-error.ts";
import { extractNatives, sqliteBinding } from "../../src/embedded/natives.ts";
import { type OpenOptions, openDatabase } from "../../src/store/connection.ts";
import { isFirstPageUnder, pageBytes, reservedBytes, saltBytes } from "../../src/store/sqlcipher-page.ts";

let folder: string;
let path: string;
const key = randomBytes(32);
const needle = "Wilhelmina Postlethwaite";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-connection-"));
  path = join(folder, "gatehouse.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (over: Partial<OpenOptions> = {}) =>
  openDatabase({ path, key, mayCreate: true, nativeBinding: sqliteBinding(extractNatives(folder)), ...over });

/** A database with 200 rows that hold the needle, closed. */
function filled(): void {
  const store = open();
  store.db.exec("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT");
  const add = store.db.prepare("INSERT INTO person (name) VALUES (?)");
  store.withTransaction(() => {
    for (let i = 0; i < 200; i++) add.run(`${needle} ${i} ${"x".repeat(100)}`);
  });
  store.close();
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${error}`;
  }
  return "nothing thrown";
}

describe("openDatabase", () => {
  test("a new database is encrypted, in WAL mode, synchronous FULL, with foreign keys, mode 0600", () => {
    const { db, close } = open();
    const value = (name: string) => db.pragma(name, { simple: true });

    expect(value("journal_mode")).toBe("wal");
    expect(value("synchronous")).toBe(2);
    expect(value("foreign_keys")).toBe(1);
    expect(value("temp_store")).toBe(2);
    expect(value("secure_delete")).toBe(1);
    expect(value("mmap_size")).toBe(0);
    expect(isFirstPageUnder(readFileSync(path).subarray(0, pageBytes), key)).toBe(true);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    close();
  });

  test("opens what it wrote", () => {
    filled();
    const { db, close } = open({ mayCreate: false });
    expect(db.prepare<[], { n: number }>("SELECT count(*) AS n FROM person").get()?.n).toBe(200);
    close();
  });

  test("a wrong key is refused and harms nothing, also while the log still has commits", () => {
    filled();
    const store = open();
    store.db.prepare("INSERT INTO person (name) VALUES ('in the log')").run();
    const copy = join(folder, "copy.db"); // as a killed process leaves it
    writeFileSync(copy, readFileSync(path));
    writeFileSync(`${copy}-wal`, readFileSync(`${path}-wal`));
    store.close();
    const before = [readFileSync(copy), readFileSync(`${copy}-wal`)];

    expect(codeOf(() => open({ path: copy, key: randomBytes(32) }))).toBe("wrong_key");

    expect([readFileSync(copy), readFileSync(`${copy}-wal`)]).toEqual(before);
    const recovered = open({ path: copy });
    expect(recovered.db.prepare("SELECT count(*) AS n FROM person").get()).toEqual({ n: 201 });
    recovered.close();
  });

  test("a key of another length is refused", () => {
    expect(codeOf(() => open({ key: randomBytes(16) }))).toBe("wrong_key");
  });

  test("a plaintext database is refused and left as it is", () => {
    const plain = new PlainSqlite(path, { create: true });
    plain.run("CREATE TABLE t (a TEXT)");
    plain.close();
    const before = readFileSync(path);

    expect(codeOf(open)).toBe("not_encrypted");
    expect(readFileSync(path)).toEqual(before);
  });

  test("a database that is gone is not replaced by an empty one", () => {
    expect(codeOf(() => open({ mayCreate: false }))).toBe("database_damaged");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("a truncated database is refused: by a page, in the middle of one, to less than one", () => {
    filled();
    const whole = readFileSync(path);
    for (const size of [whole.length - pageBytes, whole.length - 100, pageBytes * 2, 100, 0]) {
      writeFileSync(path, whole);
      truncateSync(path, size);
      expect([size, codeOf(() => open({ mayCreate: false }))]).toEqual([size, "database_damaged"]);
    }
  });

  test("one changed bit in any page is found at start", () => {
    filled();
    const whole = readFileSync(path);
    for (let page = 0; page < whole.length / pageBytes; page++) {
      const bent = Buffer.from(whole);
      const at = page * pageBytes + 1234;
      bent.writeUInt8(bent.readUInt8(at) ^ 0x10, at);
      writeFileSync(path, bent);
      expect(["database_damaged", "wrong_key"]).toContain(codeOf(open));
    }
  });

  test("page 1 torn by a power cut in the middle of a checkpoint: the log heals it", () => {
    filled();
    const store = open();
    store.db.exec("CREATE TABLE another (a TEXT) STRICT"); // changes page 1
    const copy = join(folder, "copy.db");
    writeFileSync(copy, readFileSync(path).fill(0, 2000, 3000));
    writeFileSync(`${copy}-wal`, readFileSync(`${path}-wal`));
    store.close();

    const healed = open({ path: copy });
    expect(healed.db.prepare("SELECT count(*) AS n FROM person").get()).toEqual({ n: 200 });
    expect(healed.db.prepare("SELECT count(*) AS n FROM another").get()).toEqual({ n: 0 });
    healed.close();
  });

  test("a pipe in the place of the database is refused, not waited for", () => {
    Bun.spawnSync(["mkfifo", path]);
    expect(codeOf(open)).toBe("database_damaged");
  });

  test("a second connection is kept out", () => {
    const first = open();
    expect(codeOf(open)).toBe("already_running");
    first.close();
    open().close();
  });

  /** The system's locks belong to a process: only another one can see whether they hold. */
  function openElsewhere(): string {
    const script = join(import.meta.dir, "second-process.ts");
    const command = [process.execPath, script, folder, path, key.toString("hex")];
    return Bun.spawnSync(command).stdout.toString().trim();
  }

  test.each(["new", "existing"])("a second process is kept out of a database that was %s", (which) => {
    if (which === "existing") filled();
    const first = open();
    expect(openElsewhere()).toBe("already_running");
    first.db.exec("CREATE TABLE after (n INTEGER) STRICT");
    expect(openElsewhere()).toBe("already_running");
    first.close();
    expect(openElsewhere()).toBe("opened");
  });

  test("neither the file nor its log holds a needle, in UTF-8 or UTF-16", () => {
    const store = open();
    store.db.exec("CREATE TABLE person (name TEXT NOT NULL) STRICT");
    store.db.prepare("INSERT INTO person VALUES (?)").run(needle);
    const log = readFileSync(`${path}-wal`);
    expect(log.length).toBeGreaterThan(pageBytes);
    for (const bytes of [log, readFileSync(path)]) {
      expect(bytes.includes(needle)).toBe(false);
      expect(bytes.includes(Buffer.from(needle, "utf16le"))).toBe(false);
      expect(bytes.includes("CREATE TABLE")).toBe(false);
    }
    store.close();
  });

  test("the file is SQLCipher 4's: decrypted here by its published format, plain SQLite reads it", () => {
    filled();
    const image = decrypted(readFileSync(path));
    const plain = PlainSqlite.deserialize(image);
    expect(plain.query("SELECT count(*) AS n FROM person WHERE name LIKE ?").get(`${needle}%`)).toEqual({ n: 200 });
    plain.close();
  });
});

/** AES-256-CBC, the IV after the ciphertext of each page; the salt takes the place of SQLite's magic. */
function decrypted(file: Buffer): Buffer {
  const pages: Buffer[] = [];
  for (let at = 0; at < file.length; at += pageBytes) {
    const page = file.subarray(at, at + pageBytes);
    const from = at === 0 ? saltBytes : 0;
    const until = pageBytes - reservedBytes;
    const cipher = createDecipheriv("aes-256-cbc", key, page.subarray(until, until + 16)).setAutoPadding(false);
    const clear = Buffer.concat([cipher.update(page.subarray(from, until)), cipher.final()]);
    const head = at === 0 ? Buffer.from("SQLite format 3\0", "latin1") : Buffer.alloc(0);
    pages.push(Buffer.concat([head, clear, Buffer.alloc(reservedBytes)]));
  }
  const image = Buffer.concat(pages);
  image.fill(1, 18, 20); // an image in memory has no log: journal mode "rollback"
  return image;
}

describe("withTransaction", () => {
  test("commits, joins an outer one, undoes everything if the work throws", () => {
    const store = open();
    store.db.exec("CREATE TABLE t (a INTEGER) STRICT");
    const add = store.db.prepare("INSERT INTO t VALUES (?)");
    const count = () => store.db.prepare<[], { n: number }>("SELECT count(*) AS n FROM t").get()?.n;

    expect(store.withTransaction(() => store.withTransaction(() => add.run(1).changes))).toBe(1);
    expect(count()).toBe(1);
    expect(() =>
      store.withTransaction(() => {
        store.withTransaction(() => add.run(2));
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(count()).toBe(1);
    store.close();
  });

  test("refuses work that waits", () => {
    const store = open();
    expect(() => store.withTransaction(async () => 1)).toThrow("must be synchronous");
    expect(store.db.inTransaction).toBe(false);
    store.close();
  });

  test("a full disk is storage_failed; what was committed before stays and the next one that fits goes in", () => {
    const store = open();
    store.db.exec("CREATE TABLE t (a TEXT) STRICT; INSERT INTO t VALUES ('before')");
    const add = store.db.prepare("INSERT INTO t VALUES (?)");
    store.db.pragma(`max_page_count=${Number(store.db.pragma("page_count", { simple: true })) + 2}`);

    expect(codeOf(() => store.withTransaction(() => add.run("x".repeat(100_000))))).toBe("storage_failed");
    expect(store.db.inTransaction).toBe(false);
    store.withTransaction(() => add.run("after"));
    expect(store.db.prepare("SELECT a FROM t").all()).toEqual([{ a: "before" }, { a: "after" }]);
    store.close();
  });
});
