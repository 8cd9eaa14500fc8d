import { expect, test } from "bun:test";
import * as ort from "onnxruntime-node";
import { loadWhisper } from "../../../src/speech/whisper/engine.ts";
import { bare, padded, seeded, spoken } from "./clips.ts";
import { heardLines } from "./sentences.ts";

const sampleOf = 200;
const wordsPerMinute = 150;

test("typical lines come out as the model's makers heard them, in nine of ten", async () => {
  const random = seeded(3);
  const all = heardLines().filter(({ voice }) => voice.startsWith("espeak:"));
  const lines = Array.from({ length: sampleOf }, () => all.splice(Math.floor(random() * all.length), 1)).flat();
  const engine = await loadWhisper({
    source: { embedded: "models/demo-whisper/" },
    precision: "int8",
    tailFrames: 50,
    ort,
    threads: 1,
  });
  await engine.warmUp();
  let asHeard = 0;
  let right = 0;
  let theirRight = 0;
  let audioMs = 0;
  let tookMs = 0;
  for (const { voice, spoken: words, written, heard, right: theirs } of lines) {
    const clip = padded(await spoken(words, voice.slice("espeak:".length), wordsPerMinute, 0.3), 0.25, 0.15, random);
    const transcript = await engine.transcribe(clip, { signal: new AbortController().signal });
    // Our espeak-ng, line and resampler are not theirs to the sample: where theirs went wrong ours may go right.
    if ([bare(heard), bare(written)].includes(bare(transcript.text))) asHeard++;
    if (bare(transcript.text) === bare(written)) right++;
    if (theirs) theirRight++;
    audioMs += transcript.audioMs;
    tookMs += transcript.tookMs;
  }
  await engine.close();
  console.log(
    `accuracy: ${asHeard} of ${lines.length} as heard.jsonl says, ${right} right (there ${theirRight}); ` +
      `${(tookMs / lines.length).toFixed(1)} ms an utterance, real-time factor ${(tookMs / audioMs).toFixed(4)}`,
  );

  expect(asHeard / lines.length).toBeGreaterThanOrEqual(0.9);
  expect(right).toBeGreaterThanOrEqual(theirRight - lines.length * 0.05);
}, 60_000);
