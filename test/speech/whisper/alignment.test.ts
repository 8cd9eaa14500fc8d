import { expect, test } from "bun:test";
import { type Attention, alignTokens } from "../../../src/speech/whisper/alignment.ts";
import { seeded } from "./clips.ts";

/** Rows that look at `from`…`to` each, and a little at everything else, in as many heads. */
function looking(spans: readonly (readonly [number, number])[], positions: number, heads: number): Attention {
  const random = seeded(5);
  const rows = spans.length;
  const weights = Float32Array.from({ length: heads * rows * positions }, (_, at) => {
    const [from, to] = spans[Math.floor(at / positions) % rows] ?? [0, 0];
    const position = at % positions;
    return (position >= from && position < to ? 0.1 : 0.001) + random() * 0.001;
  });
  return { weights, heads, rows, positions };
}

// Two rows of a prompt, of which the second looks for the first of three tokens; then the end's own row.
const spans = [
  [0, 1],
  [0, 20],
  [20, 50],
  [50, 60],
  [60, 80],
  [0, 1],
] as const;

test("each token has the time in which the row before it looked", () => {
  const found = alignTokens(looking(spans, 100, 2), 1, 80);
  expect(found).toHaveLength(3);
  for (const [at, [from, to]] of spans.slice(1, 4).entries()) {
    expect(Math.abs((found[at]?.from ?? -99) - from)).toBeLessThanOrEqual(1);
    expect(Math.abs((found[at]?.to ?? -99) - to)).toBeLessThanOrEqual(1);
  }
});

test("times go on, whatever the attention is, and end where the sound does", () => {
  const random = seeded(9);
  for (let round = 0; round < 50; round++) {
    const rows = 3 + Math.floor(random() * 8);
    const positions = 1 + Math.floor(random() * 40);
    const weights = Float32Array.from({ length: 2 * rows * positions }, () => random());
    const used = 1 + Math.floor(random() * positions);
    const found = alignTokens({ weights, heads: 2, rows, positions }, 0, used);
    expect(found).toHaveLength(rows - 2);
    let last = 0;
    for (const { from, to } of found) {
      expect(from).toBeGreaterThanOrEqual(last);
      expect(to).toBeGreaterThanOrEqual(from);
      expect(to).toBeLessThanOrEqual(used);
      last = from;
    }
  }
});

test("no text and no sound have no times", () => {
  const attention = looking(spans.slice(0, 3), 50, 1);
  expect(alignTokens(attention, 1, 50)).toEqual([]);
  expect(alignTokens(looking(spans, 50, 1), 1, 0)).toEqual([]);
});
