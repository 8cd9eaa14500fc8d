import { verifyModels } from "../../models/desk.ts";
import { configOf, print, readArguments } from "../command.ts";
import { installedIn } from "./installed.ts";
import { modelsOptions } from "./place.ts";
import { createProgress } from "./progress.ts";

export async function verifyCommand(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, modelsOptions);
  const { storage } = configOf(values);
  const installed = installedIn(storage);
  const faults = await verifyModels(storage.data, installed, createProgress());
  const models = installed.models.map(({ id }) => id);
  const files = installed.models.reduce((sum, model) => sum + model.files.length, 0);
  if (values.json) print(JSON.stringify({ models, files, faults }));
  else if (faults.length === 0)
    print(`${models.length} installed models, ${files} files, and those inside the executable: all as they were.`);
  else {
    print(faults.map(({ model, file, fault }) => `${model}: ${file} ${words[fault]}`).join("\n"));
    process.stderr.write("gatehouse: install what is named again; until then it is not loaded.\n");
  }
  return faults.length === 0 ? 0 : 2;
}

const words = {
  changed: "is not what it was (another SHA-256)",
  missing: "is not there",
  unreadable: "cannot be read",
  "not installed": "does not belong there; it is never loaded",
} as const;
