/** Keys as sound: what must be taken and what must not (ITU-T Q.24), and voices, which are no keys. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, encode } from "../../src/media/g711.ts";
import { createToneDigits } from "../../src/media/tone-digits.ts";
import { seeded } from "./network.ts";

const rows = [697, 770, 852, 941];
const columns = [1209, 1336, 1477, 1633];
const all = "123A456B789C*0#D";

type Pressed = {
  ms?: number;
  /** Of each tone, dBm0; the higher one by `twistDb` more. */
  dbm0?: number;
  twistDb?: number;
  /** Both frequencies off by so much. */
  off?: number;
  rateHz?: 8000 | 16_000;
};

const full = 32_768 * 10 ** (-3.14 / 20);

/** A key, with no more of an edge than a switch has. */
function pressed(key: string, { ms = 60, dbm0 = -10, twistDb = 0, off = 0, rateHz = 8000 }: Pressed = {}): Int16Array {
  const at = all.indexOf(key);
  const [low = 0, high = 0] = [rows[at >> 2], columns[at & 3]];
  const level = full * 10 ** (dbm0 / 20);
  const wave = (hz: number, n: number) => Math.sin((2 * Math.PI * hz * (1 + off) * n) / rateHz);
  return Int16Array.from({ length: (ms * rateHz) / 1000 }, (_, n) =>
    Math.round(level * (wave(low, n) + 10 ** (twistDb / 20) * wave(high, n))),
  );
}

const silence = (ms: number, rateHz = 8000) => new Int16Array((ms * rateHz) / 1000);

function joined(...parts: Int16Array[]): Int16Array {
  const out = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** White, so many dB below the two tones of −10 dBm0 each. */
function noisy(samples: Int16Array, snrDb: number, random: () => number): Int16Array {
  const rms = full * 10 ** (-10 / 20) * 10 ** (-snrDb / 20);
  return samples.map((value) => value + rms * Math.sqrt(12) * (random() - 0.5));
}

/** In frames of 20 ms, as a call has them. */
function heard(samples: Int16Array, rateHz: 8000 | 16_000 = 8000): string {
  const detector = createToneDigits(rateHz);
  const whole = joined(samples, silence(100, rateHz));
  const frame = rateHz / 50;
  let digits = "";
  for (let at = 0; at < whole.length; at += frame) {
    for (const { digit } of detector.push(whole.subarray(at, at + frame))) digits += digit;
  }
  return digits;
}

/** Every key once, each at another place of the detector's steps. */
function everyKey(how: Pressed, pauseMs = 60): Int16Array {
  const rateHz = how.rateHz ?? 8000;
  const parts = [...all].flatMap((key, i) => [pressed(key, how), silence(pauseMs + ((7 * i) % 20), rateHz)]);
  return joined(silence(13, rateHz), ...parts);
}

describe("to be taken", () => {
  // −3 dBm0 each are 0 dBm0 together, and as much as G.711 can hold.
  test.each([-3, -6, -10, -20, -27, -30, -36])("all sixteen at %d dBm0", (dbm0) => {
    expect(heard(everyKey({ dbm0 }))).toBe(all);
  });

  test("40 ms of tone and 40 ms of pause, wherever they fall", () => {
    for (let shift = 0; shift < 40; shift++) {
      const twice = [
        pressed("5", { ms: 40 }),
        silence(40),
        pressed("5", { ms: 40 }),
        silence(40),
        pressed("8", { ms: 40 }),
      ];
      expect(heard(joined(new Int16Array(shift), ...twice))).toBe("558");
    }
  });

  test.each([0.015, -0.015])("frequencies off by %d", (off) => {
    expect(heard(everyKey({ off }))).toBe(all);
  });

  test.each([4, 2, -4, -8])("the higher tone %d dB above the lower", (twistDb) => {
    expect(heard(everyKey({ twistDb }))).toBe(all);
  });

  test.each([20, 15])("in noise %d dB below", (snrDb) => {
    const random = seeded(3);
    for (let round = 0; round < 10; round++) expect(heard(noisy(everyKey({}), snrDb, random))).toBe(all);
  });

  test("through A-law and µ-law, and at 16 kHz", () => {
    for (const law of ["PCMA", "PCMU"] as const) {
      const samples = everyKey({ dbm0: -24 });
      const through = new Int16Array(samples.length);
      decode(law, encode(law, samples), through);
      expect(heard(through)).toBe(all);
    }
    expect(heard(everyKey({ rateHz: 16_000 }), 16_000)).toBe(all);
  });

  test("a long press is one key, of its length; an interruption of 5 ms does not divide it", () => {
    const detector = createToneDigits(8000);
    const long = joined(pressed("9", { ms: 1000 }), silence(5), pressed("9", { ms: 500 }), silence(60));
    const digits = detector.push(long);
    expect(digits.map(({ digit }) => digit)).toEqual(["9"]);
    expect(Math.abs((digits[0]?.durationMs ?? 0) - 1505)).toBeLessThan(40);
  });

  test("over the echo of what we are saying, 20 dB below", () => {
    const random = seeded(8);
    let [value, target] = [0, 0];
    const echo = everyKey({}).map((sample, n) => {
      if (n % 400 === 0) target = 700 * (random() - 0.5); // swelling and fading, of low frequencies
      value += 0.02 * (target - value);
      return sample + value * Math.sin((2 * Math.PI * 310 * n) / 8000) * 2;
    });
    expect(heard(echo)).toBe(all);
  });
});

describe("not to be taken", () => {
  test("shorter than 25 ms, wherever they fall", () => {
    for (let shift = 0; shift < 40; shift++) {
      expect(heard(joined(new Int16Array(shift), pressed("5", { ms: 24 }), silence(50)))).toBe("");
    }
  });

  test.each([0.035, -0.035, 0.05])("frequencies off by %d", (off) => {
    expect(heard(everyKey({ off }))).toBe("");
  });

  test.each([8, -13])("the higher tone %d dB above the lower", (twistDb) => {
    expect(heard(everyKey({ twistDb, dbm0: -16 }))).toBe("");
  });

  test("too faint, one tone alone, two of a group, dial tone, ringing tone, noise", () => {
    expect(heard(everyKey({ dbm0: -46 }))).toBe("");
    const tones = (...hz: number[]) =>
      Int16Array.from(
        { length: 8000 },
        (_, n) => 4000 * hz.reduce((sum, f) => sum + Math.sin((2 * Math.PI * f * n) / 8000), 0),
      );
    for (const sound of [
      tones(770),
      tones(1336),
      tones(770, 941),
      tones(1209, 1633),
      tones(350, 440),
      tones(400, 450),
    ]) {
      expect(heard(sound)).toBe("");
    }
    const random = seeded(1);
    expect(heard(Int16Array.from({ length: 80_000 }, () => 16_000 * (random() - 0.5)))).toBe("");
  });
});

const shared = join(import.meta.dir, "../../../shared/data/audio");
const spoken = existsSync(shared)
  ? readdirSync(shared, { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".wav") && !/dtmf|noise/.test(file),
    )
  : [];

/** 16 bit, one channel, of either rate: others are left out. */
function readSpeech(path: string): { rateHz: 8000 | 16_000; samples: Int16Array } | undefined {
  const bytes = readFileSync(path);
  const isFit = bytes.readUInt16LE(20) === 1 && bytes.readUInt16LE(22) === 1 && bytes.readUInt16LE(34) === 16;
  const rateHz = bytes.readUInt32LE(24);
  if (!isFit || (rateHz !== 8000 && rateHz !== 16_000)) return undefined;
  const from = bytes.indexOf("data", 12, "latin1") + 8;
  const count = Math.floor((bytes.length - from) / 2);
  return { rateHz, samples: Int16Array.from({ length: count }, (_, i) => bytes.readInt16LE(from + 2 * i)) };
}

test.skipIf(spoken.length === 0)("voices are no keys (skipped where ../shared/data is not there)", () => {
  let [seconds, digits] = [0, ""];
  for (const file of spoken) {
    const speech = readSpeech(join(shared, file));
    if (speech === undefined) continue;
    seconds += speech.samples.length / speech.rateHz;
    digits += heard(speech.samples, speech.rateHz);
  }
  console.log(`talk-off: ${digits.length} false keys in ${Math.round(seconds)} s of speech`);
  expect(seconds).toBeGreaterThan(60);
  expect(digits).toBe("");
});

const recorded = join(shared, "dtmf");
test.skipIf(!existsSync(recorded))("recorded keys are themselves (skipped where ../shared/data is not there)", () => {
  const found = readdirSync(recorded)
    .filter((file) => /^dtmf-[0-9]\.wav$/.test(file))
    .flatMap((file) => {
      const speech = readSpeech(join(recorded, file));
      return speech === undefined ? [] : [[file[5], [...new Set(heard(speech.samples, speech.rateHz))].join("")]];
    });
  for (const [key, digits] of found) expect(digits).toBe(key);
});
