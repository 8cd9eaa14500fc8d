import { beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { embeddedFile } from "../../src/embedded/files.ts";
import { extractNatives, loadOnnxRuntime } from "../../src/embedded/natives.ts";
import { endpointerSettings } from "../../src/media/endpointer.ts";
import { decode, encode } from "../../src/media/g711.ts";
import { createHearing, type SpeechEvent } from "../../src/media/hearing.ts";
import { createVad, type VadModel } from "../../src/media/silero.ts";
import { loadVadModel } from "../../src/media/worker/vad-model.ts";
import { seeded } from "./network.ts";

/** "I would like to book a viewing, please. (pause) Thank you." in faint noise, as it comes over a line: A-law, 8 kHz. */
const spoken = overTheLine("../fixtures/media/silero/speech-16k.s16le.raw");
const spokenMs = spoken.length / 8;

let model: VadModel;

beforeAll(async () => {
  const runtime = await loadOnnxRuntime(extractNatives(import.meta.dir));
  model = await loadVadModel(runtime, embeddedFile("models/silero_vad_v5.onnx"));
});

function overTheLine(path: string): Int16Array {
  const bytes = readFileSync(join(import.meta.dir, path));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = Int16Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt16(4 * i, true));
  decode("PCMA", encode("PCMA", samples), samples);
  return samples;
}

/** Frames of 20 ms; each frame's steps are judged before the next comes, as on a machine that keeps up. */
async function hear(parts: readonly Int16Array[], defaultSilenceMs = 700): Promise<SpeechEvent[]> {
  const settings = endpointerSettings({ speculateAfterMs: 120, defaultSilenceMs, maxUtteranceMs: 15_000 });
  const events: SpeechEvent[] = [];
  const vad = createVad(model, (error) => {
    throw error;
  });
  const hearing = createHearing("call", settings, vad, (event) => events.push(event));
  let steps = 0;
  for (const part of parts) {
    for (let at = 0; at + 160 <= part.length; at += 160) {
      hearing.hear(part.subarray(at, at + 160), 8000);
      steps += 320 / 512;
      while (vad.counts.inferred + vad.counts.silent < Math.floor(steps)) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
  hearing.close();
  return events;
}

const silence = (ms: number) => new Int16Array(8 * ms);
const kinds = (events: readonly SpeechEvent[]) => events.map(({ kind }) => kind).filter((kind) => kind !== "resumed");

describe("a sentence over the telephone", () => {
  test("is one utterance, begun and ended where it is spoken", async () => {
    const events = await hear([silence(500), spoken, silence(1000)]);
    const utterances = events.filter((event) => event.kind === "utterance");
    expect(utterances.length).toBe(1);
    const [utterance] = utterances;
    expect(utterance?.startedAtMs).toBeGreaterThan(500 + 350);
    expect(utterance?.startedAtMs).toBeLessThan(500 + 600);
    expect(utterance?.speechEndedAtMs).toBeGreaterThan(500 + spokenMs - 1000);
    expect(utterance?.speechEndedAtMs).toBeLessThan(500 + spokenMs - 300);
  });

  test("its last pause has the whole of it, from before its first sound", async () => {
    const events = await hear([silence(500), spoken, silence(1000)]);
    const started = events.find((event) => event.kind === "speech-started");
    const utterance = events.find((event) => event.kind === "utterance");
    const last = events.findLast((event) => event.kind === "paused");
    expect(last?.pause).toBe(utterance?.pause as number);
    const fromMs = (last?.atMs ?? 0) - (last?.samples.length ?? 0) / 16;
    expect((started?.atMs ?? 0) - fromMs).toBe(224);
    expect((last?.atMs ?? 0) - (utterance?.speechEndedAtMs ?? 0)).toBe(128);
    // The sound is what was heard: same place, same level.
    const samples = last?.samples ?? new Float32Array(0);
    const original = spoken.subarray(Math.round(8 * (fromMs - 500)));
    let [same, ours, theirs] = [0, 0, 0];
    for (let n = 0; n + 24 < samples.length; n += 2) {
      const a = samples[n + 24] ?? 0; // 1.5 ms of filter
      const b = (original[n / 2] ?? 0) / 32_768;
      same += a * b;
      ours += a * a;
      theirs += b * b;
    }
    expect(same / Math.sqrt(ours * theirs)).toBeGreaterThan(0.999);
  });

  test("an impatient wait makes two of it", async () => {
    const events = await hear([spoken, silence(1000)], 128);
    expect(events.filter(({ kind }) => kind === "utterance").length).toBeGreaterThanOrEqual(2);
  });
});

describe("what is no speech starts nothing", () => {
  const random = seeded(5);
  const made = (sample: (n: number) => number) => Int16Array.from({ length: 8 * 3000 }, (_, n) => sample(n));
  test.each([
    ["noise", made(() => 3000 * (2 * random() - 1))],
    [
      "a dial tone",
      made((n) => 6000 * (Math.sin((2 * Math.PI * 350 * n) / 8000) + Math.sin((2 * Math.PI * 440 * n) / 8000))),
    ],
    [
      "ringback, a second on, a second off",
      made((n) => (n % 16_000 < 8000 ? 9000 * Math.sin((2 * Math.PI * 425 * n) / 8000) : 0)),
    ],
    ["clicks", made((n) => (n % 2400 < 8 ? 30_000 : 0))],
    ["the hum of a bad line", made((n) => 2000 * Math.sin((2 * Math.PI * 50 * n) / 8000))],
    ["silence", silence(3000)],
  ])("%s", async (_, sound) => {
    expect(kinds(await hear([sound]))).toEqual([]);
  });
});
