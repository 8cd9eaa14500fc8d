/**
 * Whether this machine calculates as it should. Processors without VNNI add 8-bit products in 16 bits, which may overflow
 * and saturate: an int8 model then hears other words than it should. The embedded model's words for fixed speech are known
 * (models/reference-tokens.json, where int8 and fp32 agree), and must come out here too.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { embeddedText } from "../../embedded/files.ts";
import { embeddedWhisper } from "../../speech/settings.ts";
import { loadWhisper } from "../../speech/whisper/engine.ts";
import type { Ort } from "../../speech/whisper/ort.ts";
import type { Utterance } from "./utterances.ts";

const Reference = z.strictObject({
  note: z.string(),
  utterances: z.array(z.strictObject({ text: z.string(), tokens: z.array(z.int()) })).min(1),
});

export type Arithmetic = {
  utterances: number;
  /** What was said where other tokens came out. */
  wrong: string[];
};

export const referenceTokens = () => Reference.parse(JSON.parse(embeddedText("models/reference-tokens.json")));

/** Tokens of each utterance, as the engine hears it in a call. */
export async function hearTokens(
  source: { embedded: string } | { folder: string },
  precision: "int8" | "fp32",
  utterances: readonly Utterance[],
  ort: Ort,
): Promise<number[][]> {
  // As the embedded model is shipped, wherever its files lie.
  const engine = await loadWhisper({ source, precision, tailFrames: 50, pieceSeconds: 28, ort, threads: 1 });
  try {
    const heard: number[][] = [];
    for (const { samples } of utterances) {
      const { parts } = await engine.explain(samples, { signal: new AbortController().signal });
      heard.push(parts.flatMap(({ tokens }) => tokens.map(({ id }) => id)));
    }
    return heard;
  } finally {
    await engine.close();
  }
}

export async function checkArithmetic(utterances: readonly Utterance[], ort: Ort): Promise<Arithmetic> {
  const reference = referenceTokens().utterances;
  const said = reference.flatMap(({ text }) => utterances.filter((one) => one.text === text));
  const heard = await hearTokens({ embedded: embeddedWhisper }, "int8", said, ort);
  const wrong = reference.filter(({ tokens }, at) => tokens.join() !== heard[at]?.join()).map(({ text }) => text);
  return { utterances: reference.length, wrong };
}

/** What a processor has for 8-bit products: without any of it they may saturate. */
const integerFlags = ["avx512_vnni", "avx_vnni", "amx_int8", "asimddp", "i8mm"];
const shownFlags = ["avx2", "avx512f", ...integerFlags];

export type Processor = { name: string; flags: string[]; maySaturate: boolean };

/** @param cpuinfo proc_cpuinfo(5). */
export function processorOf(cpuinfo = readFileSync("/proc/cpuinfo", "utf8")): Processor {
  const field = (name: RegExp) => name.exec(cpuinfo)?.[1]?.trim() ?? "";
  const all = new Set(field(/^(?:flags|Features)\s*:(.*)$/m).split(/\s+/));
  const flags = shownFlags.filter((flag) => all.has(flag));
  return {
    name: field(/^model name\s*:(.*)$/m) || "unknown",
    flags,
    maySaturate: !flags.some((flag) => integerFlags.includes(flag)),
  };
}
