/** The key file: 32 random bytes, mode 0600, outside the data folder. It is the key-encryption key. */
import { randomBytes, randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { AppError } from "../app-error.ts";

export const keyBytes = 32;

/**
 * @throws AppError "invalid_config" if the key would lie inside the data folder, whichever links lead there;
 *   "key_missing" if the way to it is barred.
 */
export function refuseKeyInside(dataDir: string, keyFile: string): void {
  let way: string;
  try {
    way = relative(realPath(dataDir), realPath(keyFile));
  } catch (error) {
    throw new AppError("key_missing", `The key file ${keyFile} cannot be reached: ${reasonOf(error)}`, {
      cause: error,
    });
  }
  if (way !== "" && (way === ".." || way.startsWith("../"))) return;
  throw new AppError(
    "invalid_config",
    `The key file ${keyFile} lies inside the data folder ${dataDir}: a copy of that folder would open itself. ` +
      "Put the key elsewhere, best on another disk.",
  );
}

/** Where a path leads, links followed as far as it exists. */
function realPath(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch (error) {
    const parent = dirname(whole);
    if (!isMissing(error) || parent === whole) throw error;
    return join(realPath(parent), basename(whole));
  }
}

/**
 * @returns The key, for the caller to zero; undefined if there is no such file.
 * @throws AppError "invalid_config" if others may read it or it is no file of ours, "wrong_key" unless it is 32 bytes.
 */
export function readKeyFile(keyFile: string): Buffer | undefined {
  const fd = openIfThere(keyFile);
  if (fd === undefined) return undefined;
  try {
    const status = fstatSync(fd);
    if (!status.isFile()) throw new AppError("invalid_config", `The key file ${keyFile} is not a file.`);
    if ((status.mode & 0o077) !== 0) {
      throw new AppError("invalid_config", `Others can read the key file: chmod 600 ${keyFile}`);
    }
    const uid = process.getuid?.();
    if (uid !== undefined && status.uid !== uid && status.uid !== 0) {
      throw new AppError("invalid_config", `The key file ${keyFile} belongs to another user: chown it.`);
    }
    const key = Buffer.alloc(keyBytes + 1);
    const length = readSync(fd, key, 0, key.length, 0);
    if (length === keyBytes) return key.subarray(0, keyBytes);
    key.fill(0);
    throw new AppError("wrong_key", `The key file ${keyFile} must be exactly 32 bytes: restore it from its copy.`);
  } finally {
    closeSync(fd);
  }
}

function openIfThere(keyFile: string): number | undefined {
  try {
    return openSync(keyFile, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe in its place would wait for ever
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new AppError("key_missing", `The key file ${keyFile} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * Makes a new key: whole or not at all, whenever we are killed, and never over an existing file.
 * @throws AppError("data_unwritable").
 */
export function createKeyFile(keyFile: string): Buffer {
  const key = randomBytes(keyBytes);
  const beside = `${keyFile}.${randomUUID()}`;
  try {
    mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
    try {
      writeNewFile(beside, key);
      linkSync(beside, keyFile); // unlike a rename, it fails if the name is taken
    } finally {
      rmSync(beside, { force: true });
    }
    syncFolder(dirname(keyFile));
  } catch (error) {
    throw new AppError("data_unwritable", `Cannot make the key file ${keyFile}: ${reasonOf(error)}`, { cause: error });
  }
  return key;
}

/** Writes a file of mode 0600 that was not there, and its folder's entry, to the disk. */
export function writeNewFile(path: string, content: Uint8Array): void {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    fchmodSync(fd, 0o600); // whatever the umask
    for (let at = 0; at < content.length; ) at += writeSync(fd, content, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  syncFolder(dirname(path));
}

/** A new or renamed file survives a power cut only once its folder has been written. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";
export const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
