/** Keys pressed as sound (ITU-T Q.23) into our words, where nothing tells them but the sound. */
import type { RateHz } from "../../../src/media/messages.ts";
import { createToneDigits } from "../../../src/media/tone-digits.ts";
import type { Line } from "./speaker-call.ts";

const rowsHz = [697, 770, 852, 941];
const columnsHz = [1209, 1336, 1477];
const keypad = "123456789*0#";
/** As telephones send them: 80 ms each and as much between them, −9 dBm0 and −7 dBm0. */
const [toneMs, gapMs] = [80, 80];
const peakOf = (dbm0: number) => 32_768 * 10 ** ((dbm0 - 3.14) / 20);
const [rowPeak, columnPeak] = [peakOf(-9), peakOf(-7)];
const keysInARow = 4;

/** A few keys somewhere into what is said from `fromMs` on for `lengthMs`. */
export function pressed(random: () => number, fromMs: number, lengthMs: number, rateHz: RateHz) {
  const picked = Array.from({ length: keysInARow }, () => Math.floor(random() * keypad.length));
  const digits = picked.map((key) => keypad[key] ?? "").join("");
  const lengthOf = (ms: number) => Math.round((ms * rateHz) / 1000);
  const samples = new Int16Array(keysInARow * lengthOf(toneMs + gapMs));
  for (const [i, key] of picked.entries()) {
    const [row, column] = [rowsHz[Math.floor(key / 3)] ?? 0, columnsHz[key % 3] ?? 0];
    const at = i * lengthOf(toneMs + gapMs);
    for (let n = 0; n < lengthOf(toneMs); n++) {
      const turn = (2 * Math.PI * n) / rateHz;
      samples[at + n] = Math.round(rowPeak * Math.sin(row * turn) + columnPeak * Math.sin(column * turn));
    }
  }
  const intoMs = random() * Math.max(0, lengthMs - keysInARow * (toneMs + gapMs));
  const line: Line = { fromMs: Math.round(fromMs + intoMs), samples };
  return { digits, line };
}

/** What the media Worker makes of it. */
export function keysHeard(samples: Int16Array, rateHz: RateHz): string {
  return createToneDigits(rateHz)
    .push(samples)
    .map(({ digit }) => digit)
    .join("");
}
