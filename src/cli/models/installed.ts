/** The installed models, for commands that may run without an appliance: its key is needed only where there are any. */
import type { Config } from "../../config/schema.ts";
import { installedSpeech } from "../../models/desk.ts";
import { hasInstalled, type Installed, readInstalled } from "../../models/installed.ts";
import { openKeys } from "../../security/keys.ts";
import type { InstalledSpeech } from "../../speech/settings.ts";

/** @throws AppError of the key or the list, saying what to do. */
export function installedIn({ data, key }: Config["storage"]): Installed {
  if (!hasInstalled(data)) return { version: 1, models: [], chosen: {} };
  const keys = openKeys(data, key);
  try {
    return readInstalled(data, keys);
  } finally {
    keys.close();
  }
}

/** Reads them only if somebody asks. */
export function installedSpeechIn(storage: Config["storage"]): InstalledSpeech {
  let speech: InstalledSpeech | undefined;
  const found = () => {
    speech ??= installedSpeech(storage.data, installedIn(storage));
    return speech;
  };
  return { whisper: (name) => found().whisper(name), voice: (name) => found().voice(name) };
}
