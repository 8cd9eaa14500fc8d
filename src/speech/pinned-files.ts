/**
 * Files of an installed model. What is hashed is what is used: a file is read once, its bytes are held against what was
 * installed, and the same bytes go to ONNX Runtime. Whoever changes a file is too late or is found out.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../app-error.ts";

/** SHA-256 in hexadecimal of each file of a model, by name. A file that is not named here does not exist for it. */
export type Digests = Readonly<Record<string, string>>;

/** Of models whose list cannot be believed: none of their files is loaded. `folder`: of all models. */
export const untrusted = (folder: string): { folder: string; digests: Digests } => ({ folder, digests: {} });

/** @throws AppError("model_damaged") for what `untrusted` gives. */
export function refuseUntrusted(folder: string, digests: Digests): void {
  if (Object.keys(digests).length > 0) return;
  throw new AppError(
    "model_damaged",
    `${join(folder, "installed.json")} was changed or cannot be read, and no installed model is loaded: \`gatehouse models ` +
      "list` says which it is, and what to do. Until then speech.whisper.model and speech.voice may name others.",
  );
}

/** @throws AppError("model_missing" | "model_damaged") saying what to do. */
export function readPinned(folder: string, name: string, digests: Digests): Uint8Array {
  refuseUntrusted(folder, digests);
  const path = join(folder, name);
  const expected = Object.hasOwn(digests, name) ? digests[name] : undefined;
  if (expected === undefined)
    throw new AppError("model_missing", `${path} was not installed: it is not loaded. Install the model again.`);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    // It was there when it was installed: damage, and no mistake of whoever wrote the configuration.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("model_damaged", `${path} cannot be read (${reason}): install the model again.`, { cause });
  }
  if (createHash("sha256").update(bytes).digest("hex") === expected) return bytes;
  throw new AppError(
    "model_damaged",
    `${path} is not the file that was installed (its SHA-256 is another): \`gatehouse models verify\` shows what was ` +
      "changed. Install the model again, or choose another with `gatehouse models use`.",
  );
}

/** A graph, and what belongs to it. */
export type PinnedGraph = { graph: Uint8Array; externalData: { path: string; data: Uint8Array }[] };

/** @throws as `readPinned`. */
export function readPinnedGraph(folder: string, name: string, digests: Digests): PinnedGraph {
  const graph = readPinned(folder, name, digests);
  return { graph, externalData: pinnedWeights(folder, graph, digests) };
}

/** The files of weights that a graph names: with the graph itself all that ONNX Runtime may read. @throws as `readPinned`. */
export function pinnedWeights(folder: string, graph: Uint8Array, digests: Digests): PinnedGraph["externalData"] {
  const weights = weightsOf(graph, Object.keys(digests));
  return [...weights.map((path) => ({ path, data: readPinned(folder, path, digests) })), nothingElse];
}

/** Without any table ONNX Runtime looks for what a graph names in the working folder, where nobody has hashed it. */
const nothingElse = { path: "\0", data: new Uint8Array(1) };

/** Weights beside a graph are named in it, as they lie in its folder. Other graphs and tables are none. */
export function weightsOf(graph: Uint8Array, names: readonly string[]): string[] {
  const bytes = Buffer.from(graph.buffer, graph.byteOffset, graph.byteLength);
  return names.filter((name) => !/\.(onnx|json|txt)$/.test(name) && bytes.includes(name));
}
