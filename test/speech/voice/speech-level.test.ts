import { expect, test } from "bun:test";
import { gainOfVoice } from "../../../src/speech/voice/calibration.ts";
import { activeSpeechLevel } from "../../../src/speech/voice/speech-level.ts";

const rateHz = 8000;
const sineDbov = (amplitude: number) => 20 * Math.log10(amplitude / Math.SQRT2);

/** Bursts of a tone, [seconds, amplitude] each; amplitude 0 is a pause. */
function bursts(...parts: readonly (readonly [number, number])[]): Float32Array {
  return Float32Array.from(
    parts.flatMap(([seconds, amplitude]) =>
      Array.from({ length: seconds * rateHz }, (_, n) => amplitude * Math.sin((2 * Math.PI * 440 * n) / rateHz)),
    ),
  );
}

const levelOf = (samples: Float32Array) => activeSpeechLevel(samples, rateHz).levelDbov;

/** Noise whose loudness goes up and down as that of syllables does, with pauses now and then. Seeded. */
function babble(seed: number, seconds: number): Float32Array {
  let x = seed | 1;
  const random = () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x / 0x80000000;
  };
  const syllable = rateHz / 5;
  let loudness = 0;
  return Float32Array.from({ length: seconds * rateHz }, (_, n) => {
    if (n % syllable === 0) loudness = random() > 0.6 ? 0 : 0.05 + 0.2 * Math.abs(random());
    return loudness * Math.sin((Math.PI * (n % syllable)) / syllable) * random();
  });
}

/** P.56's definition with thresholds a quarter of a dB apart: the highest that lies the margin below the level over it. */
function byDefinition(samples: Float32Array): number {
  const g = Math.exp(-1 / (rateHz * 0.03));
  let [p, q] = [0, 0];
  const envelope = samples.map((value) => {
    p = g * p + (1 - g) * Math.abs(value);
    q = g * q + (1 - g) * p;
    return q;
  });
  const energy = samples.reduce((sum, value) => sum + value * value, 0);
  for (let thresholdDb = -10; thresholdDb > -80; thresholdDb -= 0.25) {
    const threshold = 10 ** (thresholdDb / 20);
    let [active, left] = [0, 0];
    for (const value of envelope) {
      left = value >= threshold ? 1600 : left - 1;
      if (left >= 0) active++;
    }
    if (active > 0 && 10 * Math.log10(energy / active) - thresholdDb >= 15.9) return 10 * Math.log10(energy / active);
  }
  return Number.NaN;
}

test("a steady tone has the level of its power; ten times weaker, 20 dB less", () => {
  expect(levelOf(bursts([4, 0.5]))).toBeCloseTo(sineDbov(0.5), 1);
  expect(levelOf(bursts([4, 0.05]))).toBeCloseTo(sineDbov(0.05), 1);
  expect(activeSpeechLevel(bursts([4, 0.5]), rateHz).activity).toBeCloseTo(1, 1);
});

test("pauses do not count, gaps of less than 200 ms within speech do", () => {
  const steady = levelOf(bursts([4, 0.2]));
  const gaps = Array.from({ length: 10 }, () => [[0.3, 0.2] as const, [0.15, 0] as const]).flat();

  expect(levelOf(bursts([1, 0], [4, 0.2], [5, 0]))).toBeWithin(steady - 0.5, steady + 0.01);
  expect(activeSpeechLevel(bursts([1, 0], [4, 0.2], [5, 0]), rateHz).activity).toBeWithin(0.4, 0.46);
  expect(levelOf(bursts(...gaps))).toBeCloseTo(steady + 10 * Math.log10(0.3 / 0.45), 0);
});

test("a soft voice behind a loud one counts while it is less than the margin below it", () => {
  const loud = levelOf(bursts([2, 0.5]));

  expect(levelOf(bursts([2, 0.5], [2, 0.2]))).toBeLessThan(loud - 1.5);
  expect(levelOf(bursts([2, 0.5], [2, 0.005]))).toBeGreaterThan(loud - 1);
});

test("it finds what the definition says, whatever the rhythm and the level", () => {
  for (let seed = 1; seed <= 6; seed++) {
    const speech = babble(seed * 7919, 4).map((value) => value * 10 ** (-seed / 5));
    expect(Math.abs(levelOf(speech) - byDefinition(speech))).toBeLessThan(0.5); // P.56's own tolerance
  }
});

test("silence, nothing at all and a click have no level", () => {
  for (const samples of [new Float32Array(8000), new Float32Array(0), Float32Array.of(...new Float32Array(8000), 1)])
    expect(activeSpeechLevel(samples, rateHz).levelDbov).toBe(Number.NEGATIVE_INFINITY);
});

test("a voice's gain brings its calibration text to −20 dBov, silent ends aside; a silent voice is not blown up", () => {
  const clauses = [bursts([0.5, 0], [2, 0.02], [1, 0]), bursts([0.2, 0], [1, 0.04])];
  const gain = gainOfVoice(clauses, rateHz);
  const spoken = bursts([2, 0.02 * gain], [1, 0.04 * gain]);

  expect(levelOf(spoken)).toBeCloseTo(-20, 0);
  expect(gainOfVoice([new Float32Array(800)], rateHz)).toBe(1);
  expect(gainOfVoice([bursts([1, 1e-4])], rateHz)).toBeCloseTo(10 ** 1.5, 1);
});
