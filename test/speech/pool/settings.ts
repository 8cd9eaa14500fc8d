import { join } from "node:path";
import { extractNatives } from "../../../src/embedded/natives.ts";
import type { Log } from "../../../src/log.ts";
import type { SpeechSettings } from "../../../src/speech/pool.ts";

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** One espeak-ng child of the real program, no Whisper. */
export function poolSettings(changes: Partial<SpeechSettings> = {}): SpeechSettings {
  return {
    nativeDir: extractNatives(""),
    spawnCommand: [process.execPath, join(import.meta.dir, "child-main.ts")],
    whisper: { source: { embedded: "models/demo-whisper/" }, precision: "int8", count: 0 },
    voice: { engine: "espeak", voice: "en-gb-x-rp", count: 1 },
    log: silent,
    ...changes,
  };
}
