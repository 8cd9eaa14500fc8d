/** What decoding one piece of speech obeys. */
import type { DecodeRules } from "./decode.ts";
import { sampleRateHz } from "./mel.ts";
import type { WhisperModel } from "./model.ts";

/** Faster than anybody speaks (spelled letters and digits are one or two tokens each). */
const tokensPerSecond = 12;
const tokensAtLeast = 12;

/**
 * @param samples Of the piece, 16 kHz: they say how many words there can be.
 * @param previous Tokens of what was said before.
 */
export function rulesFor(
  { settings, annotations }: Pick<WhisperModel, "settings" | "annotations">,
  samples: number,
  previous: readonly number[] = [],
): DecodeRules {
  const before = promptBefore(settings, previous);
  const cap = tokensAtLeast + Math.ceil((samples / sampleRateHz) * tokensPerSecond);
  return {
    ...settings,
    prompt: [...before, ...settings.prompt],
    startIndex: before.length + settings.startIndex,
    firstForbidden: settings.endOfText + 1,
    suppressed: annotations,
    // Not the end of text, which OpenAI's program suppresses here as well: it is how a model says that it heard nothing.
    suppressedFirst: [settings.blank],
    maxTokens: Math.min(cap, Math.floor(settings.textContext / 2) - settings.prompt.length),
    stopLoops: true,
  };
}

/** As Whisper was trained: the mark, then the end of what was said before, at most half of what the decoder can hold. */
function promptBefore(
  { previousText, textContext }: WhisperModel["settings"],
  previous: readonly number[] = [],
): number[] {
  if (previousText === undefined || previous.length === 0) return [];
  return [previousText, ...previous.slice(-(Math.floor(textContext / 2) - 1))];
}
