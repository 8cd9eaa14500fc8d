import { expect, test } from "bun:test";
import { type BiasNode, biasTo, follow, unfinished } from "../../../src/speech/whisper/bias.ts";

/** The sum of lifts along a text, its end included. */
function liftOf(names: number[][], text: number[]): number {
  const bias = biasTo(names, 1);
  let node: BiasNode = bias.root;
  let sum = 0;
  for (const token of text) {
    const step = follow(bias, node, token);
    node = step.node;
    sum += step.lift;
  }
  return sum - unfinished(node);
}

test.each<[string, number[][], number[], number]>([
  ["a whole name is lifted by each of its tokens", [[1, 2, 3]], [9, 1, 2, 3, 9], 3],
  ["so it is at the end of the text", [[1, 2, 3]], [1, 2, 3], 3],
  ["a part of one is not", [[1, 2, 3]], [1, 2, 9], 0],
  ["nor at the end", [[1, 2, 3]], [1, 2], 0],
  ["twice the name, twice the lift", [[1, 2]], [1, 2, 1, 2], 4],
  [
    "a name within a name counts where the longer one breaks off",
    [
      [1, 2],
      [1, 2, 3, 4],
    ],
    [1, 2, 9],
    2,
  ],
  [
    "and the longer one where it is whole",
    [
      [1, 2],
      [1, 2, 3, 4],
    ],
    [1, 2, 3, 4],
    4,
  ],
  [
    "a new name may begin where another breaks off",
    [
      [1, 2, 3],
      [4, 5],
    ],
    [1, 2, 4, 5],
    2,
  ],
  ["other words change nothing", [[1, 2]], [7, 8, 9], 0],
  ["no names", [], [1, 2, 3], 0],
  ["an empty name", [[]], [1, 2, 3], 0],
])("%s", (_what, names, text, lift) => {
  expect(liftOf(names, text)).toBe(lift);
});
