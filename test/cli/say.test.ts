import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWav } from "../../src/cli/audio/read-wav.ts";
import { activeSpeechLevel } from "../../src/speech/voice/speech-level.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-say-"));
const out = join(folder, "out.wav");
afterAll(() => rmSync(folder, { recursive: true }));

function say(...args: string[]) {
  const program = [process.execPath, join(import.meta.dir, "../../src/gatehouse.ts"), "say", ...args];
  const { stdout, stderr, exitCode } = Bun.spawnSync(program, { env: { ...process.env, TMPDIR: folder } });
  return { stdout: new Uint8Array(stdout), error: stderr.toString(), exitCode };
}

const soundOf = (path: string) => readWav(readFileSync(path), path);

test("every rate gives the same speech, at the loudness of a call, readable by its owner alone", () => {
  const lengths: number[] = [];
  for (const [rate, rateHz] of [
    ["8000", 8000],
    ["16000", 16_000],
    ["native", 22_050],
  ] as const) {
    writeFileSync(out, "what was there before", { mode: 0o644 });
    expect(say("Good morning,", "how can I help you?", "--rate", rate, "-o", out)).toMatchObject({
      exitCode: 0,
      error: "",
    });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const { rateHz: found, channels } = soundOf(out);
    expect([found, channels.length]).toEqual([rateHz, 1]);
    const [samples = new Float32Array(0)] = channels;
    expect(activeSpeechLevel(samples, rateHz).levelDbov).toBeWithin(-22, -18);
    lengths.push(samples.length / rateHz);
  }
  expect(lengths[0]).toBeWithin(1, 4);
  expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(0.03);
  expect(readdirSync(folder)).toEqual(["out.wav"]); // no native library is left
}, 30_000);

test("a price is said as people say it, and a pipe gets the whole file", () => {
  say("£395,000", "-o", out);
  const words = join(folder, "words.wav");
  say("three hundred and ninety-five thousand pounds", "-o", words);
  expect(readFileSync(out).equals(readFileSync(words))).toBe(true);
  rmSync(words);

  const { stdout, exitCode } = say("£395,000", "-o", "-");
  expect([exitCode, Buffer.from(stdout).equals(readFileSync(out))]).toEqual([0, true]);
}, 30_000);

test("another voice: espeak-ng's by its name, Piper's by its file", () => {
  say("Yes.", "-o", out);
  const usual = readFileSync(out);
  expect(say("Yes.", "--voice", "en-gb-scotland", "-o", out).exitCode).toBe(0);
  expect(readFileSync(out).equals(usual)).toBe(false);

  const piper = join(import.meta.dir, "../../models/piper-tones/tones.onnx");
  expect(say("Yes.", "--voice", piper, "--rate", "native", "-o", out).exitCode).toBe(0);
  expect(soundOf(out).rateHz).toBe(22_050);
}, 30_000);

test.each([
  [["-o", "x.wav"], "Say what?"],
  [["hello"], "-o FILE.wav"],
  [["hello", "-o", "x.wav", "--rate", "44100"], "--rate 44100"],
  [["hello", "-o", "x.wav", "--voice", "nobody"], '"nobody"'],
  [["hello", "-o", "x.wav", "--voice", "nowhere.onnx"], "nowhere.onnx"],
  [["...", "-o", "x.wav"], "nothing in that text"],
  [["hello", "-o", "/nowhere/x.wav"], "/nowhere/x.wav"],
  [["hello", "-o", "x.wav", "--loud"], "--help"],
])("%p is refused with what to do", (args, message) => {
  const { error, exitCode } = say(...args);
  expect([error, exitCode]).toEqual([expect.stringContaining(message), 2]);
});
