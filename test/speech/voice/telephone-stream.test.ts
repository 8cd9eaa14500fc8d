import { expect, test } from "bun:test";
import fc from "fast-check";
import { createClipResampler, resampled } from "../../../src/media/resample.ts";
import { joined, joinedPcm } from "../../../src/speech/voice/join.ts";
import { createTelephoneStream, telephoneAudio } from "../../../src/speech/voice/telephone-audio.ts";

/** A clause with silence on either side and peaks in it that the limiter turns down, at any rate. */
function clause(length: number, silence: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => {
    if (i < silence || i >= length - silence) return 1e-6 * Math.sin(i);
    return 0.6 * Math.sin(i / 9) * Math.abs(Math.sin(i / 2_000)) ** 4;
  });
}

const cutBy = (samples: Float32Array, lengths: readonly number[]): Float32Array[] => {
  const parts: Float32Array[] = [];
  for (let at = 0, n = 0; at < samples.length; at += parts.at(-1)?.length ?? 0, n++)
    parts.push(samples.subarray(at, at + (lengths[n % lengths.length] ?? 1)));
  return parts;
};

const cuts = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 6 }),
  samples: fc.integer({ min: 0, max: 30_000 }),
  silence: fc.integer({ min: 0, max: 6_000 }),
  voiceHz: fc.constantFrom(8000, 16_000, 22_050, 24_000, 44_100),
  rateHz: fc.constantFrom(8000 as const, 16_000 as const),
  gain: fc.constantFrom(0.3, 1, 4),
});

test("a clip resampled in pieces is the clip resampled at once, sample by sample", () => {
  fc.assert(
    fc.property(cuts, ({ lengths, samples, silence, voiceHz, rateHz }) => {
      const clip = clause(samples, silence);
      const resampler = createClipResampler(voiceHz, rateHz);
      const pieces = cutBy(clip, lengths).map((part) => resampler.push(part));
      expect(joined([...pieces, resampler.end()])).toEqual(resampled(clip, voiceHz, rateHz));
    }),
    { seed: 20_261_121, numRuns: 40 },
  );
});

test("a clause that comes in pieces leaves as it would in one: no seam, whatever the pieces", () => {
  fc.assert(
    fc.property(cuts, ({ lengths, samples, silence, voiceHz, rateHz, gain }) => {
      const clip = clause(samples, silence);
      const through = (parts: readonly Float32Array[]) => {
        const stream = createTelephoneStream(voiceHz, { pauseMs: 140, rateHz, gain });
        return joinedPcm([...parts.map((part) => stream.push(part)), stream.end()]);
      };
      expect(through(cutBy(clip, lengths))).toEqual(through([clip]));
    }),
    { seed: 20_261_121, numRuns: 40 },
  );
});

test("as loud as voices are, it leaves as the whole clause does; a clause of silence leaves as its pause", () => {
  const wanted = { pauseMs: 300, rateHz: 8000, gain: 1 } as const;
  const inPieces = (clip: Float32Array) => {
    const stream = createTelephoneStream(22_050, wanted);
    return joinedPcm([...cutBy(clip, [6_656]).map((part) => stream.push(part)), stream.end()]);
  };
  const clip = clause(40_000, 4_000);
  expect(inPieces(clip)).toEqual(telephoneAudio(clip, 22_050, wanted));
  expect(inPieces(new Float32Array(20_000))).toEqual(new Int16Array(2_400));
});

test("of a long clause all but the last 30 ms has left by the time that it has been made", () => {
  const stream = createTelephoneStream(22_050, { pauseMs: 0, rateHz: 8000, gain: 1 });
  const left = stream.push(clause(22_050, 0)).length;
  expect(left).toBeGreaterThan(8_000 - 240);
});
