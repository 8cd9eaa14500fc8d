import { AppError } from "../../app-error.ts";
import type { Config } from "../../config/schema.ts";
import { chooseModel, type Half, halfOf } from "../../models/desk.ts";
import { modelNamed, readInstalled } from "../../models/installed.ts";
import { configOf, print, readArguments } from "../command.ts";
import { loadedNow, modelsOptions, withKeys } from "./place.ts";

export async function useCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, modelsOptions, true);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0)
    throw new AppError("invalid_input", "models use: name one installed model, embedded or espeak (see --help).");
  const { storage, speech } = configOf(values);
  const half = await withKeys(storage, async (keys): Promise<Half> => {
    const inside = ({ embedded: "whisper", espeak: "voice" } as const)[name as "embedded" | "espeak"];
    const half = inside ?? halfOf(modelNamed(readInstalled(storage.data, keys), name));
    await chooseModel(storage.data, keys, inside === undefined ? name : undefined, half);
    return half;
  });
  const overruled = overruledBy(speech, half);
  const { appliance } = await loadedNow(storage.data);
  if (values.json) print(JSON.stringify({ name, half, overruled, appliance }));
  else if (overruled !== undefined)
    print(`${name} is chosen, but ${overruled} of the configuration wins: take it out, and start gatehouse again.`);
  else
    print(
      `${name} is chosen${appliance === "running" ? "; the appliance that runs takes it when it is started again" : ""}.`,
    );
  return 0;
}

/** The key of the configuration by which a choice has no effect. */
export function overruledBy({ whisper, voice }: Config["speech"], half: Half): string | undefined {
  if (half === "whisper") return whisper.model === "chosen" ? undefined : `speech.whisper.model = "${whisper.model}"`;
  return voice.kind === "chosen" ? undefined : `speech.voice (${voice.kind}, "${voice.voice}")`;
}
