/**
 * The way of a key: key file → key-encryption key (KEK) → wrapped keys. `<data>/keys.json` holds the database's key and
 * two more, each random and wrapped; every call has one of its own, wrapped in its row of the database. A copy of the
 * data folder opens nothing without the key file; another key file only means wrapping anew.
 */
import { createHmac, randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { openDataFolder } from "./data-folder.ts";
import {
  createKeyFile,
  keyBytes,
  readKeyFile,
  reasonOf,
  refuseKeyInside,
  syncFolder,
  writeNewFile,
} from "./key-file.ts";
import { deriveKey, openBox, sealBox } from "./sealed-box.ts";

export const databaseFile = "gatehouse.db";
export const recordingsFolder = "recordings";
const keysFile = "keys.json";

const Wrapped = z.base64();
const KeysFile = z.strictObject({
  version: z.literal(1),
  /** Which key file: its fingerprint, and how often it has been replaced. */
  kek: z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/), version: z.int().min(1) }),
  database: Wrapped,
  audit: Wrapped,
  lookup: Wrapped,
  /** False until the database has been made: from then on, one that is gone is a loss and not a first start. */
  databaseMade: z.boolean(),
});
type KeysFile = z.infer<typeof KeysFile>;

export interface Keys {
  readonly kekId: string;
  /** Whether the database has ever been completed. */
  readonly databaseMade: boolean;
  markDatabaseMade(): void;
  /** SQLCipher's raw key. The caller zeroes it. */
  databaseKey(): Buffer;
  /** A new random key and what to store of it. The caller zeroes `key`. @param context What it is for: "call:<id>". */
  newKey(context: string): { key: Buffer; wrapped: Buffer };
  /** @throws AppError("wrong_key") if it was wrapped by another key, for another context, or was changed. */
  unwrap(context: string, wrapped: Uint8Array): Buffer;
  /** HMAC-SHA-256 under the audit log's key. */
  auditMac(...parts: (string | Uint8Array)[]): Buffer;
  /** HMAC-SHA-256 under a key of its own for each purpose: of lists that lie beside the database. */
  mac(purpose: string, text: string): Buffer;
  /** What stands in the audit log for caller data: same value → same 128 bits, without the key nobody can try values. */
  lookupHash(kind: string, value: string): string;
  /** Zeroes everything. Idempotent; later use throws. */
  close(): void;
}

/**
 * Opens the keys of a data folder; makes both where neither keys nor database exist.
 *
 * @throws AppError "key_missing" if there is a database but not its key (never makes a new one), "wrong_key" if the key
 *   file is not the one of this folder, "invalid_config" if it lies inside or others can read it, "data_unwritable".
 */
export function openKeys(dataDir: string, keyFile: string): Keys {
  openDataFolder(dataDir);
  refuseKeyInside(dataDir, keyFile);
  const path = join(dataDir, keysFile);
  const known = readKeysFile(path);
  if (
    known === undefined &&
    [databaseFile, recordingsFolder, "models"].some((name) => existsSync(join(dataDir, name)))
  ) {
    throw new AppError("key_missing", `${dataDir} holds data but no ${keysFile}: restore it from a backup.`);
  }
  const found = readKeyFile(keyFile);
  if (found === undefined && known !== undefined) {
    throw new AppError(
      "key_missing",
      `${dataDir} was encrypted with the key file ${keyFile}, which is gone: restore it.`,
    );
  }
  const kek = found ?? createKeyFile(keyFile);
  try {
    const file = known ?? createKeysFile(path, kek);
    if (file.kek.id !== fingerprint(kek)) {
      throw new AppError("wrong_key", `${keyFile} is not the key that ${dataDir} was encrypted with.`);
    }
    return keysOf(path, file, deriveKey(kek, "key wrap v1"));
  } finally {
    kek.fill(0);
  }
}

const isRefused = (error: unknown) => error instanceof Error && "code" in error && error.code === "EACCES";

const fingerprint = (kek: Uint8Array) => deriveKey(kek, "key id v1").toString("hex", 0, 8);
const contextOf = (kekId: string, context: string) => `gatehouse key wrap v1|${kekId}|${context}`;

function readKeysFile(path: string): KeysFile | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return KeysFile.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (isRefused(error)) {
      throw new AppError("data_unwritable", `${path} belongs to another user: chown -R the data folder to this one.`, {
        cause: error,
      });
    }
    throw new AppError("wrong_key", `${path} is damaged: restore it from a backup.`, { cause: error });
  }
}

function createKeysFile(path: string, kek: Buffer): KeysFile {
  const wrapKey = deriveKey(kek, "key wrap v1");
  const id = fingerprint(kek);
  const wrappedKey = (context: string) => {
    const key = randomBytes(keyBytes);
    const wrapped = sealBox(wrapKey, contextOf(id, context), key).toString("base64");
    key.fill(0);
    return wrapped;
  };
  const file: KeysFile = {
    version: 1,
    kek: { id, version: 1 },
    database: wrappedKey("database"),
    audit: wrappedKey("audit"),
    lookup: wrappedKey("lookup"),
    databaseMade: false,
  };
  wrapKey.fill(0);
  replaceFile(path, file);
  return file;
}

/** Whole or not at all: written beside its place, then renamed into it. */
function replaceFile(path: string, file: KeysFile): void {
  const beside = `${path}.new`;
  try {
    rmSync(beside, { force: true });
    writeNewFile(beside, Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
    renameSync(beside, path);
    syncFolder(join(path, ".."));
  } catch (error) {
    throw new AppError("data_unwritable", `Cannot write ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function keysOf(path: string, opened: KeysFile, wrapKey: Buffer): Keys {
  let file = opened;
  let closed = false;
  const { id } = file.kek;
  const unwrap = (context: string, wrapped: Uint8Array): Buffer => {
    if (closed) throw new Error("the keys are closed");
    const key = openBox(wrapKey, contextOf(id, context), wrapped);
    if (key?.length === keyBytes) return key;
    throw new AppError("wrong_key", `The key of ${context} does not open: it was changed or is another folder's.`);
  };
  const audit = unwrap("audit", Buffer.from(file.audit, "base64"));
  const lookup = unwrap("lookup", Buffer.from(file.lookup, "base64"));
  unwrap("database", Buffer.from(file.database, "base64")).fill(0);
  return {
    kekId: id,
    get databaseMade() {
      return file.databaseMade;
    },
    markDatabaseMade() {
      if (file.databaseMade) return;
      file = { ...file, databaseMade: true };
      replaceFile(path, file);
    },
    databaseKey: () => unwrap("database", Buffer.from(file.database, "base64")),
    newKey(context) {
      if (closed) throw new Error("the keys are closed");
      const key = randomBytes(keyBytes);
      return { key, wrapped: sealBox(wrapKey, contextOf(id, context), key) };
    },
    unwrap,
    auditMac(...parts) {
      if (closed) throw new Error("the keys are closed");
      const mac = createHmac("sha256", audit);
      for (const part of parts) mac.update(part);
      return mac.digest();
    },
    mac(purpose, text) {
      if (closed) throw new Error("the keys are closed");
      const key = deriveKey(audit, purpose);
      const mac = createHmac("sha256", key).update(text).digest();
      key.fill(0);
      return mac;
    },
    lookupHash(kind, value) {
      if (closed) throw new Error("the keys are closed");
      return createHmac("sha256", lookup).update(`${kind}|${value}`).digest().toString("base64url", 0, 16);
    },
    close() {
      closed = true;
      for (const key of [wrapKey, audit, lookup]) key.fill(0);
    },
  };
}
