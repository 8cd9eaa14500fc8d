import { expect, test } from "bun:test";
import { planFft } from "../../src/media/fft.ts";
import { seeded } from "./network.ts";

test("the transform of any 2^a·5^b equals its definition, and other sizes are refused", () => {
  for (const size of [2, 4, 5, 8, 10, 20, 80, 100, 160, 400]) {
    const random = seeded(size);
    const re = Float64Array.from({ length: size }, () => random() - 0.5);
    const im = Float64Array.from({ length: size }, () => random() - 0.5);
    const wanted = Array.from({ length: size }, (_, k) => {
      let sumR = 0;
      let sumI = 0;
      for (let i = 0; i < size; i++) {
        const angle = (-2 * Math.PI * k * i) / size;
        sumR += (re[i] ?? 0) * Math.cos(angle) - (im[i] ?? 0) * Math.sin(angle);
        sumI += (re[i] ?? 0) * Math.sin(angle) + (im[i] ?? 0) * Math.cos(angle);
      }
      return [sumR, sumI] as const;
    });
    const fft = planFft(size);
    fft(new Float64Array(size).fill(1), new Float64Array(size)); // a second use must not depend on the first
    fft(re, im);
    for (const [k, [sumR, sumI]] of wanted.entries()) {
      expect(re[k]).toBeCloseTo(sumR, 10);
      expect(im[k]).toBeCloseTo(sumI, 10);
    }
  }
  expect(() => planFft(6)).toThrow(RangeError);
});
