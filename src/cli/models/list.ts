import type { Config } from "../../config/schema.ts";
import { type PublishedModel, pinning, readCatalogue } from "../../models/catalogue.ts";
import { encoderWork, tokenWork } from "../../models/cost.ts";
import type { Half } from "../../models/desk.ts";
import type { Installed, InstalledModel } from "../../models/installed.ts";
import { configOf, print, readArguments } from "../command.ts";
import { installedIn } from "./installed.ts";
import { loadedNow, megabytes, modelsOptions, table } from "./place.ts";
import { overruledBy } from "./use.ts";

export async function listModels(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, modelsOptions);
  const { storage, speech } = configOf(values);
  const installed = installedIn(storage);
  const loaded = await loadedNow(storage.data);
  const catalogue = readCatalogue();
  const published = catalogue.models.filter(({ id }) => !installed.models.some((model) => model.id === id));
  const inUse = { whisper: usedFor("whisper", speech, installed), voice: usedFor("voice", speech, installed) };
  if (values.json) {
    const known = published.map((model) => ({
      ...model,
      digests: pinning(model),
      work: workOf(model, catalogue.models),
    }));
    print(JSON.stringify({ inUse, loaded, installed: installed.models, published: known }));
    return 0;
  }
  print(
    [
      "In use from the next start on",
      `  to hear   ${inUse.whisper.name}: ${inUse.whisper.why}`,
      `  to speak  ${inUse.voice.name}: ${inUse.voice.why}`,
      ...loaded.models.map((path) => `  loaded by the appliance that runs: ${path}`),
      "",
      "Installed",
      ...indented(installed.models.length === 0 ? [["none"]] : [installedHead, ...installed.models.map(installedRow)]),
      "",
      "Published by others, to be fetched on another machine (gatehouse models fetch-script)",
      ...indented([publishedHead, ...published.map((model) => publishedRow(model, catalogue.models))]),
      "",
      "Work: of hearing 3 s of speech, reckoned from the model's dimensions; `gatehouse models bench` measures this machine.",
      "Digests: pinned, or recorded when the model is first installed.",
      ...published.flatMap(({ id, note }) => (note === undefined ? [] : [`${id}: ${note}`])),
    ].join("\n"),
  );
  return 0;
}

const indented = (rows: readonly (readonly string[])[]) => table(rows).map((line) => `  ${line}`);

/** What speech will be given, and by whose word. */
function usedFor(half: Half, speech: Config["speech"], { chosen }: Installed): { name: string; why: string } {
  const overruled = overruledBy(speech, half);
  const name = half === "whisper" ? speech.whisper.model : speech.voice.voice;
  if (overruled !== undefined)
    return { name: name.replace(/^installed:/, ""), why: `${overruled} of the configuration` };
  if (chosen[half] !== undefined) return { name: chosen[half], why: "gatehouse models use" };
  return { name: half === "whisper" ? "embedded" : `espeak-ng ${name}`, why: "nothing else was chosen" };
}

const installedHead = ["NAME", "SIZE", "LANGUAGES", "LICENCE", "DIGESTS", "INSTALLED"];

function installedRow({ id, files, languages, licence, installedAt }: InstalledModel): string[] {
  const size = megabytes(files.reduce((sum, { bytes }) => sum + bytes, 0));
  const graphs = files.filter(({ name }) => name.endsWith(".onnx"));
  const digests = graphs.every(({ published }) => published) ? "as published" : "recorded";
  return [id, size, languages.join(", ") || "unknown", licence, digests, installedAt.slice(0, 10)];
}

const publishedHead = ["NAME", "SIZE", "LANGUAGES", "LICENCE", "DIGESTS", "WORK"];
const digestWords = { pinned: "pinned", partly: "partly pinned", unknown: "to be recorded" } as const;

function publishedRow(model: PublishedModel, all: readonly PublishedModel[]): string[] {
  const { id, megabytes: size, languages, licence } = model;
  const work = workOf(model, all);
  const relative = work === undefined ? "" : `${work.toFixed(1)} × tiny.en`;
  return [id, `${size} MB`, languages.join(", "), licence, digestWords[pinning(model)], relative];
}

const yardstick = "whisper-tiny.en";
/** 3 s of speech and the 10 s of silence that stock weights need behind it; so many tokens are said in that time. */
const frames = 1_300;
const tokens = 15;

function workOf({ dimensions }: PublishedModel, all: readonly PublishedModel[]): number | undefined {
  const measure = all.find(({ id }) => id === yardstick)?.dimensions;
  if (dimensions === undefined || measure === undefined) return undefined;
  const work = (size: typeof dimensions) => encoderWork(size, frames) + tokens * tokenWork(size, frames);
  return work(dimensions) / work(measure);
}
