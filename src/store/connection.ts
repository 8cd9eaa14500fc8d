/**
 * The one way to the database: opens it encrypted, and proves that it is before anybody writes to it.
 * `locking_mode=EXCLUSIVE` keeps the index of the write-ahead log in memory and every other process out: two
 * appliances can never run on one folder.
 */
import { chmodSync, closeSync, constants, existsSync, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite, { type Database } from "better-sqlite3-multiple-ciphers";
import { AppError } from "../app-error.ts";
import { reasonOf, syncFolder } from "../security/key-file.ts";
import { firstPagesInLog, isFirstPageUnder, isPlaintextDatabase, pageBytes } from "./sqlcipher-page.ts";

export type { Database };

export interface Store {
  readonly db: Database;
  readonly path: string;
  /**
   * Runs `work` in one transaction that has the write lock from its first statement; inside another one it joins it.
   * Committed to the disk when this returns, undone if `work` throws.
   * @throws AppError("storage_failed") if the disk is full or fails, "database_damaged" if the file is.
   */
  withTransaction<T>(work: () => T): T;
  /** Empties the write-ahead log into the file and closes. Idempotent. */
  close(): void;
}

export type OpenOptions = {
  path: string;
  /** 32 bytes; not kept. */
  key: Uint8Array;
  /** From `sqliteBinding(nativeDir)`. */
  nativeBinding: object;
  /** False: a file that is not there is an error, as a lost database must not be replaced by an empty one. */
  mayCreate: boolean;
};

/** Up to this size every page is checked at start; above it that is left to `doctor`. About 0.2 s. */
const checkedAtStartBytes = 64 * 1024 * 1024;

/**
 * Opens the database, or creates it.
 *
 * @throws AppError "not_encrypted" | "wrong_key" | "database_damaged" | "already_running" | "data_unwritable".
 */
export function openDatabase(options: OpenOptions): Store {
  const { path, key } = options;
  if (key.length !== 32) throw new AppError("wrong_key", "The database key must be 32 bytes.");
  const existed = existsSync(path);
  if (!existed && !options.mayCreate) {
    throw new AppError("database_damaged", `${path} is gone although this folder had a database: restore a backup.`);
  }
  if (existed) refuseUnlessOurs(options);
  const db = connect(options);
  // POSIX drops a process's locks on a file as soon as it closes any descriptor of it (fcntl(2)): ours stays open for
  // as long as SQLite believes in its lock.
  const fd = openToRead(path);
  const close = () => {
    db.close();
    closeSync(fd);
  };
  try {
    unlock(db, key);
    configure(db, path);
    proveEncrypted(db, path, fd, key);
    if (existed) refuseDamaged(db, path, fd);
    else syncFolder(dirname(path));
  } catch (error) {
    close();
    throw asAppError(error, path);
  }
  return storeOf(db, path, close);
}

function connect({ path, nativeBinding }: OpenOptions): Database {
  try {
    const db = new Sqlite(path, { nativeBinding, timeout: 250 });
    chmodSync(path, 0o600); // SQLite gives the log files the mode of the database
    return db;
  } catch (error) {
    throw asAppError(error, path);
  }
}

/** The key goes in as bytes, never as SQL text that would stay in memory as a string. */
function unlock(db: Database, key: Uint8Array): void {
  db.pragma("cipher='sqlcipher'");
  db.pragma("legacy=4");
  const tagged = Buffer.concat([Buffer.from("raw:", "latin1"), key]);
  try {
    db.key(tagged);
  } finally {
    tagged.fill(0);
  }
  db.pragma("locking_mode=EXCLUSIVE");
  db.prepare("SELECT count(*) FROM sqlite_schema").get();
}

function configure(db: Database, path: string): void {
  const mode = db.pragma("journal_mode=WAL", { simple: true });
  if (mode !== "wal") throw new AppError("data_unwritable", `${path} cannot have a write-ahead log (mode ${mode}).`);
  db.pragma("synchronous=FULL");
  db.pragma("foreign_keys=ON");
  db.pragma("temp_store=MEMORY");
  db.pragma("secure_delete=ON");
  db.pragma("mmap_size=0");
  db.pragma("cell_size_check=ON");
  db.pragma("trusted_schema=OFF");
}

/** What is on the disk now, judged without the library: its first page must be SQLCipher's under our key. */
function proveEncrypted(db: Database, path: string, fd: number, key: Uint8Array): void {
  if (db.pragma("page_count", { simple: true }) === 0) db.exec("PRAGMA user_version=0; VACUUM");
  db.pragma("wal_checkpoint(TRUNCATE)");
  const page = headOf(fd);
  if (isPlaintextDatabase(page)) {
    throw new AppError("not_encrypted", `${path} was written unencrypted: the cipher is not active. Nothing was kept.`);
  }
  if (!isFirstPageUnder(page, key)) {
    throw new AppError("not_encrypted", `${path} is not in SQLCipher 4 format under the key it was opened with.`);
  }
  const wrong = Uint8Array.from(key, (byte, index) => (index === 0 ? byte ^ 1 : byte));
  if (isFirstPageUnder(page, wrong)) throw new AppError("not_encrypted", `${path} would open under a wrong key.`);
  wrong.fill(0);
}

/**
 * Judged before SQLite sees the file: closing a connection that was given a wrong key would still write the log back
 * into the file, through that key, and destroy it.
 */
function refuseUnlessOurs({ path, key, mayCreate }: OpenOptions): void {
  const page = readHead(path);
  if (isPlaintextDatabase(page)) {
    throw new AppError(
      "not_encrypted",
      `${path} is not encrypted, so it is not ours. Move it away, or restore a backup of the encrypted one.`,
    );
  }
  if (page.length === 0 && mayCreate) return; // we died between making the file and writing it
  if (page.length < pageBytes) throw damaged(path, "it is shorter than one page");
  if (isFirstPageUnder(page, key)) return;
  const log = existsSync(`${path}-wal`) ? readFileSync(`${path}-wal`) : new Uint8Array();
  if (firstPagesInLog(log).some((image) => isFirstPageUnder(image, key))) return;
  throw new AppError("wrong_key", `The key does not open ${path}, or its first page is damaged.`);
}

function refuseDamaged(db: Database, path: string, fd: number): void {
  const expected = Number(db.pragma("page_count", { simple: true })) * pageBytes;
  const { size } = fstatSync(fd);
  if (size < expected) throw damaged(path, `${expected - size} bytes are missing at its end`);
  if (size > checkedAtStartBytes) return;
  const found = db.pragma("quick_check(1)", { simple: true });
  if (found !== "ok") throw damaged(path, String(found));
}

const damaged = (path: string, why: string, cause?: unknown) =>
  new AppError("database_damaged", `${path} is damaged (${why}): restore a backup.`, { cause });

/** Only while SQLite does not have the file open: see `openDatabase`. */
function readHead(path: string): Buffer {
  const fd = openToRead(path);
  try {
    if (!fstatSync(fd).isFile()) throw damaged(path, "it is no file");
    return headOf(fd);
  } finally {
    closeSync(fd);
  }
}

function openToRead(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe in its place would wait for ever
  } catch (cause) {
    throw new AppError("data_unwritable", `${path} cannot be read: ${reasonOf(cause)}. Check its owner and mode.`, {
      cause,
    });
  }
}

function headOf(fd: number): Buffer {
  const head = Buffer.alloc(pageBytes);
  return head.subarray(0, readSync(fd, head, 0, pageBytes, 0));
}

/** A store over a connection that is open already. */
export function storeOf(db: Database, path: string, close: () => void): Store {
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  const rollback = db.prepare("ROLLBACK");
  return {
    db,
    path,
    withTransaction(work) {
      if (db.inTransaction) return work();
      try {
        begin.run();
        const result = work();
        if (result instanceof Promise) throw new Error("a transaction cannot wait: its work must be synchronous");
        commit.run();
        return result;
      } catch (error) {
        if (db.inTransaction) rollback.run(); // a full disk may already have rolled back
        throw asAppError(error, path);
      }
    },
    close() {
      if (!db.open) return;
      try {
        db.pragma("wal_checkpoint(TRUNCATE)");
      } finally {
        close();
      }
    },
  };
}

export function codeOf(error: unknown): string {
  return error instanceof Sqlite.SqliteError ? error.code : "";
}

/** SQLite's failures as ours; anything else is left as it is. */
export function asAppError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === "") return error;
  if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT")) return damaged(path, code, error);
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return new AppError("already_running", `Another process has ${path} open: stop it first.`, { cause: error });
  }
  if (/^SQLITE_(CANTOPEN|READONLY|PERM)/.test(code)) {
    return new AppError("data_unwritable", `${path} cannot be written (${code}): check its owner and mode.`, {
      cause: error,
    });
  }
  if (/^SQLITE_(FULL|IOERR|NOMEM)/.test(code)) {
    return new AppError("storage_failed", `${path} cannot be written (${code}): is the disk full?`, { cause: error });
  }
  return error;
}
