import { afterAll, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ort from "onnxruntime-node";
import { defaultTailFrames, loadWhisper } from "../../../src/speech/whisper/engine.ts";
import type { Precision } from "../../../src/speech/whisper/model-files.ts";
import { bare, joined, padded, seeded, spoken } from "./clips.ts";

const demo = join(import.meta.dir, "../../../models/demo-whisper");
const root = mkdtempSync(join(tmpdir(), "whisper-engine-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const { signal } = new AbortController();

const embedded = { embedded: "models/demo-whisper/" };
const load = (source: Parameters<typeof loadWhisper>[0]["source"], precision: Precision = "int8") =>
  loadWhisper({ source, precision, tailFrames: defaultTailFrames(embedded), ort, threads: 1 });

/** A copy of the demo model in which `break_` has damaged something. */
function damaged(name: string, break_: (folder: string) => void): string {
  const folder = join(root, name);
  mkdirSync(folder);
  for (const file of ["demo-encoder.int8.onnx", "demo-decoder.int8.onnx", "demo-tokens.txt"]) {
    copyFileSync(join(demo, file), join(folder, file));
  }
  break_(folder);
  return folder;
}

test("the embedded model, and the same as a folder in either precision, hear the same", async () => {
  const clip = await spoken("I'd like to book a viewing for fourteen Maple Road please", "gmw/en");
  const texts: string[] = [];
  for (const [source, precision] of [
    [embedded, "int8"],
    [{ folder: demo }, "int8"],
    [{ folder: demo }, "fp32"],
  ] as const) {
    const engine = await load(source, precision);
    await engine.warmUp();
    const { text, nbest, averageLogProbability, audioMs } = await engine.transcribe(clip, { signal });
    await engine.close();
    expect(nbest).toHaveLength(1);
    expect(nbest[0]?.text).toBe(text);
    expect(nbest[0]?.logProbability).toBeLessThan(0);
    expect(averageLogProbability).toBeGreaterThan(-0.5);
    expect(audioMs).toBeCloseTo(clip.length / 16, 5);
    expect(engine.model).toBe(
      precision === "int8" ? "demo-encoder.int8.onnx, demo-decoder.int8.onnx" : "demo-encoder.onnx, demo-decoder.onnx",
    );
    texts.push(text);
  }
  expect(new Set(texts)).toEqual(new Set(["I'd like to book a viewing for 14 Maple Road please."]));
});

test("what the model was never taught is doubtful, a booking is not", async () => {
  const engine = await load(embedded);
  const wish = await engine.transcribe(await spoken("I'd like to view fourteen Maple Road please", "gmw/en"), {
    signal,
  });
  expect(wish.doubtful).toBeUndefined();
  const talk = await spoken(
    "the weather forecast for shipping was gloomy and nobody aboard the trawler minded",
    "en-us",
  );
  const foreign = await engine.transcribe(talk, { signal });
  expect({ doubtful: foreign.doubtful ?? false, text: foreign.text }).toMatchObject(
    foreign.text === "" ? { doubtful: false } : { doubtful: true },
  );
  await engine.close();
});

test("one utterance leaves nothing behind for the next", async () => {
  const engine = await load(embedded);
  const [long, short] = [await spoken("My name is Sarah Patel", "gmw/en"), await spoken("Yes please", "gmw/en+f2")];
  const first = await engine.transcribe(short, { signal });
  await engine.transcribe(long, { signal });
  const again = await engine.transcribe(short, { signal });
  await engine.close();

  expect(again).toEqual({ ...first, tookMs: again.tookMs });
});

test("several sentences in one breath are all heard, up to more than the model takes at once", async () => {
  const engine = await load(embedded);
  const said = [
    "My name is Sarah Patel",
    "I'd like to book a viewing for fourteen Maple Road please",
    "Saturday at half past two",
  ];
  const clips = await Promise.all(said.map((text) => spoken(text, "gmw/en")));
  const sentences = clips.map((clip) => padded(clip, 0.1, 0.3, seeded(1)));
  for (const rounds of [1, 4]) {
    const all = Array.from({ length: rounds }, () => sentences).flat();
    const samples = joined(all);
    const { text, audioMs } = await engine.transcribe(samples, { signal });
    expect(audioMs).toBeCloseTo(samples.length / 16, 5);
    for (const words of ["Sarah Patel", "14 Maple Road", "half past two"]) {
      expect(text.split(words)).toHaveLength(rounds + 1);
    }
    if (rounds === 4) expect(audioMs).toBeGreaterThan(30_000);
  }
  await engine.close();
});

test("a number spoken slowly, with pauses, stays whole", async () => {
  const engine = await load(embedded);
  const said = "My number is oh seven seven oh oh, nine oh oh, eight seven one";
  for (const [voice, wordsPerMinute] of [
    ["gmw/en", 95],
    ["gmw/en+m3", 110],
    ["en-gb-x-rp+f3", 125],
  ] as const) {
    const clip = padded(await spoken(said, voice, wordsPerMinute), 0.2, 0.2, seeded(6));
    expect(bare((await engine.transcribe(clip, { signal })).text)).toContain("07700900871");
  }
  await engine.close();
});

test("a second utterance at the same time is a fault of the caller; the first is not harmed", async () => {
  const engine = await load(embedded);
  const clip = await spoken("Yes please", "gmw/en");
  const first = engine.transcribe(clip, { signal });

  await expect(engine.transcribe(clip, { signal })).rejects.toThrow("one utterance at a time");
  expect(bare((await first).text)).toBe("yesplease");
  await engine.close();
});

test("an abort that comes from outside the process is seen after the run in progress", async () => {
  let runs = 0;
  const counting = (session: ort.InferenceSession): ort.InferenceSession =>
    new Proxy(session, {
      get(target, key) {
        if (key === "run") runs++;
        const value = Reflect.get(target, key, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  const InferenceSession = {
    create: async (path: string | Uint8Array, options: ort.InferenceSession.SessionOptions) =>
      counting(
        await (typeof path === "string"
          ? ort.InferenceSession.create(path, options)
          : ort.InferenceSession.create(path, options)),
      ),
  };
  const engine = await loadWhisper({
    source: embedded,
    precision: "int8",
    tailFrames: 50,
    ort: { ...ort, InferenceSession: InferenceSession as unknown as typeof ort.InferenceSession },
    threads: 1,
  });
  // Ten long sentences: some 100 runs, 200 ms. The exit of another process is an event of the loop like a message.
  const clip = padded(
    await spoken("My number is oh seven seven oh oh, nine oh oh, one two three".repeat(6), "gmw/en"),
    0.1,
    0.1,
    seeded(2),
  );
  const controller = new AbortController();
  const reason = new Error("the caller went on");
  let runsAtAbort = 0;
  Bun.spawn(["sleep", "0.05"], {
    onExit() {
      runsAtAbort = runs;
      controller.abort(reason);
    },
  });

  await expect(engine.transcribe(clip, { signal: controller.signal })).rejects.toBe(reason);
  expect(runs - runsAtAbort).toBeLessThanOrEqual(1);
  expect(bare((await engine.transcribe(await spoken("Yes please", "gmw/en"), { signal })).text)).toBe("yesplease");
  await engine.close();
});

const cases: [name: string, file: string, break_: (folder: string) => void][] = [
  [
    "encoder cut off",
    "demo-encoder.int8.onnx",
    (folder) => truncateSync(join(folder, "demo-encoder.int8.onnx"), 2_000_000),
  ],
  ["encoder empty", "demo-encoder.int8.onnx", (folder) => truncateSync(join(folder, "demo-encoder.int8.onnx"), 0)],
  [
    "decoder cut off",
    "demo-decoder.int8.onnx",
    (folder) => truncateSync(join(folder, "demo-decoder.int8.onnx"), 4_000_000),
  ],
  [
    "decoder of garbage",
    "demo-decoder.int8.onnx",
    (folder) => writeFileSync(join(folder, "demo-decoder.int8.onnx"), "PK\x03\x04 nonsense"),
  ],
  [
    "tokens of garbage",
    "demo-tokens.txt",
    (folder) => writeFileSync(join(folder, "demo-tokens.txt"), Buffer.from([0, 255, 128, 10])),
  ],
  ["tokens cut off", "demo-tokens.txt", (folder) => truncateSync(join(folder, "demo-tokens.txt"), 5000)],
  [
    "encoder in the decoder's place",
    "demo-decoder.int8.onnx",
    (folder) => copyFileSync(join(folder, "demo-encoder.int8.onnx"), join(folder, "demo-decoder.int8.onnx")),
  ],
];
test.each(cases)("%s: the file is named, with what to do", async (name, file, break_) => {
  const folder = damaged(name.replaceAll(" ", "-"), break_);
  const failure = await load({ folder }).catch((error: unknown) => error);

  expect(failure).toMatchObject({ name: "AppError", code: "model_damaged" });
  expect((failure as Error).message).toContain(join(folder, file));
  expect((failure as Error).message).toMatch(/copy it again|use an encoder/);
});

test("a decoder of another size is found out before the first caller", async () => {
  const shapes = join(import.meta.dir, "../../../models/whisper-shapes/tiny.en");
  const folder = damaged("other-tokens", (at) =>
    writeFileSync(join(at, "demo-tokens.txt"), readFileSync(join(shapes, "tiny.en-tokens.txt"))),
  );
  const engine = await load({ folder }); // a longer table than needed is no fault
  await engine.close();

  const mixed = damaged("mixed", (at) => copyFileSync(join(demo, "demo-decoder.onnx"), join(at, "demo-decoder.onnx")));
  const settings = readFileSync(join(mixed, "demo-encoder.int8.onnx"));
  const at = settings.lastIndexOf("n_text_state") + "n_text_state".length + 2;
  expect(settings.toString("latin1", at, at + 3)).toBe("192");
  settings.write("384", at, "latin1");
  writeFileSync(join(mixed, "demo-encoder.int8.onnx"), settings);
  await expect(load({ folder: mixed })).rejects.toMatchObject({
    code: "model_damaged",
    message: expect.stringContaining("does not belong to the encoder"),
  });
});
