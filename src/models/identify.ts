/** Which models lie in a folder, which of their files are needed, and whether they are ones that are published. */
import { readFileSync } from "node:fs";
import { AppError } from "../app-error.ts";
import { weightsOf } from "../speech/pinned-files.ts";
import { findAttentionDecoder, findModelFiles, type Precision } from "../speech/whisper/model-files.ts";
import { type Catalogue, isPart, type PublishedModel } from "./catalogue.ts";
import { type StagedFile, type StagedFolder, sumsFile } from "./staging.ts";

export type Wanted = Precision | "both";

export type Candidate = {
  kind: "whisper" | "piper";
  /** By its files' names. */
  ownName: string;
  files: StagedFile[];
  /** What its graphs can be loaded in; "fp32" alone for a voice. */
  precisions: Precision[];
};

/**
 * @throws AppError("model_missing") for a model of which a file is not there, "model_damaged" where a list of sums beside
 *   the files has others.
 */
export function candidatesIn(folder: StagedFolder, wanted: Wanted, fallbackName: string): Candidate[] {
  checkSums(folder);
  const names = folder.files.map(({ name }) => name);
  const isWhisper = names.some((name) => /(^|-)encoder(\.int8)?\.onnx$/.test(name));
  const voices = names.filter((name) => names.includes(`${name}.json`) && name.endsWith(".onnx"));
  return [
    ...(isWhisper ? [whisperIn(folder, wanted, fallbackName)] : []),
    ...voices.map((name) => ({
      kind: "piper" as const,
      ownName: name.slice(0, -".onnx".length),
      files: withCompany(folder, [name, `${name}.json`]),
      precisions: ["fp32" as const],
    })),
  ];
}

function whisperIn(folder: StagedFolder, wanted: Wanted, fallbackName: string): Candidate {
  const source = { folder: folder.path };
  const precisions: Precision[] = wanted === "both" ? ["int8", "fp32"] : [wanted];
  const found = precisions.map((precision) => {
    const files = findModelFiles(source, precision);
    const attention = findAttentionDecoder(source, files.decoder, precision);
    return { precision, encoder: files.encoder.name, names: [files.encoder, files.decoder, files.tokens, attention] };
  });
  const names = new Set(found.flatMap(({ names }) => names.flatMap((file) => (file === undefined ? [] : [file.name]))));
  const prefix = /^(?:(.+)-)?encoder(\.int8)?\.onnx$/.exec(found[0]?.encoder ?? "")?.[1] ?? fallbackName;
  return {
    kind: "whisper",
    ownName: prefix.startsWith("whisper") ? prefix : `whisper-${prefix}`,
    files: withCompany(folder, [...names]),
    precisions: [...new Set(found.map(({ encoder }) => (encoder.includes(".int8.") ? "int8" : "fp32")))] as Precision[],
  };
}

/** With the weights that the graphs name, and the papers. */
function withCompany({ files }: StagedFolder, names: readonly string[]): StagedFile[] {
  const weights = files.map(({ name }) => name).filter((name) => /\.(weights|data|onnx_data)$/.test(name));
  const graphs = weights.length === 0 ? [] : files.filter(({ name }) => names.includes(name) && name.endsWith(".onnx"));
  const needed = new Set([...names, ...graphs.flatMap(({ path }) => weightsOf(readFileSync(path), weights))]);
  return files.filter(({ name }) => needed.has(name) || (!isPart(name) && name !== sumsFile));
}

/** As `sha256sum` writes them: what was copied by hand, by USB, is what was fetched. */
function checkSums({ from, files }: StagedFolder): void {
  const sums = files.find(({ name }) => name === sumsFile);
  if (sums === undefined) return;
  for (const line of readFileSync(sums.path, "utf8").split("\n")) {
    const [, sha256, name] = /^([0-9a-f]{64})[ ][ *](.+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const file = files.find((one) => one.name === name);
    if (file?.sha256 === sha256) continue;
    const what = file === undefined ? "is not there" : "is not what was fetched: it was damaged on the way";
    throw new AppError("model_damaged", `${[from, name].filter(Boolean).join("/")} ${what}. Copy it again.`);
  }
}

/** @returns The published model that this is, every file of it whose digest is known being right. */
export function publishedAs({ kind, files }: Candidate, { models }: Catalogue): PublishedModel | undefined {
  const sums = new Set(files.map((file) => file.sha256));
  const names = new Set(files.map((file) => file.name));
  return models
    .filter((model) => model.kind === kind)
    .find((model) => {
      const parts = model.files.filter(({ name }) => isPart(name));
      const pinned = parts.filter(({ sha256 }) => sha256 !== undefined);
      if (!pinned.some(({ name }) => name.endsWith(".onnx"))) return parts.every(({ name }) => names.has(name));
      return pinned.every(({ sha256 }) => sha256 !== undefined && sums.has(sha256));
    });
}

/** A model by whose files' names it is a published one, and by their content it is not. */
export function impostorOf(
  { kind, files }: Candidate,
  { models }: Catalogue,
): { model: string; file: string } | undefined {
  for (const model of models.filter((one) => one.kind === kind)) {
    const parts = model.files.filter(({ name }) => isPart(name));
    if (!parts.every(({ name }) => files.some((file) => file.name === name))) continue;
    const wrong = parts.find(
      ({ name, sha256 }) => sha256 !== undefined && files.some((file) => file.name === name && file.sha256 !== sha256),
    );
    if (wrong !== undefined) return { model: model.id, file: wrong.name };
  }
  return undefined;
}
