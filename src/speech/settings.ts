/** The speech part of the configuration as the children take it. */
import type { Config } from "../config/schema.ts";
import type { Digests } from "./pinned-files.ts";
import type { SpeechSettings } from "./pool.ts";

export const embeddedWhisper = "models/demo-whisper/";

/**
 * What was installed, as speech needs it. `name`: as the configuration has it behind `installed:`; left out, what was
 * chosen, `undefined` where nothing was. Throws AppError("model_missing") for a name that is not installed.
 */
export type InstalledSpeech = {
  whisper(name?: string): { folder: string; digests: Digests } | undefined;
  voice(name?: string): { file: string; digests: Digests } | undefined;
};

/** @throws AppError("model_missing") where the configuration names a model that is not installed. */
export function speechSettings(
  { whisper, voice }: Config["speech"],
  installed: InstalledSpeech,
): Pick<SpeechSettings, "whisper" | "voice"> {
  return { whisper: whisperSettings(whisper, installed), voice: voiceSettings(voice, installed) };
}

/** As `speechSettings`. */
export function whisperSettings(
  { model, precision, tailFrames, pieceSeconds, children: count }: Config["speech"]["whisper"],
  installed: InstalledSpeech,
): SpeechSettings["whisper"] {
  return {
    source: whisperSource(model, installed),
    precision,
    ...(tailFrames === undefined ? {} : { tailFrames }),
    ...(pieceSeconds === undefined ? {} : { pieceSeconds }),
    count: model === "none" ? 0 : count,
  };
}

function whisperSource(model: string, installed: InstalledSpeech): SpeechSettings["whisper"]["source"] {
  const embedded = { embedded: embeddedWhisper };
  const name = installedName(model);
  if (model === "chosen" || name !== undefined) return installed.whisper(name) ?? embedded;
  return model === "embedded" || model === "none" ? embedded : { folder: model };
}

/** As `speechSettings`. */
export function voiceSettings(
  { kind, voice, children: count }: Config["speech"]["voice"],
  installed: InstalledSpeech,
): SpeechSettings["voice"] {
  const name = installedName(voice);
  if (kind === "piper" && name === undefined) return { engine: "piper", model: { file: voice }, count };
  const model = kind === "espeak" ? undefined : installed.voice(kind === "piper" ? name : undefined);
  return model === undefined ? { engine: "espeak", voice, count } : { engine: "piper", model, count };
}

/** "installed:whisper-base.en" → "whisper-base.en". */
export function installedName(text: string): string | undefined {
  return text.startsWith("installed:") ? text.slice("installed:".length) : undefined;
}
