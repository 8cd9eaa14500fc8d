/** What must not be found on a disk, in every form in which it could lie there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StoredTurn } from "../../src/calls/ports.ts";
import { encode } from "../../src/media/g711.ts";

export function makeNeedles() {
  const samples = new Int16Array(8_000);
  let state = 20_261_124;
  for (let i = 0; i < samples.length; i++) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    samples[i] = (state >> 15) - 32_768;
  }
  return {
    name: "Wilhelmina Postlethwaite",
    phone: "+447700900987",
    spoken: "purple herons dancing backwards",
    samples,
  };
}

export const needleTurn = (spoken: string): StoredTurn => ({
  n: 1,
  at: new Date().toISOString(),
  heard: spoken,
  nbest: [[spoken, -0.1]],
  confidence: 0.9,
  said: `I heard ${spoken}.`,
  saidInFull: true,
  asks: "date",
  heardFromMs: 0,
  heardToMs: 900,
});

type Needle = { what: string; bytes: Buffer };

/** Texts in UTF-8 and both UTF-16, digits as spoken to a telephone; 32 samples of audio as PCM and in both laws. */
export function needleForms(): Needle[] {
  const { name, phone, spoken, samples } = makeNeedles();
  const texts = [name, "Postlethwaite", phone, phone.slice(3), spoken, "herons dancing", "wilhelmina@"];
  const audio = samples.slice(1_000, 1_032);
  const pcm = Buffer.from(audio.buffer);
  return [
    ...texts.flatMap((what) => [
      { what: `${what} in UTF-8`, bytes: Buffer.from(what) },
      { what: `${what} in UTF-16`, bytes: Buffer.from(what, "utf16le") },
      { what: `${what} in UTF-16 BE`, bytes: Buffer.from(what, "utf16le").swap16() },
    ]),
    { what: "PCM", bytes: pcm },
    { what: "A-law", bytes: Buffer.from(encode("PCMA", audio)) },
    { what: "A-law, the other way round", bytes: Buffer.from(encode("PCMA", audio).toReversed()) },
    { what: "µ-law", bytes: Buffer.from(encode("PCMU", audio)) },
  ];
}

/** "file: needle" for each that is found below the folder. */
export function findNeedles(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const content = readFileSync(path);
    return needleForms()
      .filter(({ bytes }) => content.includes(bytes))
      .map(({ what }) => `${path}: ${what}`);
  });
}
