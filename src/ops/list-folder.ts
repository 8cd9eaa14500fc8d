/** A folder into which the agency's software puts its list of homes: looked at again and again, each list read once. */
import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FileSeen, handled, look, newWatch, unhandled, type Watch } from "../agency/listings/folder.ts";
import type { ImportReport } from "../agency/listings/import-listings.ts";
import { AppError } from "../app-error.ts";
import type { Log } from "../log.ts";
import type { ImportedLists } from "../store/imported-lists.ts";

export type ListFolderParts = {
  folder: string;
  everyMs: number;
  /** As of now: it is a file, and may be mended while the appliance runs. */
  mapping(): Promise<string | undefined>;
  importList(list: { bytes: Uint8Array; digest: string; mapping: string | undefined }): ImportReport;
  digestOf(bytes: Uint8Array): string;
  lists: ImportedLists;
  clock(): Date;
  schedule(afterMs: number, fire: () => void): () => void;
  log: Log;
};

/** Nobody's list of homes is larger. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Looks at once and then every so often, until closed. Files are waited for, never stood still for: the folder may be a
 * share of the office network that does not answer.
 */
export function watchListFolder(parts: ListFolderParts): { close(): void } {
  const { folder, everyMs, schedule, log } = parts;
  let watch: Watch = newWatch();
  let works = true;
  let closed = false;
  let cancel: () => void = () => undefined;
  const isClosed = () => closed;
  const again = async () => {
    try {
      const looked = look(watch, await filesIn(folder));
      watch = looked.watch;
      let failed: { names: string[]; error: unknown } | undefined;
      for (const name of looked.ready) {
        watch = unhandled(watch, name);
        try {
          if (!(await take(parts, name, isClosed))) return;
        } catch (error) {
          failed = { names: [...(failed?.names ?? []), name], error };
          continue;
        }
        // The newest list counts: an older one that could not be read is not to come after it.
        for (const each of [...(failed?.names ?? []), name]) watch = handled(watch, each);
      }
      if (failed !== undefined) throw failed.error;
      if (!works) log.info("lists of homes can be read again");
      works = true;
    } catch (error) {
      if (works) log.error("lists of homes cannot be read: see import in the configuration", error);
      works = false; // said once: a share comes and goes
    }
    if (!closed) cancel = schedule(everyMs, () => void again());
  };
  void again();
  return {
    close() {
      closed = true;
      cancel();
    },
  };
}

/** Files of its own only: a link could name any file of the machine. */
async function filesIn(folder: string): Promise<FileSeen[]> {
  const files: FileSeen[] = [];
  for (const name of await readdir(folder)) {
    const found = await lstat(join(folder, name)).catch(() => undefined); // gone meanwhile
    if (found?.isFile()) files.push({ name, bytes: found.size, changedMs: found.mtimeMs });
  }
  return files;
}

/**
 * What is refused is remembered, too, until the file changes.
 * @returns False if the appliance closed meanwhile. @throws if it is to be tried again: it could not be read or kept.
 */
async function take(parts: ListFolderParts, name: string, isClosed: () => boolean): Promise<boolean> {
  const { folder, lists, log, digestOf } = parts;
  const path = join(folder, name);
  const { size } = await lstat(path);
  const bytes = size > mostBytes ? new Uint8Array() : await readFile(path);
  const mapping = await parts.mapping();
  if (isClosed()) return false;
  const digest = digestOf(bytes);
  // By another mapping the same list says something else.
  const read = mapping === undefined ? digest : digestOf(Buffer.concat([bytes, Buffer.from(mapping)]));
  if (lists.of(name)?.digest === read) return true;
  const entry = { file: name, digest: read, at: parts.clock().toISOString() };
  try {
    if (size > mostBytes) throw new AppError("invalid_input", `The list is larger than ${mostBytes} bytes.`);
    const report = parts.importList({ bytes, digest, mapping });
    lists.put({ ...entry, report, problem: null });
  } catch (error) {
    const isRefused = error instanceof AppError && (error.code === "invalid_input" || error.code === "conflict");
    if (!isRefused) throw error;
    log.warn("a list of homes was refused: gatehouse status says why", { code: error.code });
    lists.put({ ...entry, report: null, problem: error.message });
  }
  return true;
}
