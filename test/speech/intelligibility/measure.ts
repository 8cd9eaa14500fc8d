/** What is spoken goes through A-law and is transcribed back: our renderings and the reference's, side by side. */

import { decode, encode } from "../../../src/media/g711.ts";
import { resampled } from "../../../src/media/resample.ts";
import { speakable } from "../../../src/speech/speakable/speakable.ts";
import { loadVoice, type VoiceEngine } from "../../../src/speech/voice/engine.ts";
import { ownLexicon, spokenClauses } from "../../../src/speech/voice/spoken-clauses.ts";
import { openDemoWhisper } from "../../caller/demo-whisper.ts";
import { padded, seeded } from "../whisper/clips.ts";
import { type Item, itemMaker, type Kind, kinds } from "./items.ts";

export type Heard = { item: Item; ours: string; reference: string; oursRight: boolean; referenceRight: boolean };

/** In turn of every kind, the same for the same seed. */
export async function measure(
  { items, seed, voice: name, only = kinds }: { items: number; seed: number; voice: string; only?: readonly Kind[] },
  progress: (done: number) => void = () => undefined,
): Promise<Heard[]> {
  const random = seeded(seed);
  const make = itemMaker(random);
  const voice = await loadVoice({ settings: { engine: "espeak", voice: name }, nativeDir: "" });
  const whisper = await openDemoWhisper();
  await whisper.warmUp();
  /** The same noise on both lines. */
  const hear = async (clauses: readonly { text: string; pauseMs: number }[], noise: number) => {
    const clip = padded(await onTheLine(voice, clauses), 0.25, 0.3, seeded(noise));
    return (await whisper.transcribe(clip, { signal: new AbortController().signal })).text;
  };
  const all: Heard[] = [];
  for (let n = 0; n < items; n++) {
    const item = make(only[n % only.length] as Kind);
    const ours = await hear(spokenClauses(item.written, ownLexicon), n);
    const reference = await hear([{ text: item.reference, pauseMs: 0 }], n);
    const isRight = (text: string) => canonical(text).includes(canonical(item.item));
    all.push({ item, ours, reference, oursRight: isRight(ours), referenceRight: isRight(reference) });
    progress(n + 1);
  }
  await whisper.close();
  return all;
}

/** Numbers, times and the like in the same words, however they are written. */
const canonical = (text: string) =>
  speakable(text)
    .toLowerCase()
    .replace(/[^a-z]+/g, "");

/** 16 kHz as it comes out of a call in A-law. */
async function onTheLine(
  voice: VoiceEngine,
  clauses: readonly { text: string; pauseMs: number }[],
): Promise<Float32Array> {
  const samples: number[] = [];
  for (const { text, pauseMs } of clauses) samples.push(...(await voice.speakClause(text, pauseMs)).audio);
  const heard = new Int16Array(samples.length);
  decode("PCMA", encode("PCMA", Int16Array.from(samples)), heard);
  return resampled(
    Float32Array.from(heard, (sample) => sample / 32_768),
    8000,
    16_000,
  );
}

export type Row = { kind: string; items: number; ours: number; reference: number };

/** Shares in per cent by kind, and of all. */
export function rowsOf(heard: readonly Heard[]): Row[] {
  const row = (kind: string, of: readonly Heard[]): Row => ({
    kind,
    items: of.length,
    ours: (100 * of.filter(({ oursRight }) => oursRight).length) / of.length,
    reference: (100 * of.filter(({ referenceRight }) => referenceRight).length) / of.length,
  });
  const byKind = Map.groupBy(heard, ({ item }) => item.kind);
  return [...[...byKind].map(([kind, of]) => row(kind, of)), row("all", heard)];
}
