import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError } from "../../app-error.ts";
import { embeddedFile, embeddedPaths } from "../../embedded/files.ts";
import type { ByteSource } from "../onnx/protobuf.ts";
import { type Digests, readPinned, refuseUntrusted } from "../pinned-files.ts";

/**
 * A folder on disk, or a prefix of embedded paths such as "models/demo-whisper/". `digests`: of an installed model, whose
 * files are used only if they are as they were installed.
 */
export type ModelSource = { folder: string; digests?: Digests } | { embedded: string };
export type Precision = "int8" | "fp32";

/** One file of a model. A graph on disk is opened by path, so that ONNX Runtime finds weights stored beside it. */
export type ModelFile = {
  name: string;
  path: string;
  embedded: boolean;
  pinned?: { folder: string; digests: Digests };
};
export type ModelFiles = { where: string; encoder: ModelFile; decoder: ModelFile; tokens: ModelFile };

/**
 * Finds the files of a Whisper model in the layout of sherpa-onnx: `[NAME-]encoder[.int8].onnx`,
 * `[NAME-]decoder[.int8].onnx`, `[NAME-]tokens.txt`.
 *
 * @param precision Preferred; a graph that exists only in the other one is taken in that.
 * @throws AppError("model_missing") naming the file that is not there, "model_damaged" where no list says which it has.
 */
export function findModelFiles(source: ModelSource, precision: Precision): ModelFiles {
  const { where, names, file } = listing(source);
  const models = new Set(names.flatMap((name) => partsOf(name)?.model ?? []));
  if (models.size === 0) throw missing(where, "encoder.onnx");
  const complete = [...models].filter((model) => roles.every((role) => pick(names, model, role, precision)));
  if (complete.length > 1) {
    throw new AppError(
      "model_missing",
      `${where} holds several Whisper models (${complete.map((model) => model || "without a name").join(", ")}): ` +
        "put the one to use into a folder of its own",
    );
  }
  const model = complete[0] ?? [...models][0] ?? "";
  const found = (role: Role): ModelFile => {
    const name = pick(names, model, role, precision);
    if (name === undefined) throw missing(where, `${model === "" ? "" : `${model}-`}${endings[role]}`);
    return file(name);
  };
  return { where, encoder: found("encoder"), decoder: found("decoder"), tokens: found("tokens") };
}

/**
 * The same decoder exported with its cross-attention, `[NAME-]decoder-attn[.int8].onnx`, if there is one beside it.
 *
 * @param decoder As `findModelFiles` found it.
 */
export function findAttentionDecoder(
  source: ModelSource,
  decoder: ModelFile,
  precision: Precision,
): ModelFile | undefined {
  const { names, file } = listing(source);
  const stem = decoder.name.replace(/(\.int8)?\.onnx$/, "-attn");
  const both = [`${stem}.int8.onnx`, `${stem}.onnx`];
  const name = (precision === "int8" ? both : both.reverse()).find((one) => names.includes(one));
  return name === undefined ? undefined : file(name);
}

/** The whole file. @throws AppError("model_missing") if it cannot be read, "model_damaged" if it was changed. */
export function readModelFile(file: ModelFile): Uint8Array {
  if (file.pinned) return readPinned(file.pinned.folder, file.name, file.pinned.digests);
  return file.embedded ? embeddedFile(file.path) : reading(file, () => readFileSync(file.path));
}

/** Its length. @throws AppError("model_missing") if it cannot be read. */
export const modelFileBytes = (file: ModelFile): number =>
  file.embedded ? embeddedFile(file.path).length : reading(file, () => statSync(file.path).size);

/** Gives `use` the file for reading piece by piece: an encoder may be hundreds of megabytes. */
export function withModelFile<T>(file: ModelFile, use: (source: ByteSource) => T): T {
  if (file.embedded || file.pinned) {
    const all = readModelFile(file);
    return use({ bytes: all.length, read: (offset, length) => all.subarray(offset, offset + length) });
  }
  const handle = reading(file, () => openSync(file.path, "r"));
  try {
    const bytes = reading(file, () => fstatSync(handle).size);
    return use({
      bytes,
      read: (offset, length) => {
        const piece = new Uint8Array(length);
        return piece.subarray(
          0,
          reading(file, () => readSync(handle, piece, 0, length, offset)),
        );
      },
    });
  } finally {
    closeSync(handle);
  }
}

const roles = ["encoder", "decoder", "tokens"] as const;
type Role = (typeof roles)[number];
const endings: Record<Role, string> = { encoder: "encoder.onnx", decoder: "decoder.onnx", tokens: "tokens.txt" };

/** `tiny.en-decoder.int8.onnx` → model "tiny.en", role "decoder", precision "int8". */
function partsOf(name: string): { model: string; role: Role; precision: Precision } | undefined {
  const match = /^(?:(.+)-)?(?:(encoder|decoder)(\.int8)?\.onnx|tokens\.txt)$/.exec(name);
  if (match === null) return undefined;
  const role = match[2] === "encoder" || match[2] === "decoder" ? match[2] : "tokens";
  return { model: match[1] ?? "", role, precision: match[3] === undefined ? "fp32" : "int8" };
}

function pick(names: string[], model: string, role: Role, precision: Precision): string | undefined {
  const fitting = names.filter((name) => {
    const parts = partsOf(name);
    return parts?.model === model && parts.role === role;
  });
  return fitting.find((name) => partsOf(name)?.precision === precision) ?? fitting[0];
}

type Listing = { where: string; names: string[]; file: (name: string) => ModelFile };

function listing(source: ModelSource): Listing {
  if ("embedded" in source) {
    const paths = embeddedPaths(source.embedded);
    return {
      where: `the embedded ${source.embedded}`,
      names: paths.map((path) => basename(path)),
      file: (name) => ({ name, path: `${source.embedded}${name}`, embedded: true }),
    };
  }
  const { folder, digests } = source;
  if (digests !== undefined) {
    refuseUntrusted(folder, digests);
    const pinned = { folder, digests };
    const file = (name: string) => ({ name, path: join(folder, name), embedded: false, pinned });
    return { where: folder, names: Object.keys(digests).sort(), file };
  }
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch (cause) {
    const message = `The Whisper model's folder ${folder} cannot be read (${reasonOf(cause)}): correct speech.whisper.model`;
    throw new AppError("model_missing", message, { cause });
  }
  return { where: folder, names, file: (name) => ({ name, path: join(folder, name), embedded: false }) };
}

function missing(where: string, name: string): AppError {
  const also = name.endsWith(".onnx") ? ` (or ${name.replace(".onnx", ".int8.onnx")})` : "";
  return new AppError(
    "model_missing",
    `${where} has no ${name}${also}: copy it there, or correct speech.whisper.model`,
  );
}

function reading<T>(file: ModelFile, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const message = `${file.path} cannot be read (${reasonOf(cause)}): make it readable, or correct speech.whisper.model`;
    throw new AppError("model_missing", message, { cause });
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
