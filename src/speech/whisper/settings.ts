import { AppError } from "../../app-error.ts";

/** What the export wrote into the encoder's `metadata_props`; every size and token id of the model comes from here. */
export type WhisperSettings = {
  modelType: string;
  mels: number;
  /** Encoder positions; one holds two mel frames. */
  audioContext: number;
  textLayers: number;
  textContext: number;
  textState: number;
  vocabulary: number;
  /** Start, language, task, no timestamps: what the decoder is given before the first word. */
  prompt: number[];
  /** Index in `prompt` of the start token, where the probability of `noSpeech` is read. */
  startIndex: number;
  /** End of text. Text tokens lie below it, special and timestamp tokens above. */
  endOfText: number;
  blank: number;
  /** Begins text that was said before. Only of models that were trained with such text. */
  previousText?: number;
  noSpeech: number;
  /** Tokens that stand for sounds and annotations; empty where the export left them out. */
  nonSpeech: number[];
};

/**
 * @param metadata Of the encoder file.
 * @param file Its name, for messages.
 * @throws AppError("model_damaged")
 */
export function whisperSettings(metadata: ReadonlyMap<string, string>, file: string): WhisperSettings {
  const wrong = (key: string, what: string): AppError =>
    new AppError(
      "model_damaged",
      `${file} ${what} "${key}" in its metadata: use an encoder exported for sherpa-onnx (model_type whisper-…)`,
    );
  const numbers = (key: string): number[] => {
    const text = metadata.get(key);
    if (text === undefined) throw wrong(key, "lacks");
    if (!/^\s*(\d{1,9}(\s*,\s*\d{1,9})*)?\s*$/.test(text)) throw wrong(key, "has an unreadable");
    return text.split(",").flatMap((part) => (part.trim() === "" ? [] : [Number(part)]));
  };
  const number = (key: string): number => {
    const [value, ...more] = numbers(key);
    if (value === undefined || more.length > 0) throw wrong(key, "has an unreadable");
    return value;
  };
  const size = (key: string, most: number, least = 1): number => {
    const value = number(key);
    if (value < least || value > most) throw wrong(key, "has an impossible");
    return value;
  };

  const modelType = metadata.get("model_type") ?? "whisper";
  const vocabulary = size("n_vocab", 1_000_000);
  const token = (key: string): number => {
    const value = number(key);
    if (value >= vocabulary) throw wrong(key, "has an impossible");
    return value;
  };
  const start = numbers("sot_sequence");
  const multilingual = number("is_multilingual") !== 0;
  const prompt = [...(multilingual ? inEnglish(start, metadata, numbers, wrong) : start), token("no_timestamps")];
  const startIndex = prompt.indexOf(token("sot"));
  if (startIndex < 0 || prompt.some((id) => id >= vocabulary)) throw wrong("sot_sequence", "has an impossible");
  return {
    modelType,
    mels: size("n_mels", 1024),
    audioContext: size("n_audio_ctx", 100_000, 250), // five seconds
    textLayers: size("n_text_layer", 256),
    textContext: size("n_text_ctx", 100_000),
    textState: size("n_text_state", 100_000),
    vocabulary,
    prompt,
    startIndex,
    endOfText: token("eot"),
    blank: token("blank_id"),
    ...(isTrainedWithPrompts(modelType) && metadata.has("sot_prev") ? { previousText: token("sot_prev") } : {}),
    noSpeech: token("no_speech"),
    nonSpeech: metadata.has("non_speech_tokens") ? numbers("non_speech_tokens").filter((id) => id < vocabulary) : [],
  };
}

/** OpenAI's own. Others may have the token, as its vocabulary is copied, and answer to a prompt with other people's words. */
const isTrainedWithPrompts = (modelType: string) => /^whisper-(tiny|base|small|medium|large|turbo)/.test(modelType);

/** A multilingual model guesses the language unless told; callers of this appliance are heard in English. */
function inEnglish(
  start: number[],
  metadata: ReadonlyMap<string, string>,
  numbers: (key: string) => number[],
  wrong: (key: string, what: string) => AppError,
): number[] {
  const codes = (metadata.get("all_language_codes") ?? "").split(",").map((code) => code.trim());
  const english = numbers("all_language_tokens")[codes.indexOf("en")];
  if (english === undefined) throw wrong("all_language_codes", "names no English in");
  const [sot] = start;
  const [transcribe] = numbers("transcribe");
  if (sot === undefined || transcribe === undefined) throw wrong("sot_sequence", "has an unreadable");
  return [sot, english, transcribe];
}
