/** Takes a model's files from where they are into a folder of their own below the data folder, hashing them on the way. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, readFileSync, statfsSync, statSync } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { AppError } from "../app-error.ts";
import { reasonOf } from "../security/key-file.ts";
import { weightsOf } from "../speech/pinned-files.ts";
import { openArchive } from "./archive/open-archive.ts";
import { isPart } from "./catalogue.ts";

export type StagedFile = { name: string; path: string; bytes: number; sha256: string };
/** `from`: where the folder lay in what was given, "" for its top. */
export type StagedFolder = { from: string; path: string; files: StagedFile[] };

export type Progress = { begin(what: string, bytes: number): void; advance(bytes: number): void; end(): void };

const mostFiles = 2_000;
const mostFolders = 200;
const deepest = 6;
const mostBytes = 16 * 2 ** 30;
/** Left for the database, whatever is installed. */
const spareBytes = 256 * 2 ** 20;

const papers = /^(LICEN[CS]E|COPYING|NOTICE|MODEL_CARD|README)(\.(md|txt))?$/i;
/** Made by scripts/fetch-models: what it fetched, by `sha256sum`. */
export const sumsFile = "SHA256SUMS";
const isWanted = (name: string) =>
  /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/.test(name) && (isPart(name) || papers.test(name) || name === sumsFile);

/**
 * @param given A folder, an archive (.tar, .tar.gz, .tar.bz2), or a Piper .onnx with its .onnx.json beside it.
 * @param into A new folder of ours.
 * @returns The folders that held files of models. What is no part of any is left where it is.
 * @throws AppError("not_found" | "invalid_input"), "data_unwritable" where there is no room: nothing is written then.
 */
export async function stage(given: string, into: string, progress: Progress): Promise<StagedFolder[]> {
  const status = statSync(given, { throwIfNoEntry: false });
  if (status === undefined)
    throw new AppError("not_found", `There is no ${given}: name a folder, an archive or a voice.`);
  const staging = new Staging(into, progress);
  try {
    if (status.isDirectory()) await staging.addFolder(given);
    else if (!status.isFile()) throw new AppError("invalid_input", `${given} is neither a folder nor a file.`);
    else if (given.endsWith(".onnx")) await staging.addVoice(given);
    else await staging.addArchive(given, status.size);
  } finally {
    progress.end();
  }
  return staging.folders;
}

class Staging {
  readonly folders: StagedFolder[] = [];
  readonly #into: string;
  readonly #progress: Progress;
  #bytes = 0;
  #files = 0;

  constructor(into: string, progress: Progress) {
    this.#into = into;
    this.#progress = progress;
  }

  async addFolder(given: string): Promise<void> {
    const found = [...filesBelow(given)];
    await this.#copy(found.map((path) => ({ path, from: relative(given, dirname(path)) })));
  }

  async addVoice(given: string): Promise<void> {
    const settings = `${given}.json`;
    if (!existsSync(settings))
      throw new AppError("not_found", `There is no ${settings}: a Piper voice has both files.`);
    const beside = readdirSync(dirname(given)).filter(isWanted);
    const company = [...weightsOf(readFileSync(given), beside), ...beside.filter((name) => papers.test(name))];
    const paths = [given, settings, ...company.map((name) => join(dirname(given), name))];
    await this.#copy(paths.map((path) => ({ path, from: "" })));
  }

  async addArchive(given: string, bytes: number): Promise<void> {
    requireRoom(this.#into, bytes);
    this.#progress.begin(`unpacking ${basename(given)}`, bytes);
    let unpacked = 0;
    for await (const { path, bytes, content } of openArchive(given, this.#progress.advance)) {
      unpacked += bytes; // also of what is passed over: a few kilobytes unpack to days of it
      if (unpacked > mostBytes) throw tooMuch();
      if (!isWanted(basename(path))) continue;
      requireRoom(this.#into, bytes);
      await this.#take(dirname(path) === "." ? "" : dirname(path), basename(path), bytes, content);
    }
  }

  async #copy(files: readonly { path: string; from: string }[]): Promise<void> {
    const sized = files.map((file) => {
      const status = statSync(file.path);
      if (!status.isFile()) throw new AppError("invalid_input", `${file.path} is no file.`);
      return { ...file, bytes: status.size };
    });
    const total = sized.reduce((sum, { bytes }) => sum + bytes, 0);
    requireRoom(this.#into, total);
    this.#progress.begin("copying", total);
    for (const { path, from, bytes } of sized) {
      await this.#take(from, basename(path), bytes, counted(path, this.#progress));
    }
  }

  async #take(from: string, name: string, bytes: number, content: AsyncIterable<Uint8Array>): Promise<void> {
    this.#bytes += bytes;
    if (++this.#files > mostFiles || this.#bytes > mostBytes) throw tooMuch();
    const folder = await this.#folder(from);
    if (folder.files.some((file) => file.name === name))
      throw new AppError("invalid_input", `${join(from, name)} is in the archive twice: fetch it again.`);
    const path = join(folder.path, name);
    folder.files.push({ name, path, ...(await write(path, exactly(bytes, content, name))) });
  }

  async #folder(from: string): Promise<StagedFolder> {
    const known = this.folders.find((folder) => folder.from === from);
    if (known !== undefined) return known;
    if (this.folders.length >= mostFolders) throw new AppError("invalid_input", "Too many folders for models.");
    const folder = { from, path: join(this.#into, `${this.folders.length}`), files: [] };
    await mkdir(folder.path, { mode: 0o700 });
    this.folders.push(folder);
    return folder;
  }
}

const tooMuch = () => new AppError("invalid_input", "That is more than any model: name the folder of one.");

/** Links to files are followed (caches of downloads are made of them), links to folders are not. */
function* filesBelow(folder: string, depth = 0): Generator<string> {
  if (depth > deepest) return;
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(folder);
  } catch (cause) {
    throw new AppError("not_found", `${folder} cannot be read (${reasonOf(cause)}).`, { cause });
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path, depth + 1);
    else if (isWanted(entry.name) && statSync(path, { throwIfNoEntry: false })?.isFile()) yield path;
  }
}

/** What there is room for, and no more: a file that grows, or a pipe behind a link, has no end. */
async function* exactly(bytes: number, content: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of content) {
    left -= chunk.length;
    if (left < 0) break;
    yield chunk;
  }
  if (left !== 0) throw new AppError("invalid_input", `${name} changed while it was read: install it again.`);
}

const readEntries = (folder: string) => readdirSync(folder, { withFileTypes: true });

async function* counted(path: string, progress: Progress): AsyncGenerator<Uint8Array> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    progress.advance(chunk.length);
    yield chunk;
  }
}

/** On the disk when it returns. */
async function write(path: string, content: AsyncIterable<Uint8Array>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    const file = await open(path, "wx", 0o600);
    try {
      for await (const chunk of content) {
        hash.update(chunk);
        bytes += chunk.length;
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("data_unwritable", `${path} cannot be written: ${reasonOf(cause)}. Nothing was installed.`, {
      cause,
    });
  }
  return { bytes, sha256: hash.digest("hex") };
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;

function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes + spareBytes) return;
  throw new AppError(
    "data_unwritable",
    `${megabytes(bytes + spareBytes)} must be free below ${dirname(folder)}, and ${megabytes(free)} are: make room and ` +
      "install again. Nothing was changed.",
  );
}
