import { describe, expect, test } from "bun:test";
import { createRealFft } from "../../../src/media/echo/real-fft.ts";
import { seeded } from "../network.ts";

describe.each([8, 10, 20, 160, 320, 1000, 4096])("the transform of %d real samples", (size) => {
  const random = seeded(size);
  const time = Float64Array.from({ length: size }, () => 2 * random() - 1);
  const [real, imaginary] = [new Float64Array(size / 2 + 1), new Float64Array(size / 2 + 1)];

  test("is what its definition says", () => {
    createRealFft(size).forward(time, real, imaginary);
    for (const k of [0, 1, 2, Math.floor(size / 5), size / 2 - 1, size / 2]) {
      let [re, im] = [0, 0];
      time.forEach((x, n) => {
        const angle = (2 * Math.PI * ((k * n) % size)) / size;
        re += x * Math.cos(angle);
        im -= x * Math.sin(angle);
      });
      expect(real[k]).toBeCloseTo(re, 8);
      expect(imaginary[k]).toBeCloseTo(im, 8);
    }
  });

  test("and back is the same", () => {
    const fft = createRealFft(size);
    const back = new Float64Array(size);
    fft.forward(time, real, imaginary);
    fft.inverse(real, imaginary, back);
    back.forEach((x, n) => {
      expect(x).toBeCloseTo(time[n] ?? 0, 10);
    });
  });
});

test("a size with another factor is refused", () => {
  expect(() => createRealFft(14)).toThrow(RangeError);
});
