/**
 * ITU-T G.722 at 64 kbit/s: 16 kHz sound in two sub-bands, ADPCM of 6 bits below and 2 bits above 4 kHz. One byte holds
 * two samples, so that there are 8000 bytes a second: the 8000 Hz of its RTP clock (RFC 3551 §4.5.2). Both directions
 * have memory: bytes must come in order, and cannot be cut out of a stream and put into another.
 */
import { clamp16, SubBand } from "./g722-band.ts";

/** Clause 3.1, table 11: half of the 24 symmetric taps; the other half is the same in reverse. */
const qmf = Int32Array.of(3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11);
const taps = 24;

/** Clause 3.3, table 14 (Q6): decision levels of the low band, by the scale. */
const lowLevels = Int32Array.of(
  ...[
    0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339,
  ],
  ...[1458, 1612, 1765, 1980, 2195, 2557, 2919],
);
const highLevel = 564;

/** Output of the inverse quantisers: 6 and 4 bits below (QM6, QM4), 2 bits above (QM2). */
const low6 = lowValues(
  [24_808, 21_904, 19_008, 16_704, 14_984, 13_512, 12_280, 11_192, 10_232, 9360, 8576, 7856, 7192, 6576, 6000, 5456],
  [4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136],
);
const low4 = Int16Array.of(
  ...[0, -20_456, -12_896, -8968, -6288, -4240, -2584, -1200],
  ...[20_456, 12_896, 8968, 6288, 4240, 2584, 1200, 0],
);
const high2 = Int16Array.of(-7408, -1616, 7408, 1616);

const lowRule = {
  // By the upper four bits of a code; a step is the same for both signs (WL by RL42).
  steps: Int16Array.of(-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60),
  highestLog: 18_432,
  octave: 8,
};
const highRule = { steps: Int16Array.of(798, -214, 798, -214), highestLog: 22_528, octave: 10 };
const [lowScale, highScale] = [32, 8];

export type G722Encoder = {
  /** @param samples 16 kHz, an even number of them. @returns half as many bytes. */
  encode(samples: Int16Array): Uint8Array;
};

export type G722Decoder = {
  /** Writes twice as many samples of 16 kHz into `into`, from its start. */
  decode(bytes: Uint8Array, into: Int16Array): void;
};

export function createG722Encoder(): G722Encoder {
  const low = new SubBand(lowRule, lowScale);
  const high = new SubBand(highRule, highScale);
  const line = createDelayLine();
  return {
    encode(samples) {
      const bytes = new Uint8Array(samples.length >> 1);
      for (let i = 0; i < bytes.length; i++) {
        const { even, odd } = line.push(samples[2 * i] ?? 0, samples[2 * i + 1] ?? 0);
        const lowCode = quantiseLow(clamp16(((even + odd) >> 14) - low.prediction), low.scale);
        const highCode = quantiseHigh(clamp16(((even - odd) >> 14) - high.prediction), high.scale);
        updateLow(low, lowCode);
        high.update((high.scale * (high2[highCode] ?? 0)) >> 15, highCode);
        bytes[i] = (highCode << 6) | lowCode;
      }
      return bytes;
    },
  };
}

export function createG722Decoder(): G722Decoder {
  const low = new SubBand(lowRule, lowScale);
  const high = new SubBand(highRule, highScale);
  const line = createDelayLine();
  return {
    decode(bytes, into) {
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i] ?? 0;
        const lowCode = byte & 63;
        const highCode = byte >> 6;
        const highDifference = (high.scale * (high2[highCode] ?? 0)) >> 15;
        const below = clamp15(low.prediction + ((low.scale * (low6[lowCode] ?? 0)) >> 15));
        const above = clamp15(high.prediction + highDifference);
        updateLow(low, lowCode);
        high.update(highDifference, highCode);
        const { even, odd } = line.push(below + above, below - above);
        into[2 * i] = clamp16(even >> 11);
        into[2 * i + 1] = clamp16(odd >> 11);
      }
    },
  };
}

/** Clause 3.6.1: the low band learns from four bits only, so that the other two may be used for data (modes 2 and 3). */
function updateLow(band: SubBand, code: number): void {
  const coarse = code >> 2;
  band.update((band.scale * (low4[coarse] ?? 0)) >> 15, coarse);
}

/** QUANTL: 30 magnitudes; the codes count down from 61 and 63 (those of 4 bits that are all zero are never used). */
function quantiseLow(difference: number, scale: number): number {
  const magnitude = difference < 0 ? ~difference : difference;
  let i = 1;
  while (i < lowLevels.length && magnitude >= ((lowLevels[i] ?? 0) * scale) >> 12) i++;
  if (difference >= 0) return 62 - i;
  return i < 3 ? 64 - i : 34 - i;
}

/** QUANTH. */
function quantiseHigh(difference: number, scale: number): number {
  const isLarge = (difference < 0 ? ~difference : difference) >= (highLevel * scale) >> 12;
  if (difference < 0) return isLarge ? 0 : 1;
  return isLarge ? 2 : 3;
}

/** Codes 0–3 stand for the smallest negative value: only a transmission error makes them. */
function lowValues(upper: number[], lower: number[]): Int16Array {
  const magnitudes = [...upper, ...lower];
  const [second = 0, smallest = 0] = magnitudes.slice(-2);
  const negative = magnitudes.slice(0, -2).map((value) => -value);
  return Int16Array.of(...Array(4).fill(-smallest), ...negative, ...magnitudes, -second, -smallest);
}

/** The quadrature mirror filter, the same for splitting and for joining: 24 values, two more at each step. */
function createDelayLine() {
  // Written twice, so that the last 24 are always in one piece.
  const line = new Int32Array(2 * taps);
  const out = { even: 0, odd: 0 };
  let at = 0;
  return {
    push(first: number, second: number): { even: number; odd: number } {
      line[at] = first;
      line[at + taps] = first;
      line[at + 1] = second;
      line[at + 1 + taps] = second;
      at = at + 2 === taps ? 0 : at + 2;
      let even = 0;
      let odd = 0;
      for (let i = 0; i < 12; i++) {
        const tap = qmf[i] ?? 0;
        odd += (line[at + 2 * i] ?? 0) * tap;
        even += (line[at + taps - 1 - 2 * i] ?? 0) * tap;
      }
      out.even = even;
      out.odd = odd;
      return out;
    },
  };
}

function clamp15(value: number): number {
  if (value > 16_383) return 16_383;
  if (value < -16_384) return -16_384;
  return value;
}
