/** The speech part of the configuration as the children take it. */
import type { Config } from "../config/schema.ts";
import type { SpeechSettings } from "./pool.ts";

export const embeddedWhisper = "models/demo-whisper/";

export function speechSettings({ whisper, voice }: Config["speech"]): Pick<SpeechSettings, "whisper" | "voice"> {
  return {
    whisper: {
      source: whisper.model === "embedded" ? { embedded: embeddedWhisper } : { folder: whisper.model },
      precision: whisper.precision,
      ...(whisper.tailFrames === undefined ? {} : { tailFrames: whisper.tailFrames }),
      ...(whisper.pieceSeconds === undefined ? {} : { pieceSeconds: whisper.pieceSeconds }),
      count: whisper.model === "none" ? 0 : whisper.children,
    },
    voice:
      voice.kind === "espeak"
        ? { engine: "espeak", voice: voice.voice, count: voice.children }
        : { engine: "piper", model: { file: voice.voice }, count: voice.children },
  };
}
