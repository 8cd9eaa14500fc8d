/** `gatehouse transcribe`: what the recogniser hears in sound files, with all that it knows about it. */
import { AppError } from "../app-error.ts";
import { loadOnnxRuntime } from "../embedded/natives.ts";
import { whisperSettings } from "../speech/settings.ts";
import { defaultTailFrames, loadWhisper, type WhisperEngine } from "../speech/whisper/engine.ts";
import { readSoundFile } from "./audio/read-sound.ts";
import { type Command, configOf, print, readArguments } from "./command.ts";
import { installedSpeechIn } from "./models/installed.ts";
import { withNatives } from "./throwaway-natives.ts";
import { type HeardFile, hearFile } from "./transcribe/hear-file.ts";
import { type FindSpeech, loadFindSpeech } from "./transcribe/speech-spans.ts";

const mostReadings = 20;

export const transcribe: Command = {
  name: "transcribe",
  summary: "what the recogniser hears in sound files",
  usage: `gatehouse transcribe FILE… [--model DIR] [--precision int8|fp32] [--prompt TEXT] [--nbest N] [--json]

WAV or FLAC of any rate, depth and number of channels; A-law at 8 kHz without a header if it is called .al or .alaw.
Nothing is kept: what is heard is printed and nothing else.

      --model DIR       a folder with *encoder*.onnx, *decoder*.onnx and *tokens.txt, or installed:NAME;
                        default: the configured model
      --precision P     int8 or fp32; default: the configured one
      --prompt TEXT     what was said before, for models that were trained with prompts
      --nbest N         up to N readings of each part (1 to ${mostReadings}), by a search that takes the time it needs
      --raw-alaw        every FILE is A-law without a header
      --json            one JSON object a file: text, tokens, log-probabilities, readings, times, real-time factor
  -c, --config FILE     configuration
      --set KEY=VALUE   one key for this run, may be repeated

Exit code 2 if a file could not be read; the others are heard all the same.`,
  async run(args) {
    const { values, positionals: files } = readArguments(args, options, true);
    if (files.length === 0) throw new AppError("invalid_input", "Name the sound files to hear (see --help).");
    const readings = readingsOf(values.nbest);
    const whisper = whisperOf(values);
    const wanted = { readings, previous: values.prompt ?? "", json: values.json === true };
    return await withNatives(async (nativeDir) => {
      const ort = await loadOnnxRuntime(nativeDir);
      const engine = await loadWhisper({ ...whisper, ort, threads: 1, wordTimes: true });
      try {
        const findSpeech = await loadFindSpeech(ort);
        return await hearAll(files, { engine, findSpeech, rawAlaw: values["raw-alaw"] === true, ...wanted });
      } finally {
        await engine.close();
      }
    });
  },
};

const options = {
  model: { type: "string" },
  precision: { type: "string" },
  prompt: { type: "string" },
  nbest: { type: "string" },
  "raw-alaw": { type: "boolean" },
  json: { type: "boolean" },
  config: { type: "string", short: "c" },
  set: { type: "string", multiple: true },
} as const;

type Hearing = {
  engine: WhisperEngine;
  findSpeech: FindSpeech;
  rawAlaw: boolean;
  readings: number;
  previous: string;
  json: boolean;
};

/** @returns the exit code: 2 if a file could not be read. */
async function hearAll(files: readonly string[], { engine, findSpeech, ...options }: Hearing): Promise<number> {
  let code = 0;
  for (const file of files) {
    const samples = await readSoundFile(file, options).catch((error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      process.stderr.write(`gatehouse: ${error.message}\n`);
      return undefined;
    });
    if (samples === undefined) {
      code = 2;
      continue;
    }
    const { signal } = new AbortController(); // a signal to the process ends it
    const progress = progressOf(file);
    const heard = await hearFile(engine, findSpeech, samples, { signal, ...options, progress });
    if (options.json) print(JSON.stringify({ file, model: engine.model, ...heard }));
    else print(plain(file, heard, files.length > 1, options.readings));
  }
  return code;
}

function plain(file: string, { text, parts }: HeardFile, isNamed: boolean, readings: number): string {
  const first = isNamed ? `${file}: ${text}` : text;
  if (readings === 1) return first;
  const others = parts.flatMap(({ nbest }) =>
    nbest.map((reading) => `  ${reading.logProbability.toFixed(2).padStart(7)}  ${reading.text}`),
  );
  return [first, ...others].join("\n");
}

const everyMs = 10_000;

/** On a terminal as it goes, elsewhere now and then; short work says nothing. */
function progressOf(file: string): (share: number) => void {
  const { isTTY } = process.stderr;
  let toldAt = performance.now();
  return (share) => {
    if (share >= 1) {
      if (isTTY) process.stderr.write("\r\u001b[K");
      return;
    }
    if (!isTTY && performance.now() - toldAt < everyMs) return;
    toldAt = performance.now();
    process.stderr.write(`${isTTY ? "\r" : ""}${file}: ${Math.floor(share * 100)} %${isTTY ? "" : "\n"}`);
  };
}

function readingsOf(nbest = "1"): number {
  const readings = /^\d{1,3}$/.test(nbest) ? Number(nbest) : 0;
  if (readings >= 1 && readings <= mostReadings) return readings;
  throw new AppError("invalid_input", `--nbest ${nbest}: expected a number from 1 to ${mostReadings}.`);
}

type Values = { model?: string; precision?: string; config?: string; set?: string[] };

/** The configured model as the speech child loads it; what belongs to it does not belong to another. */
function whisperOf({ model, precision, ...place }: Values) {
  if (model === "") throw new AppError("invalid_input", "--model: expected a folder.");
  if (precision !== undefined && precision !== "int8" && precision !== "fp32")
    throw new AppError("invalid_input", `--precision ${precision}: expected int8 or fp32.`);
  const { speech, storage } = configOf(place);
  const configured = whisperSettings(
    model === undefined ? speech.whisper : { ...speech.whisper, model },
    installedSpeechIn(storage),
  );
  const { source } = configured;
  const { tailFrames, pieceSeconds } = model === undefined ? configured : {};
  return {
    source,
    precision: precision ?? configured.precision,
    tailFrames: tailFrames ?? defaultTailFrames(source),
    ...(pieceSeconds === undefined ? {} : { pieceSeconds }),
  };
}
