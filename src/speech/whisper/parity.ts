import { decodeGreedily, longestText, turn } from "./decode.ts";
import { frameCount, melFrontEnd, sampleRateHz } from "./mel.ts";
import type { WhisperModel } from "./model.ts";

/** Measured: sherpa-onnx keeps room for this much tail, whatever the tail, and allows so many tokens a second, rounded down. */
const leastTailFrames = 50;
const tokensPerSecond = 6;
const framesPerSecond = 100;

/**
 * Transcribes as sherpa-onnx does, quirks and all, so that a test can hold the two against each other: its framing, its
 * tail, its cap on tokens, nothing suppressed, nothing judged, no rounding of lengths.
 *
 * @param tailPaddings Its setting of that name: zero frames after the audio.
 * @returns Token ids, without prompt and end.
 */
export function likeSherpa(
  model: WhisperModel,
  tailPaddings: number,
): (samples: Float32Array, signal: AbortSignal) => Promise<number[]> {
  const { settings } = model;
  const frontEnd = melFrontEnd(settings.mels);
  const mostFrames = settings.audioContext * 2;
  return async (samples, signal) => {
    await turn(signal);
    const mostSamples = (mostFrames - leastTailFrames) * (sampleRateHz / framesPerSecond);
    const audio = samples.subarray(0, mostSamples);
    const frames = frameCount(audio.length, "sherpa");
    const mel = frontEnd(audio, "sherpa", Math.min(frames + tailPaddings, mostFrames));
    const maxTokens = Math.min(
      Math.floor((frames * tokensPerSecond) / framesPerSecond),
      Math.floor(settings.textContext / 2),
    );
    const nothing = { suppressed: [], suppressedFirst: [], stopLoops: false };
    const rules = { ...settings, ...nothing, firstForbidden: settings.vocabulary, maxTokens };
    model.begin(await model.encode(mel), longestText(rules));
    return (await decodeGreedily(model.step, rules, signal)).tokens;
  };
}
