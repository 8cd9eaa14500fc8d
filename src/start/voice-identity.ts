/** What a rendered prompt depends on, besides its words: another voice, other settings or another program speak it anew. */
import { createHash } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { VoiceSettings } from "../speech/voice/engine.ts";
import { version } from "../version.ts";

/** @throws never: a voice whose files cannot be read is refused where it is loaded. */
export async function voiceIdentity(voice: VoiceSettings): Promise<string> {
  return JSON.stringify([programIdentity(), voice.engine, ...(await ownIdentity(voice))]);
}

/** An installed voice is known by the digests that it is held against when it is loaded. */
async function ownIdentity(voice: VoiceSettings): Promise<unknown[]> {
  if (voice.engine === "espeak") return [voice.voice];
  if ("embedded" in voice.model) return [voice.model.embedded];
  const { file, digests } = voice.model;
  return [basename(file), digests === undefined ? await digestsBeside(file) : Object.entries(digests).toSorted()];
}

/** The same file is the same program; the version alone does not tell two builds of it apart. */
function programIdentity(): (string | number)[] {
  const { size, mtimeMs } = statSync(process.execPath);
  return [version, size, mtimeMs];
}

/** Of "voice.onnx", "voice.onnx.json" and of weights in a file of their own, "voice.weights". */
async function digestsBeside(path: string): Promise<[string, string][]> {
  const stem = basename(path, ".onnx");
  try {
    const names = readdirSync(dirname(path)).filter((name) => name.startsWith(`${stem}.`));
    const digests: [string, string][] = [];
    for (const name of names.toSorted()) digests.push([name, await digestOf(join(dirname(path), name))]);
    return digests;
  } catch {
    return []; // it is missing: the speech child says so
  }
}

/** SHA-256, read piece by piece: a voice has 60 MB, and calls may be waiting. */
async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest("hex");
}
