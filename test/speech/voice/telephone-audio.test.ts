import { expect, test } from "bun:test";
import { resampled } from "../../../src/media/resample.ts";
import { amplified, gainTo, limited, peakLimit, toInt16 } from "../../../src/speech/voice/level.ts";
import { trimmed } from "../../../src/speech/voice/silence.ts";
import { activeSpeechLevel } from "../../../src/speech/voice/speech-level.ts";
import { telephoneAudio } from "../../../src/speech/voice/telephone-audio.ts";

const tone = (hz: number, rateHz: number, seconds: number, amplitude = 0.5) =>
  Float32Array.from(
    { length: Math.round(rateHz * seconds) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / rateHz),
  );

const narrow = { pauseMs: 300, rateHz: 8000, gain: 0.3 } as const;

/** dB of the middle of `samples`, its ends left out, against a sine of amplitude 0.5. */
function gainDb(samples: Float32Array): number {
  const middle = samples.subarray(400, samples.length - 400);
  return 10 * Math.log10(middle.reduce((sum, x) => sum + x * x, 0) / middle.length / 0.125);
}

test.each([16_000, 22_050, 24_000, 44_100, 48_000])(
  "resampling from %d Hz passes the telephone band and folds nothing back",
  (rateHz) => {
    for (const hz of [100, 1000, 3000, 3300])
      expect(Math.abs(gainDb(resampled(tone(hz, rateHz, 0.5), rateHz, 8000)))).toBeLessThan(0.5);
    for (const hz of [4100, 5000, 7000])
      expect(gainDb(resampled(tone(hz, rateHz, 0.5), rateHz, 8000))).toBeLessThan(-60);
  },
);

test.each([16_000, 22_050, 24_000, 48_000])("resampling from %d Hz to 16 kHz passes the wide band", (rateHz) => {
  for (const hz of [100, 1000, 4000, 6900])
    expect(Math.abs(gainDb(resampled(tone(hz, rateHz, 0.5), rateHz, 16_000)))).toBeLessThan(0.5);
  if (rateHz === 16_000) return;
  for (const hz of [8100, 9000, 10_500])
    expect(gainDb(resampled(tone(hz, rateHz, 0.5), rateHz, 16_000))).toBeLessThan(-60);
});

test("a clause at 16 kHz is as long, as loud and as clean as at 8", () => {
  const voice = tone(440, 22_050, 0.5);
  const wide = telephoneAudio(voice, 22_050, { pauseMs: 300, rateHz: 16_000, gain: 0.3 });
  expect(wide.length).toBe(8000 + 4800);
  expect([wide[0], wide[7999]]).toEqual([0, 0]);
  const level = (samples: Int16Array, rateHz: number) =>
    activeSpeechLevel(
      Float32Array.from(samples, (x) => x / 32_768),
      rateHz,
    ).levelDbov;
  expect(level(wide, 16_000)).toBeCloseTo(level(telephoneAudio(voice, 22_050, narrow), 8000), 1);
});

test("resampling keeps time: as long as before, and each sample where it was", () => {
  const out = resampled(tone(500, 22_050, 1), 22_050, 8000);
  const wanted = tone(500, 8000, 1);

  expect(out.length).toBe(8000);
  for (let i = 200; i < 7800; i++) expect(Math.abs((out[i] ?? 0) - (wanted[i] ?? 0))).toBeLessThan(0.003);
  expect(resampled(tone(500, 22_050, 0.5).subarray(0, 1), 22_050, 8000).length).toBe(1);
  expect(resampled(wanted, 8000, 8000)).toEqual(wanted);
  expect(() => resampled(wanted, 999, 8000)).toThrow(RangeError);
});

test("a gain is what lies between two levels; noise is not blown up by more than 30 dB, nothing by anything", () => {
  expect(gainTo(-20, -26)).toBeCloseTo(1.995, 3);
  expect(gainTo(-20, -14)).toBeCloseTo(0.501, 3);
  expect(gainTo(-20, -80)).toBeCloseTo(10 ** 1.5, 6);
  expect(gainTo(-20, Number.NEGATIVE_INFINITY)).toBe(1);
  expect([...amplified(Float32Array.of(0.25, -0.5), 2)]).toEqual([0.5, -1]);
});

test("clauses leave as loud beside one another as the voice made them: a whisper stays one, a shout keeps under −3 dBFS", () => {
  const leaves = (amplitude: number) => {
    const audio = telephoneAudio(tone(440, 22_050, 0.5, amplitude), 22_050, { ...narrow, gain: 2 });
    return audio.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0) / 32_768;
  };

  expect(leaves(0.01)).toBeCloseTo(0.02, 2);
  expect(leaves(0.1) / leaves(0.01)).toBeCloseTo(10, 0);
  expect(leaves(0.9)).toBeLessThanOrEqual(peakLimit + 1 / 32_768);
  expect(leaves(0.9)).toBeGreaterThan(0.69);
});

test("a peak above −3 dBFS is turned down smoothly, not clipped; what is far from it stays as it is", () => {
  const samples = tone(200, 8000, 1, 0.3);
  for (let i = 4000; i < 4010; i++) samples[i] = 1.5;
  const out = limited(samples, 8000);

  expect(Math.max(...out.map(Math.abs))).toBeLessThanOrEqual(peakLimit + 1e-6);
  expect(out.subarray(0, 3900)).toEqual(samples.subarray(0, 3900));
  expect(out.subarray(4100)).toEqual(samples.subarray(4100));
  expect(limited(samples.subarray(0, 3000), 8000)).toEqual(samples.subarray(0, 3000));
});

test("silent ends go, soft beginnings and 20 ms on either side stay", () => {
  const samples = new Float32Array(8000);
  samples.set(tone(300, 8000, 0.1, 0.01), 2000); // 34 dB below what follows
  samples.set(tone(300, 8000, 0.25, 0.5), 2800);
  const kept = trimmed(samples, 8000);

  expect(kept.byteOffset / 4).toBe(2000 - 160);
  expect(kept.length).toBe(800 + 2000 + 2 * 160);
  expect(trimmed(new Float32Array(800), 8000).length).toBe(0);
});

test("a clause ends in the pause asked for, starts and stops without a click", () => {
  const out = telephoneAudio(tone(440, 22_050, 0.5), 22_050, narrow);

  expect(out.length).toBe(4000 + 2400);
  expect(out.subarray(4000).every((x) => x === 0)).toBe(true);
  expect([out[0], out[3999]]).toEqual([0, 0]);
  expect(telephoneAudio(new Float32Array(0), 22_050, { ...narrow, pauseMs: 0 }).length).toBe(0);
});

test("toInt16 saturates", () => {
  expect([...toInt16(Float32Array.of(-2, -1, 0, 0.5, 1, 2))]).toEqual([-32_768, -32_768, 0, 16_384, 32_767, 32_767]);
});
