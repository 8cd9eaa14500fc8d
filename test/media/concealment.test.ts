import { expect, test } from "bun:test";
import { createConcealer } from "../../src/media/concealment.ts";

const periodSamples = 64; // 125 Hz

function voiced(from: number, samples: number): Int16Array {
  return Int16Array.from({ length: samples }, (_, n) => {
    const phase = (2 * Math.PI * (from + n)) / periodSamples;
    return Math.round(8000 * Math.sin(phase) + 3000 * Math.sin(3 * phase));
  });
}

const heard = (samples: number) => [{ kind: "heard" as const, samples }];
const lost = (samples: number) => [{ kind: "lost" as const, samples }];

function primed() {
  const concealer = createConcealer(8000);
  concealer.process(voiced(0, 800), heard(800));
  return concealer;
}

test("a voice goes on in its own period: the first 10 ms of a loss are as if nothing was lost", () => {
  const concealer = primed();
  const frame = new Int16Array(160);
  concealer.process(frame, lost(160));
  const expected = voiced(800, 160);
  for (let n = 0; n < 80; n++) expect(Math.abs((frame[n] ?? 0) - (expected[n] ?? 0))).toBeLessThanOrEqual(1);
  expect(concealer.concealedMs).toBe(20);
});

test("it fades: less than half after 40 ms, nothing after 60", () => {
  const concealer = primed();
  const frame = new Int16Array(800);
  concealer.process(frame, lost(800));
  const peak = (from: number, to: number) => Math.max(...frame.subarray(from, to).map(Math.abs));
  expect(peak(0, 80)).toBeGreaterThan(7500);
  expect(peak(320, 384)).toBeLessThan(3890);
  expect(peak(480, 800)).toBe(0);
});

test("the sound that comes after is joined without a jump, and is itself again after 5 ms", () => {
  const concealer = primed();
  const gap = new Int16Array(160);
  concealer.process(gap, lost(160));
  const after = new Int16Array(160).fill(5000);
  concealer.process(after, heard(160));
  expect(Math.abs((after[0] ?? 0) - (gap[159] ?? 0))).toBeLessThan(2500);
  expect([...after.subarray(40)]).toEqual(Array.from({ length: 120 }, () => 5000));
});

test("a loss within a frame is filled where it is", () => {
  const concealer = primed();
  const frame = voiced(800, 160);
  frame.fill(0, 80, 120);
  concealer.process(frame, [...heard(80), ...lost(40), ...heard(40)]);
  const expected = voiced(800, 160);
  for (let n = 0; n < 160; n++) expect(Math.abs((frame[n] ?? 0) - (expected[n] ?? 0))).toBeLessThanOrEqual(2);
});

test("silence on purpose is left alone, and lost silence stays silence", () => {
  const concealer = primed();
  const quiet = new Int16Array(480);
  concealer.process(quiet, [{ kind: "silent", samples: 480 }]);
  expect(new Set(quiet)).toEqual(new Set([0]));
  const frame = new Int16Array(160).fill(1);
  concealer.process(frame, lost(160));
  expect(new Set(frame)).toEqual(new Set([0]));
});
