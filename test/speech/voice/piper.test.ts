import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppError } from "../../../src/app-error.ts";
import { extractNatives, loadOnnxRuntime } from "../../../src/embedded/natives.ts";
import { splitPieces } from "../../../src/speech/voice/clauses.ts";
import { loadVoice } from "../../../src/speech/voice/engine.ts";
import { type Espeak, loadEspeak } from "../../../src/speech/voice/espeak.ts";
import { clausePhonemes, phonemeIds } from "../../../src/speech/voice/phoneme-ids.ts";
import { loadPiper, type Piper, piperFeeds } from "../../../src/speech/voice/piper.ts";
import { parsePiperConfig } from "../../../src/speech/voice/piper-config.ts";
import { onset, readTones } from "./tones.ts";

const models = join(import.meta.dir, "../../../models");
const tones = join(models, "piper-tones/tones.onnx");
const settings = JSON.parse(readFileSync(`${tones}.json`, "utf8"));
const nativeDir = extractNatives("");
const folder = mkdtempSync(join(tmpdir(), "gatehouse-voice-"));
afterAll(() => rmSync(folder, { recursive: true }));

let ort: Awaited<ReturnType<typeof loadOnnxRuntime>>;
let espeak: Espeak;
let piper: Piper;
beforeAll(async () => {
  ort = await loadOnnxRuntime(nativeDir);
  espeak = await loadEspeak();
  piper = await loadPiper({ file: tones }, { ort, noise: 0 });
});

const british = { name: "en-gb-x-rp" };
const phonemesOf = (words: string) => espeak.phonemes(words, british);
/** Id of a phoneme, by the voice's own table. */
const idOf = (phoneme: string) => piper.config.ids.get(phoneme)?.[0] ?? -1;
/** Ids up to 13 are pauses and punctuation: silent. */
const heard = (text: string) => [...text.normalize("NFD")].map(idOf).map((id) => (id <= 13 ? undefined : id));

/** A voice of its own in the temporary folder: the tones' graph with other settings. */
function variant(name: string, changes: object): string {
  const file = join(folder, `${name}.onnx`);
  copyFileSync(tones, file);
  writeFileSync(`${file}.json`, JSON.stringify({ ...settings, ...changes }));
  return file;
}

test("the voice is fed ^ _ (p _)* $ with the punctuation where it was", () => {
  const phonemes = clausePhonemes(splitPieces("Hello, are you there?"), phonemesOf);
  const { ids, unknown } = phonemeIds(phonemes, piper.config);

  expect(phonemes).toBe("həlˈəʊ, ɑː juː ðˈeə?");
  expect(unknown).toBe(0);
  expect(ids.slice(0, 2)).toEqual([idOf("^"), idOf("_")]);
  expect(ids.at(-1)).toBe(idOf("$"));
  const inner = ids.slice(2, -1);
  expect(inner.filter((_, i) => i % 2 === 1).every((id) => id === idOf("_"))).toBe(true);
  expect(inner.filter((_, i) => i % 2 === 0)).toEqual([...phonemes].map(idOf));
});

test("its audio holds those phonemes in that order, and silence where the punctuation is", async () => {
  const text = "Good morning; the house, is it free?";
  const phonemes = clausePhonemes(splitPieces(text), phonemesOf);
  const audio = await piper.speak(phonemeIds(phonemes, piper.config).ids);

  expect(readTones(audio, 22_050)).toEqual([undefined, ...heard(phonemes), undefined]);
});

test("the same is heard at 8 kHz behind the whole engine, silent ends gone and the pause behind it", async () => {
  const engine = await loadVoice({ settings: { engine: "piper", model: { file: tones }, noise: 0 }, nativeDir });
  const { audio, unknownPhonemes, fellBack } = await engine.speakClause("Which day suits you, Tuesday?", 300);
  const samples = Float32Array.from(audio, (x) => x / 32_768);
  const wanted = heard(clausePhonemes(splitPieces("Which day suits you, Tuesday?"), phonemesOf));
  while (wanted.at(-1) === undefined) wanted.pop();
  while (wanted[0] === undefined) wanted.shift();

  expect([unknownPhonemes, fellBack]).toEqual([0, false]);
  expect(onset(samples)).toBeLessThan(200);
  expect(samples.subarray(-2400).every((x) => x === 0)).toBe(true);
  expect(readTones(samples.subarray(0, -2400), 8000, onset(samples)).slice(0, wanted.length)).toEqual(wanted);
});

test("a voice of real size is loaded with its weights in a file beside it, and missed if that is missing", async () => {
  const filled = Bun.spawnSync([process.execPath, join(models, "fill-shapes.ts"), folder, "piper-shape"]);
  expect(filled.success).toBe(true);
  const file = join(folder, "piper-shape/medium.onnx");
  const engine = await loadVoice({ settings: { engine: "piper", model: { file } }, nativeDir });
  const { audio, fellBack } = await engine.speakClause("Good morning.", 0);

  expect(fellBack).toBe(false);
  expect(audio.length).toBeGreaterThan(4000);
  rmSync(join(folder, "piper-shape/medium.weights"));
  expect(loadPiper({ file }, { ort })).rejects.toThrow(/medium\.onnx cannot be loaded/);
}, 30_000); // 60 MB of weights

test("a voice that fails on a clause leaves it to espeak-ng, and says so", async () => {
  const ids = { ...settings.phoneme_id_map, z: [99_999] }; // beyond the graph's table: its run fails
  const engine = await loadVoice({
    settings: { engine: "piper", model: { file: variant("z", { phoneme_id_map: ids }) } },
    nativeDir,
  });

  expect(await engine.speakClause("Yes.", 0)).toMatchObject({ fellBack: false });
  const { audio, fellBack } = await engine.speakClause("Zebra.", 0);
  expect(fellBack).toBe(true);
  expect(audio.some((x) => Math.abs(x) > 3000)).toBe(true);
});

test("phonemes that the voice does not know are left out and counted; letters with accents are taken apart", () => {
  const config = {
    ids: new Map([
      ["^", [1]],
      ["$", [2]],
      ["_", [0]],
      ["a", [14]],
      ["\u0303", [15]],
    ]),
    replacements: new Map([["x", "aa"]]),
  };

  expect(phonemeIds("a?ãq", config)).toEqual({ ids: [1, 0, 14, 0, 14, 0, 15, 0, 2], unknown: 2 });
  expect(phonemeIds("x", config)).toEqual({ ids: [1, 0, 14, 0, 14, 0, 2], unknown: 0 });
});

test("sid is fed only to a voice of several speakers; the scales are its own", () => {
  const parse = (changes: object) => parsePiperConfig(JSON.stringify({ ...settings, ...changes }), "voice.onnx.json");
  const one = piperFeeds([1, 0, 2], parse({}), 0, 1);
  const several = piperFeeds([1, 0, 2], parse({ num_speakers: 4 }), 3, 0);

  expect(Object.keys(one)).toEqual(["input", "input_lengths", "scales"]);
  expect(one.input).toEqual({ type: "int64", data: BigInt64Array.of(1n, 0n, 2n), dims: [1, 3] });
  expect(one.input_lengths?.data).toEqual(BigInt64Array.of(3n));
  expect(one.scales?.data).toEqual(Float32Array.of(0.667, 1, 0.8));
  expect(several.sid).toEqual({ type: "int64", data: BigInt64Array.of(3n), dims: [1] });
  expect(several.scales?.data).toEqual(Float32Array.of(0, 1, 0));
});

describe("a voice that cannot be used is refused, naming the file", () => {
  const refused = async (file: string, options: { speaker?: number } = {}) => {
    const error = await loadPiper({ file }, { ort, ...options }).then(
      () => undefined,
      (reason: AppError) => reason,
    );
    return `${error?.code}: ${error?.message}`;
  };

  test("absent", async () => {
    expect(await refused(join(folder, "none.onnx"))).toMatch(/^model_missing: .*none\.onnx\.json/);
    writeFileSync(join(folder, "half.onnx.json"), JSON.stringify(settings));
    expect(await refused(join(folder, "half.onnx"))).toMatch(/^model_missing: .*half\.onnx\b/);
  });

  test("damaged graph or settings", async () => {
    const cut = variant("cut", {});
    writeFileSync(cut, readFileSync(tones).subarray(0, 700));
    expect(await refused(cut)).toMatch(/^model_damaged: .*cut\.onnx cannot be loaded/);
    const text = variant("text", {});
    writeFileSync(`${text}.json`, "<html>");
    expect(await refused(text)).toMatch(/^model_damaged: .*text\.onnx\.json .*not JSON/);
    expect(await refused(variant("ids", { phoneme_id_map: { a: [1] } }))).toMatch(
      /^model_damaged: .*ids\.onnx\.json .*phoneme_id_map/,
    );
    expect(await refused(variant("rate", { audio: { sample_rate: "fast" } }))).toMatch(
      /^model_damaged: .*audio\.sample_rate/,
    );
  });

  test("settings for several speakers beside a graph for one", async () => {
    expect(await refused(variant("many", { num_speakers: 4 }))).toMatch(
      /^model_damaged: .*many\.onnx takes input, input_lengths, scales/,
    );
  });

  test("a speaker that it does not have", async () => {
    expect(await refused(tones, { speaker: 1 })).toMatch(/^invalid_config: .*speakers 0 to 0/);
  });

  test("phonemes by a voice that espeak-ng does not have", async () => {
    const file = variant("klingon", { espeak: { voice: "tlh-x-none" } });
    expect(loadVoice({ settings: { engine: "piper", model: { file } }, nativeDir })).rejects.toThrow("tlh-x-none");
  });
});
