import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError } from "../app-error.ts";
import { embeddedFile } from "./files.ts";
import { embeddedTable } from "./table.ts";

/** Under these the build stores the native libraries, and under these names they must lie side by side to be loaded. */
const prefix = "native/";
const onnxFile = "onnxruntime_binding.node";
const sqliteFile = "sqlite3mc.node"; // Bun refuses to load anything called better_sqlite3.node

/** Where the build's version of onnxruntime-node looks for its binding (scripts/lib/rewrites.ts). */
const onnxBindingKey = Symbol.for("gatehouse.onnxruntime-binding");

const nodeModules = join(import.meta.dir, "../../node_modules");
const loaded = new Map<string, object>();

/**
 * Puts the native libraries where the system's loader can read them: `<dataDir>/native/<sha256>/`, folders 0700, files
 * 0600, each written beside its place and renamed into it. What is there already is used only if its hash is right.
 * From source there is nothing to do: node_modules/ has them.
 *
 * @returns The folder, for `loadOnnxRuntime` and `sqliteBinding` in this process, its Workers and its children.
 * @throws AppError("data_unwritable") if they cannot be written or the folder belongs to somebody else.
 */
export function extractNatives(dataDir: string): string {
  return extract(dataDir, () => true);
}

/** The database's alone, a fiftieth of them all: enough to let people in. Otherwise as `extractNatives`. */
export function extractSqlite(dataDir: string): string {
  return extract(dataDir, (name) => name === sqliteFile);
}

/** ONNX Runtime's alone, for a command that hears or speaks and touches no database. */
export function extractOnnxRuntime(dataDir: string): string {
  return extract(dataDir, (name) => name !== sqliteFile);
}

/** As `extractNatives`, but what is there already is hashed beside the main thread, which goes on serving. */
export async function extractNativesBeside(dataDir: string): Promise<string> {
  const right = new Set<string>();
  for (const { name, target, sha256 } of nativesIn(dataDir)) {
    if ((await hashBeside(target)) === sha256) right.add(name);
  }
  return extract(dataDir, (name) => !right.has(name));
}

function extract(dataDir: string, isWanted: (name: string) => boolean): string {
  if (embeddedTable === undefined) return nodeModules;
  const folder = folderOf(dataDir);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 }); // may well be a link, made by whoever owns it
    for (const part of [join(dataDir, "native"), folder]) ownFolder(part);
    for (const { name, path, target, sha256 } of nativesIn(dataDir)) {
      if (isWanted(name) && hashOf(target) !== sha256) writeWhole(target, embeddedFile(path));
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      "data_unwritable",
      `Cannot write the native libraries to ${folder}: ${reason}. Make the data folder writable, or name another.`,
      { cause },
    );
  }
  return folder;
}

const embeddedNatives = () => Object.entries(embeddedTable ?? {}).filter(([path]) => path.startsWith(prefix));

/** Named after what it holds: two versions of the program never share one. */
function folderOf(dataDir: string): string {
  const identity = createHash("sha256");
  for (const [path, { sha256 }] of embeddedNatives()) identity.update(`${path} ${sha256}\n`);
  return join(dataDir, "native", identity.digest("hex"));
}

function nativesIn(dataDir: string) {
  const folder = folderOf(dataDir);
  return embeddedNatives().map(([path, { sha256 }]) => {
    const name = path.slice(prefix.length);
    return { path, name, target: join(folder, name), sha256 };
  });
}

/**
 * Removes the libraries that other versions of the program left beside ours (50 MB each). Only for the process that
 * holds the database: before that, another version may be running on this folder and need its own.
 *
 * @param nativeDir What `extractNatives` returned.
 */
export function removeOtherNatives(nativeDir: string): void {
  if (embeddedTable === undefined) return;
  const all = dirname(nativeDir);
  for (const name of readdirSync(all)) {
    if (/^[0-9a-f]{64}$/.test(name) && name !== basename(nativeDir)) rmSync(join(all, name), { recursive: true });
  }
}

/**
 * ONNX Runtime, in whichever thread or process asks.
 *
 * @param nativeDir What `extractNatives` returned.
 */
export async function loadOnnxRuntime(nativeDir: string): Promise<typeof import("onnxruntime-node")> {
  if (embeddedTable !== undefined) Reflect.set(globalThis, onnxBindingKey, loadAddon(join(nativeDir, onnxFile)));
  return await import("onnxruntime-node");
}

/** The addon for the `nativeBinding` option of better-sqlite3-multiple-ciphers; without it the package looks in vain. */
export function sqliteBinding(nativeDir: string): object {
  const fromSource = `better-sqlite3-multiple-ciphers/prebuilds/linux-${process.arch}.node`;
  return loadAddon(join(nativeDir, embeddedTable === undefined ? fromSource : sqliteFile));
}

function loadAddon(path: string): object {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const module: { exports: object } = { exports: {} };
  try {
    process.dlopen(module, path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = /failed to map segment|Operation not permitted/.test(reason) ? " (is it mounted noexec?)" : "";
    throw new AppError("unsupported_platform", `Cannot load ${path}${hint}: ${reason}`, { cause });
  }
  loaded.set(path, module.exports);
  return module.exports;
}

/** Makes `path` if need be. A link or another user's folder in its place could be made to hold other code. */
function ownFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 }); // `recursive`: no complaint if it is there
  const status = lstatSync(path);
  const uid = process.getuid?.();
  if (!status.isDirectory() || (uid !== undefined && status.uid !== uid)) {
    throw new AppError("data_unwritable", `${path} must be a folder of the user that runs gatehouse: remove it`);
  }
}

function hashOf(path: string): string | undefined {
  if (!isFile(path)) return undefined;
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

async function hashBeside(path: string): Promise<string | undefined> {
  try {
    if (!isFile(path)) return undefined;
    return Buffer.from(await crypto.subtle.digest("SHA-256", await readFile(path))).toString("hex");
  } catch {
    return undefined; // cannot be read: it is looked at again, and refused, with the rest
  }
}

const isFile = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** Another process may be doing the same: the name is ours alone, and a rename shows either the whole file or none. */
function writeWhole(path: string, content: Uint8Array): void {
  const beside = `${path}.${process.pid}.${crypto.randomUUID()}`;
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = openSync(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    try {
      fchmodSync(file, 0o600); // whatever the umask
      for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
