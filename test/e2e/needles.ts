/** Looks for what a caller said, in words and in sound, in every byte below some folders. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { decodeByte, encode } from "../../src/media/g711.ts";

export type Finding = { file: string; what: string };

/** Every regular file below `folder`. Sockets hold nothing. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Words in UTF-8 and UTF-16, both byte orders, as they are and in lower and upper case. */
export function findWords(files: readonly string[], needles: readonly string[]): Finding[] {
  const patterns = needles.flatMap((needle) =>
    [...new Set([needle, needle.toLowerCase(), needle.toUpperCase()])].flatMap((text) => {
      const little = Buffer.from(text, "utf16le");
      return [Buffer.from(text, "utf8"), little, Buffer.from(little).swap16()].map((bytes) => ({ needle, bytes }));
    }),
  );
  return files.flatMap((file) => {
    const content = readFileSync(file);
    return patterns.filter(({ bytes }) => content.includes(bytes)).map(({ needle }) => ({ file, what: needle }));
  });
}

const templateSamples = 240; // 30 ms
const foundAt = 0.9;
/** Native libraries are the executable's own bytes (checked by hash at each start): 45 MB in which any sound "correlates". */
export const isLibrary = (path: string): boolean => path.includes("/native/");

/** The loudest stretches of a call's sound, far apart from one another. */
export function templatesOf(sound: Int16Array, count: number): Int16Array[] {
  const windows: { at: number; energy: number }[] = [];
  for (let at = 0; at + templateSamples <= sound.length; at += templateSamples) {
    let energy = 0;
    for (let i = at; i < at + templateSamples; i++) energy += (sound[i] ?? 0) ** 2;
    windows.push({ at, energy });
  }
  return windows
    .sort((a, b) => b.energy - a.energy)
    .slice(0, count)
    .map(({ at }) => sound.slice(at, at + templateSamples));
}

/** Sound by its bytes (A-law, µ-law, 16-bit PCM), and by normalised correlation with every place of every file read as any of these. */
export function findSound(files: readonly string[], templates: readonly Int16Array[]): Finding[] {
  return files
    .filter((file) => !isLibrary(file) && statSync(file).size >= templateSamples)
    .flatMap((file) => {
      const content = readFileSync(file);
      return templates.some((template) => hasBytes(content, template) || correlates(content, template))
        ? [{ file, what: "sound" }]
        : [];
    });
}

function hasBytes(content: Buffer, template: Int16Array): boolean {
  const pcm = Buffer.from(template.buffer, template.byteOffset, template.byteLength);
  return [Buffer.from(encode("PCMA", template)), Buffer.from(encode("PCMU", template)), pcm].some((bytes) =>
    content.includes(bytes.subarray(0, 64)),
  );
}

function correlates(content: Buffer, template: Int16Array): boolean {
  const readings = [
    Float32Array.from(content, (byte) => decodeByte("PCMA", byte)),
    Float32Array.from(content, (byte) => decodeByte("PCMU", byte)),
    pcmOf(content, 0),
    pcmOf(content, 1),
  ];
  return readings.some((reading) => peakCorrelation(reading, template) >= foundAt);
}

function pcmOf(content: Buffer, from: number): Float32Array {
  const out = new Float32Array(Math.floor((content.length - from) / 2));
  for (let i = 0; i < out.length; i++) out[i] = content.readInt16LE(from + 2 * i);
  return out;
}

/** Highest |normalised correlation| of the template with any stretch of the reading. */
function peakCorrelation(reading: Float32Array, template: Int16Array): number {
  const pattern = Float32Array.from(template);
  let patternEnergy = 0;
  for (const sample of pattern) patternEnergy += sample * sample;
  let energy = 0;
  let peak = 0;
  for (let i = 0; i < reading.length; i++) {
    energy += (reading[i] ?? 0) ** 2 - (i >= templateSamples ? (reading[i - templateSamples] ?? 0) ** 2 : 0);
    const from = i - templateSamples + 1;
    if (from < 0 || energy < 1) continue;
    let product = 0;
    for (let k = 0; k < templateSamples; k++) product += (reading[from + k] ?? 0) * (pattern[k] ?? 0);
    peak = Math.max(peak, Math.abs(product) / Math.sqrt(energy * patternEnergy));
  }
  return peak;
}

/** Three words in a row out of texts: phrases that a file could only have from the call. */
export function phrasesOf(texts: readonly string[]): string[] {
  const phrases = texts.flatMap((text) => {
    const words = text.split(/\s+/).filter(Boolean);
    return words.slice(2).map((_, i) => words.slice(i, i + 3).join(" "));
  });
  return [...new Set(phrases)].filter((phrase) => phrase.length >= 10);
}
