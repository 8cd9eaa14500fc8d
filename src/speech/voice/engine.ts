/** A voice, ready to speak clauses to a telephone. Runs in a speech child: every call keeps its thread busy. */
import { AppError } from "../../app-error.ts";
import { loadOnnxRuntime } from "../../embedded/natives.ts";
import type { RateHz } from "../../media/messages.ts";
import { calibrationClauses, gainOfVoice } from "./calibration.ts";
import { splitPieces } from "./clauses.ts";
import { type Espeak, type EspeakVoice, loadEspeak } from "./espeak.ts";
import { joined, joinedPcm } from "./join.ts";
import { clausePhonemes, phonemeIds } from "./phoneme-ids.ts";
import { loadPiper, type Piper } from "./piper.ts";
import type { PiperModel } from "./piper-session.ts";
import { createTelephoneStream, telephoneAudio } from "./telephone-audio.ts";

/** `gain`: measured before, and not to be measured again. */
export type VoiceSettings =
  /** `voice`: espeak-ng's name of it. `wordsPerMinute` 80…450, `pitch` 0…99. */
  | { engine: "espeak"; voice: string; wordsPerMinute?: number; pitch?: number; gain?: number }
  /** `noise`: factor on the voice's noise; 0 gives the same audio at every run. */
  | { engine: "piper"; model: PiperModel; speaker?: number; noise?: number; gain?: number };

export type SpokenClause = {
  /** Mono, with the pause behind it; what is behind the parts that were given out before. */
  audio: Int16Array;
  /** Phonemes that the voice did not know. */
  unknownPhonemes: number;
  /** The voice failed and espeak-ng spoke in its place. */
  fellBack: boolean;
};

/** "native": the voice's own, `nativeRateHz`. */
export type SpokenRate = RateHz | "native";

/** `part`: takes what is made of a clause as it is made, in order. */
export type Speaking = { signal?: AbortSignal; part?: (audio: Int16Array) => void };

export interface VoiceEngine {
  nativeRateHz: number;
  /** A Piper voice whose graph cannot be run in windows: there are no parts, and no end but that of the clause. */
  isWhole: boolean;
  /** Factor on all that the voice says, which brings it to the level of a telephone. */
  gain: number;
  /**
   * @param rateHz 8000 unless given.
   * @throws `signal.reason` on abort, between two runs of a graph.
   */
  speakClause(text: string, pauseMs: number, rateHz?: SpokenRate, speaking?: Speaking): Promise<SpokenClause>;
}

/** What speaks when a Piper voice fails. */
const lastResort: EspeakVoice = { name: "en-gb-x-rp" };
export const lastResortVoice: VoiceSettings = { engine: "espeak", voice: lastResort.name };
/** The first run is slower than all others. */
const warmUpClause = "Yes.";

/**
 * Ready to speak: warmed up, its loudness measured.
 *
 * @throws AppError("model_missing" | "model_damaged" | "invalid_config" | "speech_failed")
 */
export async function loadVoice({
  settings,
  nativeDir,
}: {
  settings: VoiceSettings;
  nativeDir: string;
}): Promise<VoiceEngine> {
  return settings.engine === "espeak" ? await loadEspeakVoice(settings) : await loadPiperVoice(settings, nativeDir);
}

async function loadEspeakVoice({
  voice: name,
  wordsPerMinute,
  pitch,
  gain,
}: VoiceSettings & { engine: "espeak" }): Promise<VoiceEngine> {
  const voice = {
    name,
    ...(wordsPerMinute === undefined ? {} : { wordsPerMinute }),
    ...(pitch === undefined ? {} : { pitch }),
  };
  const espeak = await loadEspeak(languagesOf(name));
  return espeakEngine(espeak, checked(espeak, voice), gain);
}

async function loadPiperVoice(
  { model, gain, ...options }: VoiceSettings & { engine: "piper" },
  nativeDir: string,
): Promise<VoiceEngine> {
  const piper = await loadPiper(model, { ort: await loadOnnxRuntime(nativeDir), ...options });
  const espeak = await loadEspeak(languagesOf(piper.config.espeakVoice));
  if (piper.config.phonemeType === "espeak") checked(espeak, { name: piper.config.espeakVoice });
  return await piperEngine(espeak, piper, gain);
}

/** English for the last resort, and the voice's own: "gmw/en-GB-x-rp" and "en-gb" are both "en". */
function languagesOf(voice: string): string[] {
  const own = voice.split("/").at(-1)?.split("-")[0]?.toLowerCase();
  return own === undefined || own === "" ? ["en"] : ["en", own];
}

function espeakEngine(espeak: Espeak, voice: EspeakVoice, knownGain: number | undefined): VoiceEngine {
  const gain = knownGain ?? espeakGain(espeak, voice);
  if (knownGain !== undefined) espeak.speak(warmUpClause, voice);
  return {
    nativeRateHz: espeak.rateHz,
    isWhole: false, // it takes milliseconds
    gain,
    speakClause: async (text, pauseMs, rateHz = 8000) => ({
      audio: telephoneAudio(espeak.speak(text, voice), espeak.rateHz, { pauseMs, rateHz, gain }),
      unknownPhonemes: 0,
      fellBack: false,
    }),
  };
}

function espeakGain(espeak: Espeak, voice: EspeakVoice): number {
  return gainOfVoice(
    calibrationClauses.map((text) => espeak.speak(text, voice)),
    espeak.rateHz,
  );
}

async function piperEngine(espeak: Espeak, piper: Piper, knownGain: number | undefined): Promise<VoiceEngine> {
  const { config } = piper;
  const voice = { name: config.espeakVoice };
  const phonemesOf = (words: string) =>
    config.phonemeType === "text" ? words.toLowerCase() : espeak.phonemes(words, voice);
  const idsOf = (text: string) => phonemeIds(clausePhonemes(splitPieces(text), phonemesOf), config);
  const gain = knownGain ?? (await piperGain(piper, idsOf));
  if (knownGain !== undefined && (await heard(piper, idsOf(warmUpClause).ids)) === undefined) throw mute();
  /** Measured when it is first needed: most voices never fail. */
  let lastResortGain: number | undefined;
  const fallBack = (text: string, pauseMs: number, rateHz: SpokenRate) => {
    lastResortGain ??= espeakGain(espeak, lastResort);
    return telephoneAudio(espeak.speak(text, lastResort), espeak.rateHz, { pauseMs, rateHz, gain: lastResortGain });
  };
  const speakClause: VoiceEngine["speakClause"] = async (text, pauseMs, rateHz = 8000, { signal, part } = {}) => {
    const { ids, unknown } = idsOf(text);
    const stream = createTelephoneStream(config.rateHz, { pauseMs, rateHz, gain });
    const kept: Int16Array[] = [];
    const isHeard = await hear(piper, ids, signal === undefined ? {} : { signal }, (samples) => {
      const audio = stream.push(samples);
      if (audio.length === 0) return;
      if (part === undefined) kept.push(audio);
      else part(audio);
    });
    signal?.throwIfAborted();
    // A voice that fails on one clause must not cost the caller the answer: the words are said, only less well. All of
    // them, though the first may have been heard: a word that is said twice is better than one that is missing.
    const audio = isHeard ? joinedPcm([...kept, stream.end()]) : fallBack(text, pauseMs, rateHz);
    return { audio, unknownPhonemes: unknown, fellBack: !isHeard };
  };
  return { nativeRateHz: config.rateHz, isWhole: piper.isWhole, gain, speakClause };
}

/** Without noise, so that the same voice has the same gain in every process. */
async function piperGain(piper: Piper, idsOf: (text: string) => { ids: number[] }): Promise<number> {
  const clauses: Float32Array[] = [];
  for (const text of calibrationClauses) {
    const samples = await heard(piper, idsOf(text).ids, 0);
    if (samples !== undefined) clauses.push(samples);
  }
  if (clauses.length === 0) throw mute();
  return gainOfVoice(clauses, piper.config.rateHz);
}

/** @returns undefined where the graph fails, or gives what is no sound. */
async function heard(piper: Piper, ids: readonly number[], noise?: number): Promise<Float32Array | undefined> {
  const parts: Float32Array[] = [];
  const isHeard = await hear(piper, ids, noise === undefined ? {} : { noise }, (samples) => parts.push(samples));
  return isHeard ? joined(parts) : undefined;
}

/** @returns whether it came to its end: not where the graph fails or gives what is no sound, nor on abort. */
async function hear(
  piper: Piper,
  ids: readonly number[],
  options: { noise?: number; signal?: AbortSignal },
  take: (samples: Float32Array) => void,
): Promise<boolean> {
  try {
    for await (const samples of piper.speak(ids, options)) {
      if (!samples.every((x) => Number.isFinite(x))) return false;
      take(samples);
    }
    return true;
  } catch {
    return false;
  }
}

const mute = () => new AppError("model_damaged", "The Piper voice cannot speak: its graph fails on a plain sentence");

/** An unknown voice is found at start and not in a call. */
function checked(espeak: Espeak, voice: EspeakVoice): EspeakVoice {
  try {
    espeak.phonemes("hello", voice);
  } catch (cause) {
    if (cause instanceof AppError)
      throw new AppError("invalid_config", `${cause.message}: correct speech.voice.voice`, { cause });
    throw cause;
  }
  return voice;
}
