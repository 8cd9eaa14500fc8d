/**
 * 8 ↔ 16 kHz by a half-band polyphase filter: on the way up every other output is an input sample, those between are a
 * 24-tap Kaiser-windowed sinc. Flat within ±0.1 dB up to 3400 Hz, images (on the way down: what would fold back) above
 * 4600 Hz at least 60 dB down, delayed by 1.5 ms.
 */
const taps = 24;
const half = taps / 2;
const kaiserBeta = 5.65; // 60 dB

const coefficients = designBetween();

/** Doubles the rate of a stream; blocks may have any length and join without a seam. */
export type Upsampler = {
  /** @returns twice as many samples as given, −1…1; valid until the next call. */
  push(samples: Int16Array): Float32Array;
};

export function createUpsampler(): Upsampler {
  let line = new Float32Array(taps - 1 + 160);
  let out = new Float32Array(320);
  return {
    push(samples) {
      if (line.length < taps - 1 + samples.length) line = grown(line, taps - 1 + samples.length);
      if (out.length < 2 * samples.length) out = new Float32Array(2 * samples.length);
      for (let i = 0; i < samples.length; i++) line[taps - 1 + i] = (samples[i] ?? 0) / 32_768;
      for (let n = 0; n < samples.length; n++) {
        let between = 0;
        for (let k = 0; k < taps; k++) between += (coefficients[k] ?? 0) * (line[n + k] ?? 0);
        out[2 * n] = line[n + half - 1] ?? 0;
        out[2 * n + 1] = between;
      }
      line.copyWithin(0, samples.length, samples.length + taps - 1);
      return out.subarray(0, 2 * samples.length);
    },
  };
}

/** Halves the rate of a stream; blocks may have any even length and join without a seam. */
export type Downsampler = {
  /** @returns half as many samples as given; valid until the next call. */
  push(samples: Int16Array): Int16Array;
};

export function createDownsampler(): Downsampler {
  let odd = new Float32Array(taps - 1 + 160);
  let even = new Float32Array(taps - 1 + 160);
  let out = new Int16Array(160);
  return {
    push(samples) {
      const length = samples.length >> 1;
      if (odd.length < taps - 1 + length) {
        odd = grown(odd, taps - 1 + length);
        even = grown(even, taps - 1 + length);
      }
      if (out.length < length) out = new Int16Array(length);
      for (let i = 0; i < length; i++) {
        even[taps - 1 + i] = samples[2 * i] ?? 0;
        odd[taps - 1 + i] = samples[2 * i + 1] ?? 0;
      }
      for (let n = 0; n < length; n++) {
        let sum = even[n + half] ?? 0;
        for (let k = 0; k < taps; k++) sum += (coefficients[k] ?? 0) * (odd[n + k] ?? 0);
        out[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum / 2)));
      }
      even.copyWithin(0, length, length + taps - 1);
      odd.copyWithin(0, length, length + taps - 1);
      return out.subarray(0, length);
    },
  };
}

function grown(line: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  const longer = new Float32Array(length);
  longer.set(line.subarray(0, taps - 1));
  return longer;
}

/** Taps for the point half way between two samples, of sum 1 (a constant stays what it is). */
function designBetween(): Float64Array {
  const raw = Float64Array.from({ length: taps }, (_, k) => {
    const x = k - half + 0.5;
    const sinc = Math.sin(Math.PI * x) / (Math.PI * x);
    return sinc * (besselI0(kaiserBeta * Math.sqrt(1 - (x / half) ** 2)) / besselI0(kaiserBeta));
  });
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum);
}

function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
