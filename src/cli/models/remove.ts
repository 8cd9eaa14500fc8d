import { AppError } from "../../app-error.ts";
import { removeModel } from "../../models/desk.ts";
import { folderOf, modelNamed, readInstalled } from "../../models/installed.ts";
import { configOf, print, readArguments } from "../command.ts";
import { confirm, loadedNow, modelsOptions, withKeys } from "./place.ts";

export async function removeCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, modelsOptions, true);
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0)
    throw new AppError("invalid_input", "models remove: name one installed model (see --help).");
  const { storage, speech } = configOf(values);
  const { appliance, models } = await loadedNow(storage.data);
  const configured = [speech.whisper.model, speech.voice.voice];
  await withKeys(storage, async (keys) => {
    modelNamed(readInstalled(storage.data, keys), name); // before anybody is asked about it
    if (values.yes !== true && !(await confirm(`Remove ${name} and its files?`)))
      throw new AppError("conflict", `${name} stays.`);
    await removeModel(storage.data, keys, name, {
      appliance,
      inUse(model) {
        const folder = folderOf(storage.data, model);
        if (models.some((path) => path.startsWith(folder))) return "the appliance that runs has loaded it";
        return configured.includes(`installed:${name}`) ? "the configuration names it" : undefined;
      },
    });
  });
  if (values.json) print(JSON.stringify({ removed: name }));
  else print(`${name} is removed${appliance === "running" ? "; its files go when no appliance runs" : ""}.`);
  return 0;
}
