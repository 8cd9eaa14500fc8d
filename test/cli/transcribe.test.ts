// needs: espeak-ng
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../src/log.ts";
import { encode } from "../../src/media/g711.ts";
import { startSpeech } from "../../src/speech/pool.ts";
import { padded, resample, seeded, spoken } from "../speech/whisper/clips.ts";
import { flac, wav } from "./audio/files.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-hear-"));
afterAll(() => rmSync(folder, { recursive: true }));
const program = [process.execPath, join(import.meta.dir, "../../src/gatehouse.ts")];
const said = "I'd like to book a viewing for fourteen Maple Road please";
const written = "I'd like to book a viewing for 14 Maple Road please.";

function transcribe(...args: string[]) {
  const { stdout, stderr, exitCode } = Bun.spawnSync([...program, "transcribe", ...args], {
    env: { ...process.env, TMPDIR: folder },
  });
  return { text: stdout.toString().trim(), error: stderr.toString(), exitCode };
}

const json = (...args: string[]) => JSON.parse(transcribe(...args, "--json").text);
const path = (name: string) => join(folder, name);

let clip: Float32Array;
beforeAll(async () => {
  clip = padded(await spoken(said, "gmw/en"), 0.4, 0.3, seeded(1));
  const narrow = resample(clip, 16_000, 8000, 3600);
  writeFileSync(path("wide.wav"), wav([clip], 16_000, 16));
  writeFileSync(path("studio.flac"), flac([resample(clip, 16_000, 48_000, 7000)], 48_000, 24));
  writeFileSync(
    path("line.al"),
    encode(
      "PCMA",
      Int16Array.from(narrow, (x) => Math.round(x * 32_767)),
    ),
  );
  writeFileSync(path("notes.txt"), "a line of text");
});

test("every kind of file gives the sentence that was said", () => {
  const { text, exitCode } = transcribe(path("wide.wav"), path("studio.flac"), path("line.al"));
  expect(text.split("\n")).toEqual(["wide.wav", "studio.flac", "line.al"].map((name) => `${path(name)}: ${written}`));
  expect(exitCode).toBe(0);
  expect(readdirSync(folder).filter((name) => name.startsWith("gatehouse-native-"))).toEqual([]);
}, 30_000);

test("--json tells tokens, log-probabilities, times and the real-time factor, and the same text as the speech child", async () => {
  const heard = json(path("wide.wav"));
  const speech = startSpeech({
    nativeDir: join(import.meta.dir, "../../node_modules"),
    spawnCommand: [...program, "speech"],
    whisper: { source: { embedded: "models/demo-whisper/" }, precision: "int8", count: 1 },
    voice: { engine: "espeak", voice: "en-gb-x-rp", count: 0 },
    log: createLog(
      () => undefined,
      () => "",
    ),
  });
  const { signal } = new AbortController();
  const asWritten = clip.map((x) => Math.round(x * 32_767) / 32_768);
  const child = await speech.transcribe(asWritten, { priority: "answer", signal });
  await speech.close();

  expect(heard).toMatchObject({
    file: path("wide.wav"),
    text: child.text,
    doubtful: false,
    approximate: true,
  });
  expect(heard.text).toBe(written);
  expect(heard.averageLogProbability).toBeCloseTo(child.averageLogProbability, 5);
  expect(heard.seconds).toBeCloseTo(clip.length / 16_000, 4);
  expect(heard.realTimeFactor).toBeCloseTo(heard.tookSeconds / heard.seconds, 6);
  const [part] = heard.parts;
  expect(
    part.tokens
      .map(({ text }: { text: string }) => text)
      .join("")
      .trim(),
  ).toBe(written);
  const sum = part.tokens.reduce(
    (total: number, { logProbability }: { logProbability: number }) => total + logProbability,
    0,
  );
  expect(sum).toBeGreaterThanOrEqual(part.nbest[0].logProbability); // which has the end token as well
  expect(sum).toBeLessThan(0);
  expect(heard.words.map(({ text }: { text: string }) => text).join(" ")).toBe(written);
  let last = 0.3; // the voice begins after 0.4 s, and the detector knows it to some hundredths
  for (const { start, end } of heard.words) {
    expect(start).toBeGreaterThanOrEqual(last);
    expect(end).toBeGreaterThan(start);
    last = end;
  }
  expect(last).toBeLessThan(heard.seconds - 0.1);
}, 30_000);

test("a model that tells where it looked has the words' own times, and the same text", async () => {
  const demo = join(import.meta.dir, "../../models/demo-whisper");
  const settings = [`model=${demo}`, "tailFrames=50", "pieceSeconds=4"];
  const heard = json(path("wide.wav"), ...settings.flatMap((each) => ["--set", `speech.whisper.${each}`]));
  expect(heard).toMatchObject({ text: written, approximate: false });
  const words = said.split(" ");
  for (const word of ["book", "viewing", "for"]) {
    // A sentence that stops there ends when the word does.
    const until = await spoken(words.slice(0, words.indexOf(word) + 1).join(" "), "gmw/en");
    const ends = 0.4 + until.findLastIndex((x) => Math.abs(x) > 0.02) / 16_000;
    const { end } = heard.words.find(({ text }: { text: string }) => text === word);
    expect(Math.abs(end - ends)).toBeLessThan(0.12);
  }
}, 30_000);

test("--nbest gives that many readings, the best of them the text", () => {
  const [part] = json(path("wide.wav"), "--nbest", "5").parts;
  const texts = part.nbest.map(({ text }: { text: string }) => text);
  expect(texts[0]).toBe(written);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.length).toBeWithin(2, 6);
  expect(transcribe(path("wide.wav"), "--nbest", "2").text.split("\n")).toHaveLength(3);
}, 30_000);

test("a long file is cut at its pauses, and times go on", () => {
  const gap = new Float32Array(16_000);
  const long = Float32Array.from([...Array(12)].flatMap(() => [...clip, ...gap]));
  writeFileSync(path("long.wav"), wav([long], 16_000, 16));
  const { text, words, seconds } = json(path("long.wav"));
  expect(seconds).toBeGreaterThan(45);
  expect(text).toBe(Array(12).fill(written).join(" "));
  const starts = words
    .filter((word: { text: string }) => word.text === "Maple")
    .map(({ start }: { start: number }) => start);
  const period = (clip.length + gap.length) / 16_000;
  for (const [at, start] of starts.entries()) expect(start - starts[0]).toBeCloseTo(at * period, 0);
}, 60_000);

test("silence is no text, and is no error", () => {
  writeFileSync(path("silence.wav"), wav([new Float32Array(40 * 16_000)], 16_000, 16));
  expect(json(path("silence.wav"))).toMatchObject({
    text: "",
    words: [],
    parts: [],
    averageLogProbability: 0,
    seconds: 40,
  });
}, 30_000);

describe("what is wrong is said", () => {
  test("one file that cannot be read does not keep the others from being heard", () => {
    const { text, error, exitCode } = transcribe(path("notes.txt"), path("nowhere.wav"), path("wide.wav"));
    expect(text).toBe(`${path("wide.wav")}: ${written}`);
    expect(error).toContain("notes.txt is no sound");
    expect(error).toContain("nowhere.wav cannot be read");
    expect(exitCode).toBe(2);
  }, 30_000);

  test.each([
    [[], "Name the sound files"],
    [["x.wav", "--nbest", "0"], "--nbest 0"],
    [["x.wav", "--nbest", "many"], "--nbest many"],
    [["x.wav", "--precision", "int4"], "--precision int4"],
    [["x.wav", "--model", "/nowhere"], "/nowhere"],
    [["x.wav", "--loud"], "--help"],
  ])("%p", (args, message) => {
    const { error, exitCode } = transcribe(...args);
    expect([error, exitCode]).toEqual([expect.stringContaining(message), 2]);
  });

  test("the embedded model takes no prompt", () => {
    const { error, exitCode } = transcribe(path("wide.wav"), "--prompt", "Maple Road");
    expect([error, exitCode]).toEqual([expect.stringContaining("not trained with prompts"), 2]);
  });
});
