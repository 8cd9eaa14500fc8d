/** A voice, ready to speak clauses to a telephone. Runs in a speech child: every call keeps its thread busy. */
import { AppError } from "../../app-error.ts";
import { loadOnnxRuntime } from "../../embedded/natives.ts";
import type { RateHz } from "../../media/messages.ts";
import { splitPieces } from "./clauses.ts";
import { type Espeak, type EspeakVoice, loadEspeak } from "./espeak.ts";
import { clausePhonemes, phonemeIds } from "./phoneme-ids.ts";
import { loadPiper, type Piper, type PiperModel } from "./piper.ts";
import { telephoneAudio } from "./telephone-audio.ts";

export type VoiceSettings =
  /** `voice`: espeak-ng's name of it. `wordsPerMinute` 80…450, `pitch` 0…99. */
  | { engine: "espeak"; voice: string; wordsPerMinute?: number; pitch?: number }
  /** `noise`: factor on the voice's noise; 0 gives the same audio at every run. */
  | { engine: "piper"; model: PiperModel; speaker?: number; noise?: number };

export type SpokenClause = {
  /** Mono, with the pause behind it. */
  audio: Int16Array;
  /** Phonemes that the voice did not know. */
  unknownPhonemes: number;
  /** The voice failed and espeak-ng spoke in its place. */
  fellBack: boolean;
};

/** "native": the voice's own, `nativeRateHz`. */
export type SpokenRate = RateHz | "native";

export interface VoiceEngine {
  nativeRateHz: number;
  /** @param rateHz 8000 unless given. */
  speakClause(text: string, pauseMs: number, rateHz?: SpokenRate): Promise<SpokenClause>;
  /** Speaks twice, so that the first real clause is not slower than the others. */
  warmUp(): Promise<void>;
}

/** What speaks when a Piper voice fails. */
const lastResort: EspeakVoice = { name: "en-gb-x-rp" };
const warmUpClauses = ["Yes.", "Good morning, how can I help you?"];

/** @throws AppError("model_missing" | "model_damaged" | "invalid_config" | "speech_failed") */
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
}: VoiceSettings & { engine: "espeak" }): Promise<VoiceEngine> {
  const voice = {
    name,
    ...(wordsPerMinute === undefined ? {} : { wordsPerMinute }),
    ...(pitch === undefined ? {} : { pitch }),
  };
  const espeak = await loadEspeak(languagesOf(name));
  return espeakEngine(espeak, checked(espeak, voice));
}

async function loadPiperVoice(
  { model, ...options }: VoiceSettings & { engine: "piper" },
  nativeDir: string,
): Promise<VoiceEngine> {
  const piper = await loadPiper(model, { ort: await loadOnnxRuntime(nativeDir), ...options });
  const espeak = await loadEspeak(languagesOf(piper.config.espeakVoice));
  if (piper.config.phonemeType === "espeak") checked(espeak, { name: piper.config.espeakVoice });
  return piperEngine(espeak, piper);
}

/** English for the last resort, and the voice's own: "gmw/en-GB-x-rp" and "en-gb" are both "en". */
function languagesOf(voice: string): string[] {
  const own = voice.split("/").at(-1)?.split("-")[0]?.toLowerCase();
  return own === undefined || own === "" ? ["en"] : ["en", own];
}

function espeakEngine(espeak: Espeak, voice: EspeakVoice): VoiceEngine {
  return withWarmUp(espeak.rateHz, async (text, pauseMs, rateHz = 8000) => ({
    audio: espeakAudio(espeak, voice, text, { pauseMs, rateHz }),
    unknownPhonemes: 0,
    fellBack: false,
  }));
}

type Wanted = { pauseMs: number; rateHz: SpokenRate };

function espeakAudio(espeak: Espeak, voice: EspeakVoice, text: string, { pauseMs, rateHz }: Wanted): Int16Array {
  return telephoneAudio(espeak.speak(text, voice), espeak.rateHz, pauseMs, rateHz);
}

function piperEngine(espeak: Espeak, piper: Piper): VoiceEngine {
  const { config } = piper;
  const voice = { name: config.espeakVoice };
  const phonemesOf = (words: string) =>
    config.phonemeType === "text" ? words.toLowerCase() : espeak.phonemes(words, voice);
  return withWarmUp(config.rateHz, async (text, pauseMs, rateHz = 8000) => {
    const { ids, unknown } = phonemeIds(clausePhonemes(splitPieces(text), phonemesOf), config);
    const samples = await piper.speak(ids).catch(() => undefined);
    // A voice that fails on one clause must not cost the caller the answer: the words are said, only less well.
    const failed = samples === undefined || !Number.isFinite(samples.reduce((sum, x) => sum + x, 0));
    if (failed)
      return {
        audio: espeakAudio(espeak, lastResort, text, { pauseMs, rateHz }),
        unknownPhonemes: unknown,
        fellBack: true,
      };
    return {
      audio: telephoneAudio(samples, config.rateHz, pauseMs, rateHz),
      unknownPhonemes: unknown,
      fellBack: false,
    };
  });
}

function withWarmUp(nativeRateHz: number, speakClause: VoiceEngine["speakClause"]): VoiceEngine {
  return {
    nativeRateHz,
    speakClause,
    async warmUp() {
      for (const text of warmUpClauses) {
        const { fellBack } = await speakClause(text, 0);
        if (fellBack)
          throw new AppError("model_damaged", "The Piper voice cannot speak: its graph fails on a plain sentence");
      }
    },
  };
}

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
