/** `gatehouse models bench`: each model in a process of its own, one after the other; then what the machine bears. */
import { availableParallelism } from "node:os";
import { AppError } from "../../app-error.ts";
import { extractOnnxRuntime, loadOnnxRuntime } from "../../embedded/natives.ts";
import { selfCommand } from "../../embedded/self.ts";
import { type Arithmetic, checkArithmetic, processorOf } from "../../models/bench/arithmetic.ts";
import { rate, reckon, recommend } from "../../models/bench/recommend.ts";
import { makeUtterances } from "../../models/bench/utterances.ts";
import { measureVoice, type VoiceFigures } from "../../models/bench/voice.ts";
import { measureWhisper, type WhisperFigures, type WhisperSubject } from "../../models/bench/whisper.ts";
import { readCatalogue } from "../../models/catalogue.ts";
import { digestsOf, graphOf } from "../../models/install.ts";
import { folderOf, type Installed, type InstalledModel, modelNamed } from "../../models/installed.ts";
import { embeddedWhisper } from "../../speech/settings.ts";
import type { VoiceSettings } from "../../speech/voice/engine.ts";
import { defaultTailFrames } from "../../speech/whisper/engine.ts";
import { configOf, print, readArguments } from "../command.ts";
import { describeBench, type VoiceRow, type WhisperRow } from "./bench-report.ts";
import { installedIn } from "./installed.ts";
import { loadedNow, modelsOptions } from "./place.ts";
import { createProgress } from "./progress.ts";

/** What a measuring process is given, on its standard input, and says. */
type Task =
  | { kind: "whisper"; subject: WhisperSubject; rounds: number; nativeDir: string }
  | { kind: "voice"; settings: VoiceSettings; rounds: number; nativeDir: string }
  | { kind: "arithmetic"; nativeDir: string };

/** RTP and the coder of one call, of a core (docs/decisions/0005). */
const mediaShare = 0.006;
const defaultRounds = 4;

export async function benchCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { ...modelsOptions, rounds: { type: "string" } }, true);
  const rounds = Number(values.rounds ?? defaultRounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new AppError("invalid_input", `--rounds ${values.rounds}: expected a number from 1 to 100.`);
  const { storage, speech, sip } = configOf(values);
  const installed = installedIn(storage);
  const chosen = positionals.length === 0 ? installed.models : named(installed, positionals);
  const { appliance } = await loadedNow(storage.data);
  if (appliance === "running" && values.yes !== true)
    throw new AppError(
      "conflict",
      "An appliance runs here, and measuring would disturb its calls: --yes means all the same.",
    );
  const progress = createProgress();
  const measure = async <T>(what: string, task: Task): Promise<T> => {
    progress.begin(`measuring ${what}`, 0);
    try {
      return await inOwnProcess<T>(task);
    } finally {
      progress.end();
    }
  };
  const nativeDir = extractOnnxRuntime(storage.data);
  const arithmetic = await measure<Arithmetic>("this machine's arithmetic", { kind: "arithmetic", nativeDir });
  const whisper: WhisperRow[] = [];
  for (const { name, subject } of whisperSubjects(storage.data, chosen)) {
    const figures = await measure<WhisperFigures>(name, { kind: "whisper", subject, rounds, nativeDir });
    whisper.push({ name, precision: subject.precision, figures });
  }
  const voices: VoiceRow[] = [];
  for (const { name, settings } of voiceSubjects(storage.data, chosen)) {
    voices.push({ name, figures: await measure<VoiceFigures>(name, { kind: "voice", settings, rounds, nativeDir }) });
  }
  const speakMs = Math.max(...voices.map(({ figures }) => figures.clauseMs));
  const cores = availableParallelism();
  const pace = { hearers: speech.whisper.children, speakMs, speakers: speech.voice.children, mediaShare, cores };
  const published = readCatalogue().models;
  const here = whisper.map(({ name, figures }) => rate(name, figures.hearMs, false, pace));
  const others = reckon(whisper, published).filter(({ name }) => !whisper.some((row) => row.name === name));
  const rated = [...here, ...others.map(({ name, hearMs }) => rate(name, hearMs, true, pace))];
  const report = {
    processor: processorOf(),
    cores,
    arithmetic,
    whisper,
    voices,
    rated,
    recommended: recommend(rated),
    maxCalls: sip.maxCalls,
  };
  if (values.json) print(JSON.stringify(report));
  else print(describeBench(report).join("\n"));
  return arithmetic.wrong.length === 0 ? 0 : 2;
}

const named = (installed: Installed, ids: readonly string[]) => ids.map((id) => modelNamed(installed, id));

function whisperSubjects(dataDir: string, models: readonly InstalledModel[]) {
  const embedded = { embedded: embeddedWhisper };
  const tailOf = (source: WhisperSubject["source"]) => defaultTailFrames(source);
  return [
    { name: "embedded", subject: { source: embedded, precision: "int8" as const, tailFrames: tailOf(embedded) } },
    ...models
      .filter(({ kind }) => kind === "whisper")
      .flatMap((model) => {
        const source = { folder: folderOf(dataDir, model), digests: digestsOf(model) };
        return precisionsOf(model).map((precision) => ({
          name: model.id,
          subject: { source, precision, tailFrames: tailOf(source) },
        }));
      }),
  ];
}

function precisionsOf({ files }: InstalledModel): ("int8" | "fp32")[] {
  const has = (pattern: RegExp) => files.some(({ name }) => pattern.test(name));
  return [
    ...(has(/encoder\.int8\.onnx$/) ? ["int8" as const] : []),
    ...(has(/encoder\.onnx$/) ? ["fp32" as const] : []),
  ];
}

function voiceSubjects(
  dataDir: string,
  models: readonly InstalledModel[],
): { name: string; settings: VoiceSettings }[] {
  const voices = models.filter(({ kind }) => kind === "piper");
  if (voices.length === 0) return [{ name: "espeak-ng", settings: { engine: "espeak", voice: "en-gb-x-rp" } }];
  return voices.map((model) => {
    const file = `${folderOf(dataDir, model)}/${graphOf(model)}`;
    return { name: model.id, settings: { engine: "piper", model: { file, digests: digestsOf(model) } } };
  });
}

/** A process of this same executable: its memory is that of the model, and its end frees all of it. */
async function inOwnProcess<T>(task: Task): Promise<T> {
  const child = Bun.spawn(selfCommand(["models", "bench-one"]), {
    stdin: Buffer.from(JSON.stringify(task)),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code === 0) return JSON.parse(out) as T;
  throw new AppError("model_damaged", err.replace(/^gatehouse: /, "").trim() || `The measurement ended with ${code}.`);
}

/** Started by the above, not by hand. */
export async function benchOne(): Promise<number> {
  const task = JSON.parse(await Bun.stdin.text()) as Task;
  if (task.kind === "voice") {
    print(JSON.stringify(await measureVoice(task.settings, task.nativeDir, task.rounds)));
    return 0;
  }
  const ort = await loadOnnxRuntime(task.nativeDir);
  const utterances = await makeUtterances();
  if (task.kind === "arithmetic") print(JSON.stringify(await checkArithmetic(utterances, ort)));
  else print(JSON.stringify(await measureWhisper(task.subject, utterances, { rounds: task.rounds, ort })));
  return 0;
}
