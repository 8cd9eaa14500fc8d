import { expect, test } from "bun:test";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { loadModel } from "../../../src/speech/whisper/model.ts";
import { likeSherpa } from "../../../src/speech/whisper/parity.ts";
import { seeded, spoken } from "./clips.ts";
import { sentences, voices } from "./sentences.ts";

const folder = join(import.meta.dir, "../../../models/demo-whisper");
const tailPaddings = 50;
const clipCount = 200;

/** Mostly speech with the second of silence that sherpa-onnx's cap on tokens needs; some without, some without speech. */
async function clips(): Promise<Float32Array[]> {
  const random = seeded(20_261_121);
  const say = sentences(random);
  const spokenClip = async (i: number): Promise<Float32Array> => {
    const wordsPerMinute = Math.round(150 + 40 * random());
    const voice = voices[i % voices.length] ?? voices[0];
    const clip = await spoken(say(), voice, wordsPerMinute, 0.05 + 0.6 * random());
    const silence = i % 10 === 9 ? 0 : 16_000; // without it the cap cuts the text, at the same token for both
    const out = new Float32Array(clip.length + silence);
    out.set(clip);
    return out;
  };
  const quiet = (i: number): Float32Array => {
    const loudness = i % 4 === 0 ? 0 : 0.001 * 4 ** (i % 5);
    return Float32Array.from({ length: 8000 + Math.floor(random() * 60_000) }, () => (random() - 0.5) * loudness);
  };
  const made: Float32Array[] = [];
  for (let i = 0; i < clipCount; i++) made.push(i % 12 === 11 ? quiet(i) : await spokenClip(i));
  return made;
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

test("the same model hears in the same audio what sherpa-onnx hears, token for token, in 99 of 100 clips", async () => {
  const samples = await clips();
  const began = performance.now();
  const theirs = await heardBySherpa(samples);
  const theirMs = performance.now() - began;

  const model = await loadModel({ folder }, { precision: "fp32", threads: 1, ort });
  const hear = likeSherpa(model, tailPaddings);
  const { signal } = new AbortController();
  const middle = performance.now();
  let same = 0;
  let withText = 0;
  for (const [i, clip] of samples.entries()) {
    const ours = (await hear(clip, signal)).map((id) => model.tokens.text([id]));
    if (ours.length > 0) withText++;
    if (Bun.deepEquals(ours, theirs[i])) same++;
  }
  const ourMs = performance.now() - middle;
  await model.close();
  console.log(
    `parity: ${same} of ${samples.length} clips equal, ${withText} with text ` +
      `(sherpa-onnx ${theirMs.toFixed(0)} ms with its start, ours ${ourMs.toFixed(0)} ms)`,
  );

  expect(theirs).toHaveLength(clipCount);
  expect(withText).toBeGreaterThanOrEqual(150);
  expect(same / samples.length).toBeGreaterThanOrEqual(0.99);
}, 180_000);
