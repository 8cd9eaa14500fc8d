import { expect, test } from "bun:test";
import { judgeSequence, type SequenceState, stepJitter } from "../../src/media/sequence.ts";

function judgeAll(numbers: readonly number[]) {
  let state: SequenceState | undefined;
  return numbers.map((number) => {
    const judged = judgeSequence(state, number);
    state = judged.state;
    return judged.restarted ? `restart ${judged.sequence}` : judged.sequence;
  });
}

test("0 is a sequence number like any other, at the start and after the wrap", () => {
  expect(judgeAll([0, 1, 2])).toEqual([0, 1, 2]);
  expect(judgeAll([65_534, 65_535, 0, 1])).toEqual([65_534, 65_535, 65_536, 65_537]);
});

test("a packet from before the wrap that comes after it keeps its place", () => {
  expect(judgeAll([65_535, 0, 65_534])).toEqual([65_535, 65_536, 65_534]);
});

test("a jump of 2999 is a loss, of 3000 a suspicion that the next number confirms (RFC 3550 A.1)", () => {
  expect(judgeAll([10, 3009])).toEqual([10, 3009]);
  expect(judgeAll([10, 3010, 3011])).toEqual([10, undefined, "restart 3011"]);
  expect(judgeAll([10, 3010, 11])).toEqual([10, undefined, 11]);
});

test("100 back is disorder, 101 a suspicion", () => {
  expect(judgeAll([1000, 900])).toEqual([1000, 900]);
  expect(judgeAll([1000, 899])).toEqual([1000, undefined]);
});

test("jitter is that of RFC 3550 A.8 and does not mind the timestamp's wrap", () => {
  let state = stepJitter({ transit: undefined, jitter: 0 }, 0xffff_ff60, 0);
  state = stepJitter(state, 0, 160);
  expect(state.jitter).toBe(0);
  state = stepJitter(state, 160, 336); // 16 samples late
  expect(state.jitter).toBe(1);
});
