import { expect, test } from "bun:test";
import { speakable } from "../../../src/speech/speakable/speakable.ts";
import { splitClauses } from "../../../src/speech/voice/clauses.ts";
import { loadVoice } from "../../../src/speech/voice/engine.ts";

const voice = await loadVoice({ settings: { engine: "espeak", voice: "en-gb-x-rp", gain: 1 }, nativeDir: "" });
const quiet = 100; // of 32,767: below it nothing is heard on a telephone

test.each(["M21 4WB", "SW1A 1AA", "E1 6AN", "LS16 8TH"])("the halves of %s are 150 ms apart", async (postcode) => {
  const samples: number[] = [];
  for (const { text, pauseMs } of splitClauses(speakable(postcode))) {
    samples.push(...(await voice.speakClause(text, pauseMs)).audio);
  }
  let longestMs = 0;
  let quietSamples = 0;
  for (const sample of samples) {
    quietSamples = Math.abs(sample) < quiet ? quietSamples + 1 : 0;
    longestMs = Math.max(longestMs, quietSamples / 8);
  }

  expect(longestMs).toBeGreaterThan(130);
  expect(longestMs).toBeLessThan(190);
});
