/** `gatehouse say`: a sentence as callers would hear it, in a WAV file. */
import { closeSync, constants, fchmodSync, openSync } from "node:fs";
import { WaveFile } from "wavefile";
import { AppError } from "../app-error.ts";
import type { Config } from "../config/schema.ts";
import type { Lexicon } from "../english/pronunciations.ts";
import { installedName, voiceSettings } from "../speech/settings.ts";
import { loadVoice, type SpokenRate, type VoiceSettings } from "../speech/voice/engine.ts";
import { lexiconOf, spokenClauses } from "../speech/voice/spoken-clauses.ts";
import { type Command, configOf, readArguments } from "./command.ts";
import { installedSpeechIn } from "./models/installed.ts";
import { writeOut } from "./output.ts";
import { readLexiconFile } from "./say/lexicon-file.ts";
import { withNatives } from "./throwaway-natives.ts";

const longestText = 4000; // what a call may say at once as well

export const say: Command = {
  name: "say",
  summary: "speak a text into a WAV file, as callers would hear it",
  usage: `gatehouse say TEXT [--voice V] [--rate 8000|16000|native] [--lexicon FILE] -o FILE.wav

Prices, times, telephone numbers and postcodes are said as people say them, at the loudness of a call.

  -o, --output FILE     the WAV file: mono, 16 bit, readable by you alone; - for standard output
      --voice V         espeak-ng's name of a voice, installed:NAME, or the path of a Piper .onnx with its .onnx.json
                        beside it; default: speech.voice of the configuration
      --rate HZ         8000 (default), 16000, or native: the voice's own
      --lexicon FILE    how words are said, one a line: "Belvoir = beaver", or phonemes: "Belvoir = /ˈbiːvə/"
  -c, --config FILE     configuration
      --set KEY=VALUE   one key for this run, may be repeated`,
  async run(args) {
    const { values, positionals } = readArguments(
      args,
      {
        output: { type: "string", short: "o" },
        voice: { type: "string" },
        rate: { type: "string" },
        lexicon: { type: "string" },
        config: { type: "string", short: "c" },
        set: { type: "string", multiple: true },
      },
      true,
    );
    const text = textOf(positionals);
    const rate = rateOf(values.rate);
    const output = values.output ?? "";
    if (output === "") throw new AppError("invalid_input", "Name the file to write: -o FILE.wav, or -o - for a pipe.");
    if (output === "-" && process.stdout.isTTY)
      throw new AppError("invalid_input", "A terminal cannot show a WAV file: name a file, or send it into a pipe.");
    const voice = voiceOf(configOf(values), values.voice);
    const lexicon = lexiconOf(values.lexicon === undefined ? [] : readLexiconFile(values.lexicon));
    const spoken = await withNatives((nativeDir) => speak(text, { voice, rate, lexicon }, nativeDir));
    if (spoken.fellBack) process.stderr.write("gatehouse: the voice failed on a clause; espeak-ng spoke it.\n");
    if (spoken.unknownPhonemes > 0)
      process.stderr.write(`gatehouse: ${spoken.unknownPhonemes} phonemes are not in the voice and were left out.\n`);
    writeWav(output, spoken);
    return 0;
  },
};

type Spoken = { samples: Int16Array; rateHz: number; fellBack: boolean; unknownPhonemes: number };

/** Clause by clause, as in a call. @throws AppError if there is no such voice, or nothing in the text can be said. */
async function speak(
  text: string,
  { voice: settings, rate, lexicon }: { voice: VoiceSettings; rate: SpokenRate; lexicon: Lexicon },
  nativeDir: string,
): Promise<Spoken> {
  const voice = await loadVoice({ settings, nativeDir });
  const said: Spoken = {
    samples: new Int16Array(0),
    rateHz: rate === "native" ? voice.nativeRateHz : rate,
    fellBack: false,
    unknownPhonemes: 0,
  };
  const parts: Int16Array[] = [];
  for (const { text: clause, pauseMs } of spokenClauses(text, lexicon)) {
    const { audio, fellBack, unknownPhonemes } = await voice.speakClause(clause, pauseMs, rate);
    // The voice of last resort has a rate of its own, and half a file at another rate is no file.
    if (fellBack && rate === "native")
      throw new AppError("speech_failed", "The voice failed on a clause: try other words, or --rate 16000.");
    parts.push(audio);
    said.fellBack ||= fellBack;
    said.unknownPhonemes += unknownPhonemes;
  }
  said.samples = Int16Array.from(parts.flatMap((part) => [...part]));
  if (said.samples.length === 0) throw new AppError("invalid_input", "There is nothing in that text to be said.");
  return said;
}

function textOf(positionals: readonly string[]): string {
  const text = positionals.join(" ").trim();
  if (text === "") throw new AppError("invalid_input", "Say what? Expected a text (see --help).");
  if (text.length > longestText)
    throw new AppError("invalid_input", `${text.length} characters; ${longestText} at most: say it in parts.`);
  return text;
}

function rateOf(rate = "8000"): SpokenRate {
  if (rate === "8000") return 8000;
  if (rate === "16000") return 16_000;
  if (rate === "native") return "native";
  throw new AppError("invalid_input", `--rate ${rate}: expected 8000, 16000 or native.`);
}

function voiceOf({ speech, storage }: Config, voice: string | undefined): VoiceSettings {
  if (voice === "") throw new AppError("invalid_input", "--voice: expected the name of a voice, or a Piper file.");
  if (voice === undefined) return voiceSettings(speech.voice, installedSpeechIn(storage));
  if (installedName(voice) !== undefined)
    return voiceSettings({ kind: "piper", voice, children: 1 }, installedSpeechIn(storage));
  return voice.endsWith(".onnx") ? { engine: "piper", model: { file: voice } } : { engine: "espeak", voice };
}

function writeWav(output: string, { samples, rateHz }: Spoken): void {
  const wave = new WaveFile();
  wave.fromScratch(1, rateHz, "16", samples);
  const bytes = wave.toBuffer();
  if (output === "-") {
    writeOut(bytes);
    return;
  }
  const { O_WRONLY, O_CREAT, O_TRUNC } = constants;
  let file: number;
  try {
    file = openSync(output, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("data_unwritable", `${output} cannot be written (${reason}): name another file.`, { cause });
  }
  try {
    fchmodSync(file, 0o600); // one that was there before as well: it may say what only its owner should hear
    writeOut(bytes, file);
  } finally {
    closeSync(file);
  }
}
