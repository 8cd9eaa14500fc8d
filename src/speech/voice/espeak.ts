/**
 * espeak-ng compiled to WebAssembly: the voice of last resort, and what turns words into phonemes for Piper.
 *
 * Its output depends on what it said before (a random sequence and filters that are never reset), and its glue code keeps
 * some memory for each call. So its whole memory is put back to what it was just after the voice was chosen before each
 * use: 1.2 MB, 50 µs. The same words always give the same samples, in whatever order, and memory does not grow.
 */
import loadModule, { type EspeakModule, type EspeakWorker } from "@echogarden/espeak-ng-emscripten";
import { AppError } from "../../app-error.ts";
import { embeddedFile } from "../../embedded/files.ts";
import { createEspeakLexicon } from "./espeak-lexicon.ts";

const dataFolder = "/usr/share/espeak-ng-data";
const dataFile = "node_modules/@echogarden/espeak-ng-emscripten/espeak-ng.data";

/** UTF-8 bytes of one text. The glue code's buffer for strings is made larger than this before the memory is copied. */
const longestText = 4000;

/** @param wordsPerMinute 80…450. `pitch` 0…99. */
export type EspeakVoice = { name: string; wordsPerMinute?: number; pitch?: number };

export interface Espeak {
  rateHz: number;
  /** Audio of one clause, −1…1 at `rateHz`; spans with phonemes (english/pronunciations.ts) sound so. @throws AppError("invalid_input") for an unknown voice. */
  speak(text: string, voice: EspeakVoice): Float32Array;
  /** International phonetic symbols of words without punctuation; a space between words. */
  phonemes(words: string, voice: EspeakVoice): string;
}

/**
 * @param languages Whose dictionaries stay in memory ("en", "cy"): all of them are 24 MB, one is a fraction of one.
 * @throws AppError("speech_failed") if the module does not start.
 */
export async function loadEspeak(languages: readonly string[] = ["en"]): Promise<Espeak> {
  const module = await instantiate();
  keepOnly(module.FS, languages);
  const lexicon = lexiconIn(module.FS);
  const worker = new module.eSpeakNGWorker();
  const long = "a ".repeat(longestText);
  worker.set_voice(long, ""); // twice: the buffer grows at the call after the one it was too short for
  worker.set_voice(long, "");
  const { recall, forget } = voiceMemory(module, worker);
  const named = (text: string, voice: EspeakVoice) => {
    const said = lexicon(text, isEnglish(voice));
    if (said.grown) forget();
    return said.text;
  };
  return {
    rateHz: worker.get_samplerate(),
    speak(text, voice) {
      const said = named(text, voice);
      recall(voice);
      return rendered(worker, bounded(said));
    },
    phonemes(words, voice) {
      const said = named(words, voice);
      recall(voice);
      return plainPhonemes(textAt(module, worker.convert_to_phonemes(bounded(said), true).ptr));
    },
  };
}

async function instantiate(): Promise<EspeakModule> {
  const data = embeddedFile(dataFile);
  const whole = data.byteLength === data.buffer.byteLength && data.buffer instanceof ArrayBuffer;
  const buffer = whole ? data.buffer : new Uint8Array(data).buffer; // the glue code wants an ArrayBuffer from 0
  // It would look for its data file beside itself, and inside the executable nothing lies beside it.
  const options = { getPreloadedPackage: () => buffer, print: ignore, printErr: ignore };
  try {
    const module = await loadModule(options);
    Reflect.deleteProperty(options, "getPreloadedPackage"); // they live as long as the module, and hold the data
    return module;
  } catch (cause) {
    throw new AppError("speech_failed", "espeak-ng did not start", { cause });
  }
}

/** The files are views of the one buffer that came in: copies of the few that are needed let go of it. */
function keepOnly(files: EspeakModule["FS"], languages: readonly string[]): void {
  const wanted = new Set(languages.map((language) => `${language}_dict`));
  const visit = (folder: string) => {
    for (const name of files.readdir(folder)) {
      const path = `${folder}/${name}`;
      if (name === "." || name === "..") continue;
      const { node } = files.lookupPath(path);
      if (files.isDir(node.mode)) visit(path);
      else if (name.endsWith("_dict") && !wanted.has(name)) files.unlink(path);
      else node.contents = node.contents.slice();
    }
  };
  visit(dataFolder);
}

/** Texts in, the same with names for their spans; `grown`: the dictionary on "disk" is another now. */
function lexiconIn(files: EspeakModule["FS"]): (text: string, isEnglish: boolean) => { text: string; grown: boolean } {
  const { node } = files.lookupPath(`${dataFolder}/en_dict`);
  const lexicon = createEspeakLexicon(node.contents, files.lookupPath(`${dataFolder}/phontab`).node.contents);
  const put = (dictionary: Uint8Array) => {
    node.contents = dictionary;
    node.usedBytes = dictionary.length;
  };
  put(lexicon.first);
  return (text, isEnglish) => {
    const said = lexicon.named(text, isEnglish);
    if (said.dictionary !== undefined) put(said.dictionary);
    return { text: said.text, grown: said.dictionary !== undefined };
  };
}

/** "gmw/en+f2", "en-gb-x-rp": the voices that read the English dictionary. */
const isEnglish = ({ name }: EspeakVoice) => /^(?:.*\/)?en(?![a-z])/i.test(name);

type VoiceMemory = {
  /** Puts the memory back to the moment after `voice` was chosen. */
  recall(voice: EspeakVoice): void;
  /** Voices are chosen anew: what they read has changed. */
  forget(): void;
};

function voiceMemory(module: EspeakModule, worker: EspeakWorker): VoiceMemory {
  const fresh = usedMemory(module);
  const snapshots = new Map<string, Uint8Array>();
  const recall = (voice: EspeakVoice) => {
    const key = JSON.stringify([voice.name, voice.wordsPerMinute, voice.pitch]);
    const known = snapshots.get(key);
    if (known !== undefined) return module.HEAPU8.set(known);
    module.HEAPU8.set(fresh);
    choose(worker, voice);
    if (snapshots.size >= 4) snapshots.clear(); // a process speaks with one or two
    snapshots.set(key, usedMemory(module));
  };
  return { recall, forget: () => snapshots.clear() };
}

const page = 65_536;
const emptyPage = Buffer.alloc(page);

/** A copy up to the last page that holds anything. */
function usedMemory(module: EspeakModule): Uint8Array {
  const memory = module.HEAPU8;
  let end = memory.length; // whole pages, as all memory of WebAssembly
  while (end > 0 && emptyPage.equals(memory.subarray(end - page, end))) end -= page;
  return memory.slice(0, end);
}

function choose(worker: EspeakWorker, { name, wordsPerMinute = 165, pitch = 50 }: EspeakVoice): void {
  // By the name of its file ("en-gb-x-rp"), else by language ("en-gb"), which needs a check: it falls back to any voice.
  const known = worker.set_voice(name) === 0 || (speaks(worker, name) && worker.set_voice("", name) === 0);
  if (!known) throw new AppError("invalid_input", `espeak-ng has no voice "${name}"`);
  worker.set_rate(wordsPerMinute);
  worker.set_pitch(pitch);
}

function speaks(worker: EspeakWorker, language: string): boolean {
  return worker.list_voices().some(({ languages }) => languages.some(({ name }) => name === language.toLowerCase()));
}

function rendered(worker: EspeakWorker, text: string): Float32Array {
  const chunks: Int16Array[] = [];
  worker.synthesize(text, (audio) => {
    chunks.push(audio);
    return false;
  });
  const out = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    for (const sample of chunk) out[at++] = sample / 32_768;
  }
  return out;
}

function textAt(module: EspeakModule, at: number): string {
  if (at === 0) return "";
  return new TextDecoder().decode(module.HEAPU8.subarray(at, module.HEAPU8.indexOf(0, at)));
}

/** Without the marks between phonemes ("_"), between espeak's own clauses ("|") and of a change of language ("(en)"). */
function plainPhonemes(traced: string): string {
  return traced
    .replace(/\([a-z][a-z0-9-]*\)/gi, "")
    .replace(/[_|]/g, (mark) => (mark === "|" ? " " : ""))
    .replace(/\s+/g, " ")
    .trim();
}

/** Clauses are far shorter; anything longer would overrun the buffer that the snapshots hold. */
function bounded(text: string): string {
  if (Buffer.byteLength(text) > longestText)
    throw new AppError("invalid_input", `A clause longer than ${longestText} bytes`);
  return text;
}

function ignore(): void {
  // What espeak-ng prints may hold the words it was given.
}
