import { describe, expect, test } from "bun:test";
import { type Admission, answered, raised, startAdmission } from "../../src/ops/capacity/admission.ts";

/** One answer a second, from `fromMs` on. */
const after = (state: Admission, delaysMs: readonly number[], calls: number, fromMs: number): Admission =>
  delaysMs.reduce((before, delayMs, i) => answered(before, delayMs, calls, fromMs + 1000 * i), state);

const times = (count: number, delayMs: number): number[] => Array.from({ length: count }, () => delayMs);

describe("while answers come in time", () => {
  test("there may be as many calls as ever", () => {
    expect(after(startAdmission(10), times(200, 600), 10, 0).limit).toBe(10);
  });

  test("one in ten may be late for another reason", () => {
    const mixed = Array.from({ length: 100 }, (_, i) => (i % 10 === 9 ? 3_000 : 100));
    expect(after(startAdmission(10), mixed, 10, 0).limit).toBe(10);
  });
});

describe("while answers come late", () => {
  test("four tell nothing, the fifth takes a call away; the next five another one", () => {
    let state = after(startAdmission(10), times(4, 700), 10, 0);
    expect(state.limit).toBe(10);
    state = after(state, times(1, 700), 10, 4_000);
    expect(state.limit).toBe(9);
    state = after(state, times(4, 700), 9, 5_000);
    expect(state.limit).toBe(9);
    expect(after(state, [700], 9, 9_000).limit).toBe(8);
  });

  test("it is what runs that is too much, not what might", () => {
    expect(after(startAdmission(50), times(5, 700), 6, 0).limit).toBe(5);
  });

  test("one call is always taken", () => {
    expect(after(startAdmission(10), times(500, 9_000), 1, 0).limit).toBe(1);
  });

  test("answers of more than a minute ago do not count", () => {
    const state = after(startAdmission(10), times(4, 700), 10, 0);
    expect(answered(state, 700, 10, 64_001).limit).toBe(10);
  });
});

describe("afterwards", () => {
  const shed = after(startAdmission(10), times(5, 700), 10, 0);

  test("there is one call more each half minute in which nobody waited long, and never more than before", () => {
    expect(raised(shed, 33_999).limit).toBe(9);
    expect(raised(shed, 34_000).limit).toBe(10);
    expect(raised(raised(shed, 34_000), 300_000).limit).toBe(10);
  });

  test("there is none while answers are only just in time", () => {
    const slow = after(shed, times(20, 500), 9, 5_000);
    expect(raised(slow, 40_000).limit).toBe(9);
  });
});
