import { resolve } from "node:path";
import { AppError } from "../../app-error.ts";
import { controlPath, isAnswered } from "../../control/client.ts";
import { extractOnnxRuntime } from "../../embedded/natives.ts";
import { selfCommand } from "../../embedded/self.ts";
import { readCatalogue } from "../../models/catalogue.ts";
import { installModels, type NewlyInstalled } from "../../models/install.ts";
import { configOf, print, readArguments } from "../command.ts";
import { confirm, megabytes, modelsOptions, withKeys } from "./place.ts";
import { createProgress } from "./progress.ts";

export async function installCommand(args: readonly string[]): Promise<number> {
  const options = { ...modelsOptions, name: { type: "string" }, precision: { type: "string" } } as const;
  const { values, positionals } = readArguments(args, options, true);
  const [from, ...more] = positionals;
  if (from === undefined || more.length > 0)
    throw new AppError("invalid_input", "models install: name one folder, archive or voice (see --help).");
  const { storage, speech } = configOf(values);
  const wanted = values.precision ?? speech.whisper.precision;
  if (wanted !== "int8" && wanted !== "fp32" && wanted !== "both")
    throw new AppError("invalid_input", `--precision ${wanted}: expected int8, fp32 or both.`);
  const installed = await withKeys(storage, async (keys) =>
    installModels(
      { from: resolve(from), name: values.name, wanted },
      {
        dataDir: storage.data,
        keys,
        catalogue: readCatalogue(),
        now: () => new Date(),
        progress: createProgress(),
        nativeDir: extractOnnxRuntime(storage.data),
        command: selfCommand(["speech"]),
        appliance: async () => ((await isAnswered(controlPath(storage.data))) ? "running" : "stopped"),
        mayReplace: async (id) => values.yes === true || (await confirm(`Replace ${id}, which is installed?`)),
      },
    ),
  );
  if (values.json) print(JSON.stringify({ installed: installed.map(asJson) }));
  else print(installed.flatMap(describe).join("\n"));
  return 0;
}

const asJson = ({ model, replaced, loadMs }: NewlyInstalled) => ({ ...model, replaced, loadMs: Math.round(loadMs) });

function describe({ model, replaced, loadMs }: NewlyInstalled): string[] {
  const bytes = model.files.reduce((sum, file) => sum + file.bytes, 0);
  const published = model.files.filter((file) => file.published).length;
  const recorded = model.files.length - published;
  return [
    `${model.id}  ${model.name}, ${megabytes(bytes)}, licence ${model.licence}${replaced ? "; the one before is replaced" : ""}`,
    `  ${published} files are the published ones by their SHA-256; of ${recorded} it was recorded now`,
    `  loaded and run in ${Math.round(loadMs)} ms. To hear or speak with it: gatehouse models use ${model.id}`,
  ];
}
