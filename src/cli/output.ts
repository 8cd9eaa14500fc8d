/** What a command prints, whole: the process may end as soon as this returns. */
import { writeSync } from "node:fs";
import { AppError } from "../app-error.ts";

const standardOutput = 1;
const napMs = 5;
const nap = new Int32Array(new SharedArrayBuffer(4));

/**
 * Bun's `process.stdout` loses what a pipe has not taken when the process exits, so this writes by itself and waits for
 * a slow reader.
 * @returns False if the reader has gone (`| head -1`): there is nobody to write to any more, and nothing is wrong.
 * @throws AppError("storage_failed") if what was to be written to is full or fails.
 */
export function writeOut(text: string | Uint8Array, fd = standardOutput): boolean {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (cause) {
      const code = cause instanceof Error && "code" in cause ? cause.code : "";
      if (code === "EPIPE") return false;
      if (code !== "EAGAIN") throw new AppError("storage_failed", `The output cannot be written (${code}).`, { cause });
      Atomics.wait(nap, 0, 0, napMs); // a pipe that somebody made non-blocking is full
    }
  }
  return true;
}
