/** sherpa-onnx and we on the same model and the same audio: which clips come out differently, and how. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { readSoundFile } from "../../../src/cli/audio/read-sound.ts";
import { loadModel } from "../../../src/speech/whisper/model.ts";
import { likeSherpa } from "../../../src/speech/whisper/parity.ts";
import { seeded, spoken } from "./clips.ts";
import { sentences, voices } from "./sentences.ts";

const folder = join(import.meta.dir, "../../../models/demo-whisper");
const recordings = join(import.meta.dir, "../../../../shared/data/audio");
const tailPaddings = 50;
const rateHz = 16_000;
/** What sherpa-onnx hears in one go, and enough for any clip here. */
const longestSeconds = 20;

export type Clip = { name: string; samples: Float32Array };
export type Difference = { name: string; ours: string; theirs: string };

/** Mostly speech with the second of silence that sherpa-onnx's cap on tokens needs; some without, some without speech. */
export async function* madeClips(count: number, seed: number): AsyncGenerator<Clip> {
  const random = seeded(seed);
  const say = sentences(random);
  for (let i = 0; i < count; i++) {
    if (i % 12 === 11) {
      const loudness = i % 4 === 0 ? 0 : 0.001 * 4 ** (i % 5);
      const length = 8000 + Math.floor(random() * 60_000);
      yield { name: `noise ${i}`, samples: Float32Array.from({ length }, () => (random() - 0.5) * loudness) };
      continue;
    }
    const wordsPerMinute = Math.round(150 + 40 * random());
    const voice = voices[i % voices.length] ?? voices[0];
    const line = say();
    const clip = await spoken(line, voice, wordsPerMinute, 0.05 + 0.6 * random());
    // Without silence the cap cuts the text, at the same token for both.
    yield { name: `${voice}: ${line}`, samples: followed(clip, i % 10 === 9 ? 0 : rateHz) };
  }
}

/** Recordings of people and noises, where they are there; none otherwise. What the demo model makes of them is its own. */
export async function* recordedClips(most: number): AsyncGenerator<Clip> {
  if (!existsSync(recordings)) return;
  const files = readdirSync(recordings, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".wav"));
  for (const file of files.sort().slice(0, most)) {
    const samples = await readSoundFile(join(recordings, file), { rawAlaw: false }).catch(() => undefined);
    if (samples !== undefined && samples.length > 0)
      yield { name: file, samples: followed(samples.subarray(0, longestSeconds * rateHz), rateHz) };
  }
}

function followed(clip: Float32Array, silence: number): Float32Array {
  const out = new Float32Array(clip.length + silence);
  out.set(clip);
  return out;
}

export type Parity = { clips: number; withText: number; theirMs: number; ourMs: number; differences: Difference[] };

/** Hears `clips` both ways, some at a time. @param progress Told how many are done. */
export async function compareWithSherpa(
  clips: AsyncIterable<Clip>,
  progress: (done: number) => void = () => undefined,
): Promise<Parity> {
  const model = await loadModel({ folder }, { precision: "fp32", threads: 1, ort });
  const hear = likeSherpa(model, tailPaddings);
  const { signal } = new AbortController();
  const parity: Parity = { clips: 0, withText: 0, theirMs: 0, ourMs: 0, differences: [] };
  const compare = async (some: readonly Clip[]) => {
    let began = performance.now();
    const theirs = await heardBySherpa(some.map(({ samples }) => samples));
    parity.theirMs += performance.now() - began;
    if (theirs.length !== some.length) throw new Error(`sherpa-onnx heard ${theirs.length} of ${some.length} clips`);
    for (const [i, { name, samples }] of some.entries()) {
      began = performance.now();
      const ours = (await hear(samples, signal)).map((id) => model.tokens.text([id]));
      parity.ourMs += performance.now() - began;
      parity.clips++;
      if (ours.length > 0) parity.withText++;
      const their = theirs[i] ?? [];
      if (!Bun.deepEquals(ours, their)) parity.differences.push({ name, ours: ours.join(""), theirs: their.join("") });
    }
    progress(parity.clips);
  };
  let some: Clip[] = [];
  for await (const clip of clips) {
    some.push(clip);
    if (some.length === 100) await compare(some.splice(0));
  }
  if (some.length > 0) await compare(some);
  some = [];
  await model.close();
  return parity;
}

async function heardBySherpa(samples: Float32Array[]): Promise<string[][]> {
  const files = ["demo-encoder.onnx", "demo-decoder.onnx", "demo-tokens.txt"].map((name) => join(folder, name));
  const child = Bun.spawn(
    [process.execPath, join(import.meta.dir, "sherpa-child.ts"), ...files, String(tailPaddings)],
    {
      stdin: Buffer.concat(
        samples.flatMap((clip) => [new Uint8Array(Uint32Array.of(clip.length).buffer), bytes(clip)]),
      ),
      stderr: "pipe",
    },
  );
  const lines = (await new Response(child.stdout).text()).trim().split("\n");
  const code = await child.exited;
  if (code !== 0) throw new Error(`sherpa-onnx ended with ${code}: ${await new Response(child.stderr).text()}`);
  return lines.map((line) => JSON.parse(line));
}

function bytes(clip: Float32Array): Uint8Array {
  return new Uint8Array(clip.buffer, clip.byteOffset, clip.byteLength);
}
