/** Files that hold a secret which somebody else made: read only where nobody else can read them. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { AppError } from "../app-error.ts";

/**
 * @param what As its owner would call it: "password file".
 * @returns At most so many octets of it.
 * @throws AppError("invalid_config") where it is not there, belongs to a stranger, or others can read it.
 */
export function readSecretFile(file: string, what: string, maxBytes: number): Buffer {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch (error) {
    throw new AppError("invalid_config", `The ${what} ${file} cannot be read.`, { cause: error });
  }
  try {
    const { mode, uid } = fstatSync(fd);
    if ((mode & 0o077) !== 0) {
      throw new AppError("invalid_config", `Others can read the ${what}: chmod 600 ${file}`);
    }
    if (uid !== 0 && uid !== process.getuid?.()) {
      throw new AppError("invalid_config", `The ${what} ${file} belongs to another user: chown it.`);
    }
    const bytes = Buffer.alloc(maxBytes);
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(fd);
  }
}
