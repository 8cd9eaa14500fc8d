import { describe, expect, test } from "bun:test";
import { expectSource, isKnownHost, judgeSource, type LatchState, type Source } from "../../src/media/source-latch.ts";

const sdp: Source = { address: "192.0.2.9", port: 4000 };
const near: Source = { address: "192.0.2.9", port: 5000 };
const stranger: Source = { address: "198.51.100.1", port: 6000 };
const other: Source = { address: "203.0.113.1", port: 7000 };

function play(state: LatchState, rows: readonly [nowMs: number, source: Source, sequence?: number, ssrc?: number][]) {
  let current = state;
  const verdicts = rows.map(([nowMs, source, sequence = 0, ssrc = 1]) => {
    const judged = judgeSource(current, source, { ssrc, sequence }, nowMs);
    current = judged.state;
    return judged.verdict;
  });
  return { state: current, verdicts };
}

function stream(from: number, source: Source, count: number, ssrc = 1): [number, Source, number, number][] {
  return Array.from({ length: count }, (_, i) => [from + 20 * i, source, i, ssrc]);
}

const fresh = expectSource(undefined, sdp, 0);

describe("source latching", () => {
  test("the SDP's own source is latched with its first packet, others are dropped from then on", () => {
    const { state, verdicts } = play(fresh, [
      [0, sdp],
      [20, sdp],
      [40, stranger],
      [60, near],
    ]);
    expect(verdicts).toEqual(["latch", "accept", "drop", "drop"]);
    expect(state.latched).toEqual(sdp);
  });

  test("its host with another port is a NAT and believed at once; the exact port takes over from it", () => {
    const { state, verdicts } = play(fresh, [
      [0, near],
      [20, near],
      [40, sdp],
      [60, near],
    ]);
    expect(verdicts).toEqual(["latch", "accept", "latch", "drop"]);
    expect(state.latched).toEqual(sdp);
  });

  test("a stranger is not believed for 500 ms, and then with the fifth packet of one stream", () => {
    expect(play(fresh, stream(0, stranger, 20)).verdicts).not.toContain("latch");
    expect(play(fresh, stream(500, stranger, 6)).verdicts).toEqual(["drop", "drop", "drop", "drop", "latch", "accept"]);
  });

  test("a stranger with gaps in its sequence is not believed", () => {
    const rows = Array.from({ length: 20 }, (_, i): [number, Source, number] => [600 + 20 * i, stranger, 2 * i]);
    expect(play(fresh, rows).verdicts).not.toContain("latch");
  });

  test("a stranger never takes over from the SDP's host, however long that is silent", () => {
    const { state } = play(fresh, [[0, sdp]]);
    expect(play(state, stream(60_000, stranger, 50)).verdicts).not.toContain("latch");
  });

  test("the SDP's host takes over from a stranger with one packet", () => {
    const { state } = play(fresh, stream(500, stranger, 5));
    expect(play(state, [[700, sdp]]).verdicts).toEqual(["latch"]);
  });

  test("a stranger takes over from a stranger only after that has been silent", () => {
    const { state } = play(fresh, stream(500, stranger, 5)); // last heard at 580
    expect(play(state, stream(600, other, 10)).verdicts).not.toContain("latch");
    expect(play(state, stream(1080, other, 5)).verdicts.at(-1)).toBe("latch");
  });

  test("a new remote SDP begins anew; the same one keeps the source", () => {
    const { state } = play(fresh, [[0, near]]);
    expect(expectSource(state, sdp, 1000).latched).toEqual(near);
    const moved = expectSource(state, stranger, 1000);
    expect(moved.latched).toBeUndefined();
    expect(
      play(moved, [
        [1000, near],
        [1010, stranger],
      ]).verdicts,
    ).toEqual(["drop", "latch"]);
  });

  test("RTCP is believed from the SDP's host and from the latched one", () => {
    expect(isKnownHost(fresh, sdp.address)).toBe(true);
    expect(isKnownHost(fresh, stranger.address)).toBe(false);
    const { state } = play(fresh, stream(500, stranger, 5));
    expect(isKnownHost(state, stranger.address)).toBe(true);
  });
});
