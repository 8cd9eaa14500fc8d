/** The WAV that is never written, read by a library that knows nothing of us. */
import { expect, test } from "bun:test";
import { WaveFile } from "wavefile";
import { wavOf } from "../../src/store/recording-wav.ts";

const caller = Int16Array.from({ length: 4_001 }, (_, i) => i - 2_000);
const agent = caller.map((sample) => -sample);
const reader = {
  samples: caller.length,
  read: (from: number, until: number) => ({ caller: caller.slice(from, until), agent: agent.slice(from, until) }),
};

test("wavefile reads it: stereo, 16 bit, 8000 Hz, caller left and agent right", () => {
  const wav = wavOf(reader);
  const file = new WaveFile(wav.read(0, wav.bytes));
  expect(file.fmt).toMatchObject({
    audioFormat: 1,
    numChannels: 2,
    sampleRate: 8_000,
    bitsPerSample: 16,
    blockAlign: 4,
  });
  const [left, right] = file.getSamples(false, Int16Array) as unknown as [Int16Array, Int16Array];
  expect(left).toEqual(caller);
  expect(right).toEqual(agent);
});

test("any range of it is that part of the whole", () => {
  const wav = wavOf(reader);
  const whole = wav.read(0, wav.bytes);
  for (const [from, until] of [
    [0, 1],
    [0, 44],
    [43, 47],
    [44, 45],
    [101, 999],
    [wav.bytes - 3, wav.bytes + 10],
  ] as const) {
    expect(wav.read(from, until)).toEqual(whole.slice(from, until));
  }
  expect(Buffer.concat([...wav.pieces(0, wav.bytes, 1_000)])).toEqual(Buffer.from(whole));
});
