import { AppError } from "../../app-error.ts";

/** What a Piper voice's `.onnx.json` says, checked. */
export type PiperConfig = {
  rateHz: number;
  /** Phonemes by espeak-ng, or the text's own letters. */
  phonemeType: "espeak" | "text";
  espeakVoice: string;
  speakers: number;
  /** Scales of the graph: of the noise in the sound, of the length, of the noise in the lengths. */
  noise: number;
  length: number;
  noiseWidth: number;
  /** Ids of a phoneme: one Unicode code point, decomposed, in some voices several. */
  ids: ReadonlyMap<string, readonly number[]>;
  /** What a phoneme is replaced by first. */
  replacements: ReadonlyMap<string, string>;
};

/** The pad, the beginning and the end of what a voice is given; without them it cannot be used. */
const required = ["_", "^", "$"];

/**
 * @param text The file's.
 * @param name Of the file, for the message.
 * @throws AppError("model_damaged") naming the file and what is wrong in it.
 */
export function parsePiperConfig(text: string, name: string): PiperConfig {
  const damaged = (what: string, options?: ErrorOptions) =>
    new AppError("model_damaged", `${name} is not a Piper voice's settings: ${what}. Copy the file again.`, options);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw damaged("it is not JSON", { cause });
  }
  const at = (...path: string[]) => path.reduce<unknown>((part, key) => (isRecord(part) ? part[key] : undefined), json);
  const number = (fallback: number | undefined, least: number, most: number, ...path: string[]) => {
    const value = at(...path) ?? fallback;
    if (typeof value === "number" && value >= least && value <= most) return value;
    throw damaged(`${path.join(".")} must be a number from ${least} to ${most}`);
  };
  const ids = idMap(at("phoneme_id_map"));
  if (ids === undefined || !required.every((key) => ids.has(key)))
    throw damaged("phoneme_id_map has no ids for ^, _ and $");
  const rateHz = number(undefined, 8000, 96_000, "audio", "sample_rate");
  const type = at("phoneme_type") ?? "espeak";
  if (type !== "espeak" && type !== "text") throw damaged('phoneme_type must be "espeak" or "text"');
  const voice = at("espeak", "voice");
  if (type === "espeak" && typeof voice !== "string") throw damaged("espeak.voice is missing");
  return {
    rateHz,
    phonemeType: type,
    espeakVoice: typeof voice === "string" ? voice : "",
    speakers: number(1, 1, 100_000, "num_speakers"),
    noise: number(0.667, 0, 10, "inference", "noise_scale"),
    length: number(1, 0.1, 10, "inference", "length_scale"),
    noiseWidth: number(0.8, 0, 10, "inference", "noise_w"),
    ids,
    replacements: replacementMap(at("phoneme_map")),
  };
}

function idMap(value: unknown): Map<string, number[]> | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, number[]] => isIdList(entry[1]))) return undefined;
  return new Map(entries.map(([phoneme, ids]) => [phoneme.normalize("NFD"), ids])); // as the text that is looked up
}

function isIdList(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((id) => Number.isSafeInteger(id) && id >= 0);
}

function replacementMap(value: unknown): Map<string, string> {
  if (!isRecord(value)) return new Map();
  return new Map(Object.entries(value).map(([from, to]) => [from, Array.isArray(to) ? to.join("") : String(to)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
