import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSoundFile } from "../../../src/cli/audio/read-sound.ts";
import { encode } from "../../../src/media/g711.ts";
import { flac, tone, wav } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-sound-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const read = (path: string, rawAlaw = false) => readSoundFile(path, { rawAlaw });
const hz = 440;

/** How far the middle of `samples` is from the tone, at worst. */
function errorOf(samples: Float32Array, level = 0.5): number {
  const ideal = tone(hz, 16_000, samples.length / 16_000, level);
  let most = 0;
  for (let i = 1600; i < samples.length - 1600; i++)
    most = Math.max(most, Math.abs((samples[i] ?? 0) - (ideal[i] ?? 0)));
  return most;
}

test.each([4000, 8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])(
  "WAV of %d Hz: the tone comes out where it was",
  async (rateHz) => {
    const samples = await read(file("rate.wav", wav([tone(hz, rateHz, 0.8)], rateHz, 16)));
    expect(samples.length).toBe(12_800);
    expect(errorOf(samples)).toBeLessThan(0.005);
  },
);

test.each([
  [8, "pcm", 0.01],
  [16, "pcm", 1e-4],
  [24, "pcm", 1e-6],
  [32, "pcm", 1e-6],
  [32, "float", 1e-6],
  [64, "float", 1e-6],
  [24, "extensible", 1e-6],
] as const)("WAV of %d bit, %s", async (bits, format, worst) => {
  expect(errorOf(await read(file("depth.wav", wav([tone(hz, 16_000, 0.5)], 16_000, bits, format))))).toBeLessThan(
    worst,
  );
});

test.each([
  [8, 16_000, 0.01],
  [16, 8000, 0.005],
  [24, 48_000, 0.005],
] as const)("FLAC of %d bit and %d Hz", async (bits, rateHz, worst) => {
  const samples = await read(file("depth.flac", flac([tone(hz, rateHz, 0.8)], rateHz, bits)));
  expect(samples.length).toBe(12_800);
  expect(errorOf(samples)).toBeLessThan(worst);
});

test("several channels become their mean, in either kind of file", async () => {
  const silent = new Float32Array(8000);
  const channels = [tone(hz, 16_000, 0.5), silent, tone(hz, 16_000, 0.5), silent];
  for (const path of [file("four.wav", wav(channels, 16_000, 16)), file("four.flac", flac(channels, 16_000, 16))])
    expect(errorOf(await read(path), 0.25)).toBeLessThan(1e-3);
});

test("A-law without a header, by its name or because it is said so", async () => {
  const bytes = encode(
    "PCMA",
    Int16Array.from(tone(hz, 8000, 0.5), (x) => Math.round(x * 32_767)),
  );
  for (const samples of [
    await read(file("a.al", bytes)),
    await read(file("a.ALAW", bytes)),
    await read(file("a.bin", bytes), true),
  ]) {
    expect(samples.length).toBe(8000);
    expect(errorOf(samples)).toBeLessThan(0.03);
  }
  await expect(read(file("a.bin", bytes))).rejects.toThrow("no sound that is known here");
});

test.each([0x7fff_f000, 0xffff_ffff])(
  "a WAV that came out of a pipe says %d bytes; what is there counts",
  async (said) => {
    const samples = await read(file("pipe.wav", wav([tone(hz, 16_000, 0.5)], 16_000, 16, "pcm", said)));
    expect(samples.length).toBe(8000);
  },
);

const whole = wav([tone(hz, 16_000, 0.5)], 16_000, 16);
const wholeFlac = flac([tone(hz, 16_000, 1)], 16_000, 16);
const broken = Buffer.from(wholeFlac);
broken.fill(0xa5, 20_000, 20_010);

test.each([
  ["cut.wav", whole.subarray(0, 5000), "4956 of 16000 bytes"],
  ["head.wav", whole.subarray(0, 36), "it holds no sound"],
  ["none.wav", wav([new Float32Array(0)], 16_000, 16), "holds no sound"],
  ["twelve.wav", Buffer.from(whole).fill(12, 34, 35), "twelve.wav"],
  ["cut.flac", wholeFlac.subarray(0, 20_000), "of 16000 samples can be read"],
  ["broken.flac", broken, "of 16000 samples can be read"],
  ["head.flac", wholeFlac.subarray(0, 20), "head.flac"],
  ["notes.txt", Buffer.from("a line of text"), "no sound that is known here"],
  ["empty.wav", Buffer.alloc(0), "no sound that is known here"],
])("%s is refused with its name and the reason", async (name, bytes, reason) => {
  const path = file(name, bytes);
  const failure = await read(path).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "AppError", code: "invalid_input" });
  expect((failure as Error).message).toContain(path);
  expect((failure as Error).message).toContain(reason);
});

test("a file that is not there, and a folder", async () => {
  await expect(read(join(folder, "nowhere.wav"))).rejects.toMatchObject({ code: "invalid_input" });
  await expect(read(folder)).rejects.toMatchObject({ code: "invalid_input" });
});

const human = join(import.meta.dir, "../../../../shared/data/audio/en-us");
test.skipIf(!existsSync(join(human, "jfk.flac")))(
  "needs ../shared/data: an encoder's own FLAC is the same sound as its WAV",
  async () => {
    const [fromFlac, fromWav] = [await read(join(human, "jfk.flac")), await read(join(human, "jfk.wav"))];
    expect(fromFlac.length).toBeGreaterThan(10 * 16_000);
    expect(Math.abs(fromFlac.length - fromWav.length)).toBeLessThan(16_000);
    expect(readFileSync(join(human, "jfk.flac")).length).toBeLessThan(readFileSync(join(human, "jfk.wav")).length * 5);
  },
);
