import { expect, test } from "bun:test";
import { type Digit, noDtmf, stepDtmf } from "../../src/media/dtmf.ts";
import { createKeyPresses } from "../../src/media/key-presses.ts";

/** All that leaves in `packets` packet times of 20 ms, as a receiver makes digits of it. */
function received(keys: ReturnType<typeof createKeyPresses>, packets: number): Digit[] {
  let state = noDtmf;
  let timestamp = 0;
  const digits: Digit[] = [];
  for (let i = 0; i < packets; i++) {
    const event = keys.next(20, 8);
    if (event === undefined) continue;
    if (event.isFirst) timestamp = i * 160;
    const stepped = stepDtmf(state, {
      kind: "packet",
      payload: event.payload,
      timestamp,
      ticksPerMs: 8,
      nowMs: i * 20,
    });
    state = stepped.state;
    digits.push(...stepped.digits);
  }
  return digits;
}

test("every key arrives once and in order, the same one twice as two", () => {
  const keys = createKeyPresses();
  for (const digit of "1142*#") keys.press(digit, 100);
  expect(received(keys, 200)).toEqual([..."1142*#"].map((digit) => ({ digit, durationMs: 100 })));
  expect(keys.next(20, 8)).toBeUndefined();
});

test("the first packet is marked as such, the last is sent three times", () => {
  const keys = createKeyPresses();
  keys.press("5", 100);
  const packets = Array.from({ length: 10 }, () => keys.next(20, 8)).filter((packet) => packet !== undefined);
  expect(packets.map(({ isFirst }) => isFirst)).toEqual([true, false, false, false, false, false, false]);
  expect(packets.map(({ payload }) => (payload[1] ?? 0) >> 7)).toEqual([0, 0, 0, 0, 1, 1, 1]);
  expect(packets.map(({ payload }) => ((payload[2] ?? 0) << 8) | (payload[3] ?? 0))).toEqual([
    160, 320, 480, 640, 800, 800, 800,
  ]);
});

test("what is no key is passed over, a touch too short is long enough, a flood is cut", () => {
  const keys = createKeyPresses();
  for (const digit of ["", "x", "12", "é"]) keys.press(digit, 100);
  expect(keys.next(20, 8)).toBeUndefined();
  keys.press("D", 1);
  expect(received(keys, 20)).toEqual([{ digit: "D", durationMs: 60 }]);
  for (let i = 0; i < 1000; i++) keys.press("1", 60);
  expect(received(keys, 1000)).toHaveLength(32);
});
