import { expect, test } from "bun:test";
import { type Framing, frameCount, melFrontEnd } from "../../../src/speech/whisper/mel.ts";
import { seeded } from "./clips.ts";

/** Whisper's log-mel by the book: a plain Fourier sum per bin, librosa's filters written out. */
function slowLogMel(samples: Float32Array, mels: number, framing: Framing): number[][] {
  const n = samples.length;
  const at = (i: number): number => {
    if (framing === "openai") return samples[i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i] ?? 0;
    return samples[i < 0 ? -i - 1 : i >= n ? 2 * n - 1 - i : i] ?? 0;
  };
  const mel = (hz: number) => (hz < 1000 ? (3 * hz) / 200 : 15 + (27 * Math.log(hz / 1000)) / Math.log(6.4));
  const hertz = (m: number) => (m < 15 ? (200 * m) / 3 : 1000 * Math.exp((Math.log(6.4) * (m - 15)) / 27));
  const edges = Array.from({ length: mels + 2 }, (_, i) => hertz((mel(8000) * i) / (mels + 1)));
  const rows = Array.from({ length: mels }, (): number[] => []);
  for (let frame = 0; frame < frameCount(n, framing); frame++) {
    const first = frame * 160 - (framing === "openai" ? 200 : 120);
    const power = Array.from({ length: 201 }, (_, k) => {
      let re = 0;
      let im = 0;
      for (let i = 0; i < 400; i++) {
        const value = at(first + i) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / 400));
        re += value * Math.cos((2 * Math.PI * k * i) / 400);
        im -= value * Math.sin((2 * Math.PI * k * i) / 400);
      }
      return re * re + im * im;
    });
    for (let m = 0; m < mels; m++) {
      const [low = 0, centre = 0, high = 0] = edges.slice(m, m + 3);
      const sum = power.reduce((total, value, k) => {
        const weight = Math.max(0, Math.min((k * 40 - low) / (centre - low), (high - k * 40) / (high - centre)));
        return total + (weight * value * 2) / (high - low);
      }, 0);
      rows[m]?.push(Math.log10(Math.max(sum, 1e-10)));
    }
  }
  const loudest = Math.max(...rows.flat());
  return rows.map((row) => row.map((value) => (Math.max(value, loudest - 8) + 4) / 4));
}

for (const framing of ["openai", "sherpa"] as const) {
  for (const [mels, length] of [
    [80, 8000],
    [128, 5543],
    [80, 481],
  ] as const) {
    test(`log-mel equals a plain Fourier sum: ${framing}, ${mels} bands, ${length} samples`, () => {
      const random = seeded(length);
      const samples = Float32Array.from({ length }, (_, i) => 0.3 * Math.sin(i * i * 1e-5) + 0.01 * (random() - 0.5));
      const expected = slowLogMel(samples, mels, framing);

      const frames = frameCount(length, framing);
      const { data, columns } = melFrontEnd(mels)(samples, framing, frames + 7);

      expect(columns).toBe(frames + 7);
      let furthest = 0;
      for (let m = 0; m < mels; m++) {
        for (let t = 0; t < columns; t++) {
          const wanted = expected[m]?.[t] ?? 0; // the tail is zero
          furthest = Math.max(furthest, Math.abs((data[m * columns + t] ?? Number.NaN) - wanted));
        }
      }
      expect(furthest).toBeLessThan(2e-5);
    });
  }
}

test("a clip makes a frame per 160 samples; sherpa-onnx rounds where Whisper cuts off", () => {
  expect([159, 160, 239, 240, 320].map((n) => frameCount(n, "openai"))).toEqual([0, 1, 1, 1, 2]);
  expect([79, 80, 239, 240, 400].map((n) => frameCount(n, "sherpa"))).toEqual([0, 1, 1, 2, 3]);
});

test("clips of no samples, of one and of less than a window are finite", () => {
  const front = melFrontEnd(80);
  for (const length of [0, 1, 2, 100, 161, 399]) {
    for (const framing of ["openai", "sherpa"] as const) {
      const { data } = front(new Float32Array(length).fill(0.1), framing, 4);
      expect(data.every(Number.isFinite)).toBe(true);
    }
  }
});

test("more frames than columns is a fault of the caller", () => {
  expect(() => melFrontEnd(80)(new Float32Array(1600), "openai", 9)).toThrow(RangeError);
});

test("five seconds of audio cost about ten milliseconds at most", () => {
  const front = melFrontEnd(80);
  const random = seeded(5);
  const samples = Float32Array.from({ length: 80_000 }, () => random() - 0.5);
  const times = Array.from({ length: 30 }, () => {
    const began = performance.now();
    front(samples, "openai", 550);
    return performance.now() - began;
  }).sort((a, b) => a - b);
  const median = times[15] ?? Number.NaN;
  console.log(`log-mel of 5 s: median ${median.toFixed(2)} ms, best ${times[0]?.toFixed(2)} ms`);
  expect(times[0]).toBeLessThan(10); // the best of thirty: the others tell how busy the machine was
});
