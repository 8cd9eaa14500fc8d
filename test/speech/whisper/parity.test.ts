import { expect, test } from "bun:test";
import { compareWithSherpa, madeClips } from "./sherpa.ts";

/** A slice of `bun run bench:whisper parity`. */
const clipCount = 96;

test("the same model hears in the same audio what sherpa-onnx hears, token for token", async () => {
  const { clips, withText, differences, theirMs, ourMs } = await compareWithSherpa(madeClips(clipCount, 20_261_121));
  console.log(
    `parity: ${clips - differences.length} of ${clips} clips equal, ${withText} with text ` +
      `(sherpa-onnx ${theirMs.toFixed(0)} ms with its start, ours ${ourMs.toFixed(0)} ms)`,
  );

  expect(clips).toBe(clipCount);
  expect(withText).toBeGreaterThanOrEqual(70);
  expect(differences).toEqual([]);
}, 180_000);
