import { describe, expect, test } from "bun:test";
import { type Digit, noDtmf, stepDtmf } from "../../src/media/dtmf.ts";

/** [ms, timestamp, event, end, duration]; a negative event is time passing. */
type Row = [nowMs: number, timestamp: number, event: number, ended: boolean, samples: number];

function run(rows: readonly Row[]): Digit[] {
  let state = noDtmf;
  const heard: Digit[] = [];
  for (const [nowMs, timestamp, event, ended, samples] of rows) {
    const payload = Uint8Array.of(event, (ended ? 0x80 : 0) | 10, samples >> 8, samples & 255);
    const stepped = stepDtmf(
      state,
      event < 0 ? { kind: "time", nowMs } : { kind: "packet", payload, timestamp, ticksPerMs: 8, nowMs },
    );
    state = stepped.state;
    heard.push(...stepped.digits);
  }
  return heard;
}

describe("RFC 4733", () => {
  test("one press of many packets and three ends is one digit", () => {
    const rows: Row[] = [
      [0, 1000, 5, false, 160],
      [20, 1000, 5, false, 320],
      [40, 1000, 5, true, 480],
      [41, 1000, 5, true, 480],
      [42, 1000, 5, true, 480],
      [300, 0, -1, false, 0],
    ];
    expect(run(rows)).toEqual([{ digit: "5", durationMs: 60 }]);
  });

  test("the same key twice is two digits", () => {
    const press = (at: number, timestamp: number): Row[] => [
      [at, timestamp, 7, false, 160],
      [at + 20, timestamp, 7, true, 320],
      [at + 21, timestamp, 7, true, 320],
    ];
    expect(run([...press(0, 0), ...press(100, 800)]).map(({ digit }) => digit)).toEqual(["7", "7"]);
  });

  test("all ends lost: it ends 150 ms after its last packet, not before; a straggler is not a second digit", () => {
    const rows: Row[] = [
      [0, 50, 1, false, 160],
      [20, 50, 1, false, 320],
    ];
    expect(run([...rows, [169, 0, -1, false, 0]])).toEqual([]);
    expect(run([...rows, [170, 0, -1, false, 0], [400, 50, 1, true, 3200]])).toEqual([{ digit: "1", durationMs: 40 }]);
  });

  test("all ends lost and another key pressed: the first ends with the second's beginning", () => {
    const rows: Row[] = [
      [0, 0, 1, false, 800],
      [120, 960, 2, false, 160],
      [140, 960, 2, true, 320],
    ];
    expect(run(rows)).toEqual([
      { digit: "1", durationMs: 100 },
      { digit: "2", durationMs: 40 },
    ]);
  });

  test("only an end arrives: it is a digit", () => {
    expect(run([[0, 9, 11, true, 400]])).toEqual([{ digit: "#", durationMs: 50 }]);
  });

  test("a press past the duration field goes on in a second segment and is one digit", () => {
    const long = 0xffff;
    const rows: Row[] = [
      [0, 100, 0, false, 160],
      [8190, 100, 0, false, long],
      [8200, 100 + long, 0, false, 160],
      [8400, 100 + long, 0, true, 1600],
    ];
    expect(run(rows)).toEqual([{ digit: "0", durationMs: Math.round((long + 1600) / 8) }]);
  });

  test("packets out of order do not shorten or repeat it", () => {
    const rows: Row[] = [
      [0, 0, 3, false, 480],
      [1, 0, 3, false, 320],
      [20, 0, 3, true, 640],
      [21, 0, 3, false, 480],
    ];
    expect(run(rows)).toEqual([{ digit: "3", durationMs: 80 }]);
  });

  test("the timestamp wraps between two presses", () => {
    const rows: Row[] = [
      [0, 0xffff_ff00, 1, true, 160],
      [200, 0x0000_0500, 2, true, 160],
    ];
    expect(run(rows).map(({ digit }) => digit)).toEqual(["1", "2"]);
  });

  test("a sender that starts its clock anew after a pause is heard", () => {
    expect(
      run([
        [0, 90_000, 1, true, 160],
        [6000, 100, 2, true, 160],
      ]).map(({ digit }) => digit),
    ).toEqual(["1", "2"]);
  });

  test("flash, tones and short packets are no digits", () => {
    expect(
      run([
        [0, 0, 16, true, 160],
        [50, 900, 200, true, 160],
      ]),
    ).toEqual([]);
    expect(
      stepDtmf(noDtmf, { kind: "packet", payload: Uint8Array.of(1, 0x80), timestamp: 0, ticksPerMs: 8, nowMs: 0 })
        .digits,
    ).toEqual([]);
  });

  test("all sixteen have their names", () => {
    const rows = Array.from({ length: 16 }, (_, event): Row => [event * 100, event * 800, event, true, 400]);
    expect(
      run(rows)
        .map(({ digit }) => digit)
        .join(""),
    ).toBe("0123456789*#ABCD");
  });
});
