import { readFileSync } from "node:fs";
import { AppError } from "../../app-error.ts";
import { checkedPronunciation, type Pronunciation } from "../../english/pronunciations.ts";

/**
 * Pronunciations of a text file: "Belvoir = beaver" a line, phonemes between slashes (IPA) or double square brackets
 * (espeak-ng's own). Empty lines and those that begin with # are passed over.
 *
 * @throws AppError("invalid_input") naming the file and the line.
 */
export function readLexiconFile(path: string): Pronunciation[] {
  return linesOf(path).flatMap((line, index) => {
    if (/^\s*(#|$)/.test(line)) return [];
    const [, written = "", said = ""] = /^([^=]*)=(.*)$/.exec(line) ?? [];
    const kind = /^\s*(\/.*\/|\[\[.*\]\])\s*$/.test(said) ? "phonemes" : "respelling";
    try {
      return [checkedPronunciation({ written, kind, said })];
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw new AppError("invalid_input", `${path}, line ${index + 1}: ${error.message}`, { cause: error });
    }
  });
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("invalid_input", `--lexicon ${path} cannot be read (${reason}): name a text file.`, { cause });
  }
}
