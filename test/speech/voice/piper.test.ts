import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppError } from "../../../src/app-error.ts";
import { extractNatives, loadOnnxRuntime } from "../../../src/embedded/natives.ts";
import { splitPieces } from "../../../src/speech/voice/clauses.ts";
import { loadVoice } from "../../../src/speech/voice/engine.ts";
import { type Espeak, loadEspeak } from "../../../src/speech/voice/espeak.ts";
import { joined } from "../../../src/speech/voice/join.ts";
import { clausePhonemes, phonemeIds } from "../../../src/speech/voice/phoneme-ids.ts";
import { loadPiper, type Piper, piperFeeds } from "../../../src/speech/voice/piper.ts";
import { parsePiperConfig } from "../../../src/speech/voice/piper-config.ts";
import { activeSpeechLevel } from "../../../src/speech/voice/speech-level.ts";
import { onset, readTones } from "./tones.ts";

setDefaultTimeout(30_000); // voices are loaded, one of them of 60 MB, on machines that do other things

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

/**
 * Behind a model's bytes it gives its graph one input more, `sid` (int64 [1]): fields of a message that come twice are
 * joined (protobuf.dev "Encoding", "Last One Wins"). ModelProto.graph is 7, GraphProto.input 11.
 */
const speakerInput = (() => {
  const field = (number: number, payload: Uint8Array) => Buffer.from([number * 8 + 2, payload.length, ...payload]);
  const shape = field(2, field(1, Uint8Array.of(8, 1))); // one dimension, of 1
  const type = field(2, field(1, Buffer.concat([Uint8Array.of(8, 7), shape]))); // 7: int64
  return field(7, field(11, Buffer.concat([field(1, Buffer.from("sid")), type])));
})();

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
  const audio = joined(await Array.fromAsync(piper.speak(phonemeIds(phonemes, piper.config).ids)));

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
});

test("a voice that fails on a clause leaves it to espeak-ng, and says so", async () => {
  const ids = { ...settings.phoneme_id_map, z: [99_999] }; // beyond the graph's table: its run fails
  const engine = await loadVoice({
    settings: { engine: "piper", model: { file: variant("z", { phoneme_id_map: ids }) } },
    nativeDir,
  });

  expect(await engine.speakClause("Yes.", 0)).toMatchObject({ fellBack: false });
  const { audio, fellBack } = await engine.speakClause("The zebra is not for sale.", 0);
  const samples = Float32Array.from(audio, (x) => x / 32_768);
  expect(fellBack).toBe(true);
  expect(activeSpeechLevel(samples, 8000).levelDbov).toBeWithin(-22, -18); // as loud as the voice whose place it takes
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

test("an entry of several code points is one phoneme where it fits; the table may be composed or not", () => {
  const phoneme_id_map = { ...settings.phoneme_id_map, tʃ: [90], t͡ʃ: [91, 92], "\u00e7": [93] };
  const config = parsePiperConfig(JSON.stringify({ ...settings, phoneme_id_map }), "voice.onnx.json");
  const inner = (phonemes: string) => phonemeIds(phonemes, config).ids.slice(2, -1);

  expect(inner("tʃt")).toEqual([90, 0, idOf("t"), 0]);
  expect(inner("t͡ʃ")).toEqual([91, 92, 0]);
  expect(inner("ts")).toEqual([idOf("t"), 0, idOf("s"), 0]);
  expect(inner("c\u0327")).toEqual(inner("\u00e7"));
  expect(inner("c\u0327")).toEqual([93, 0]);
});

test("a voice that reads letters is given the text's own, in lower case", async () => {
  const file = variant("letters", { phoneme_type: "text", espeak: {} });
  const engine = await loadVoice({ settings: { engine: "piper", model: { file }, noise: 0 }, nativeDir });
  const { audio, unknownPhonemes } = await engine.speakClause("Dad, look up!", 0);
  const samples = Float32Array.from(audio, (x) => x / 32_768);
  const wanted = heard("dad, look up");

  expect(unknownPhonemes).toBe(0);
  expect(readTones(samples, 8000, onset(samples)).slice(0, wanted.length)).toEqual(wanted);
});

test("phonemes that the voice does not know are counted by the engine; flags of another language are none", async () => {
  const { " ": _, ə: __, ...known } = settings.phoneme_id_map;
  const file = variant("few", { phoneme_id_map: known });
  const engine = await loadVoice({ settings: { engine: "piper", model: { file }, noise: 0 }, nativeDir });

  expect((await engine.speakClause("Hello you.", 0)).unknownPhonemes).toBe(3); // two in həlˈəʊ juː, and the space
  expect(espeak.phonemes("bonjour à toi", { name: "en-gb-x-rp" })).not.toMatch(/[()]/);
});

test("a voice at 16 kHz has its own speed and pitch, at either rate of a call", async () => {
  const file = variant("wide", { audio: { sample_rate: 16_000 } });
  const engine = await loadVoice({ settings: { engine: "piper", model: { file }, noise: 0 }, nativeDir });
  const wanted = heard("ðˈeə");
  for (const rateHz of [8000, 16_000] as const) {
    const { audio } = await engine.speakClause("There.", 0, rateHz);
    const samples = Float32Array.from(audio, (x) => x / 32_768);
    // 16 kHz samples taken for 22.05 kHz ones: all tones are lower, and longer, by that.
    const read = readTones(samples, (rateHz * 22_050) / 16_000, onset(samples));
    expect(read.slice(0, wanted.length)).toEqual(wanted);
  }
});

test("a voice of several speakers is fed the one that was asked for", async () => {
  const file = variant("speakers", { num_speakers: 3 });
  writeFileSync(file, Buffer.concat([readFileSync(tones), speakerInput]));
  const engine = await loadVoice({ settings: { engine: "piper", model: { file }, speaker: 2, noise: 0 }, nativeDir });

  expect(await engine.speakClause("Yes.", 0)).toMatchObject({ fellBack: false });
  expect(loadPiper({ file }, { ort, speaker: 3 })).rejects.toThrow("speakers 0 to 2");
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
