import { expect, test } from "bun:test";
import { createQueue } from "../../../src/speech/queue.ts";
import { restartDelayMs } from "../../../src/speech/restart.ts";

test("answers go before speculation, that before the background; first come first served within each", () => {
  const queue = createQueue<string>(10);
  queue.push("b1", "background");
  queue.push("s1", "speculative");
  queue.push("a1", "answer");
  queue.push("s2", "speculative");
  queue.push("a2", "answer");

  expect(queue.drain()).toEqual(["a1", "a2", "s1", "s2", "b1"]);
  expect(queue.length).toBe(0);
});

test("a full queue refuses the newest of the least important", () => {
  const queue = createQueue<string>(2);
  queue.push("b1", "background");
  queue.push("b2", "background");

  expect(queue.push("b3", "background")).toBe("b3");
  expect(queue.push("a1", "answer")).toBe("b2");
  expect(queue.push("a2", "answer")).toBe("b1");
  expect(queue.push("a3", "answer")).toBe("a3");
  expect(queue.drain()).toEqual(["a1", "a2"]);
});

test("what was taken out does not come", () => {
  const queue = createQueue<string>(2);
  queue.push("a", "answer");

  expect(queue.remove("a")).toBe(true);
  expect(queue.remove("a")).toBe(false);
  expect(queue.shift()).toBeUndefined();
});

test("the first death is made good at once, a row of them ever more slowly, within half a minute", () => {
  expect([1, 2, 3, 4, 8, 9, 10, 60].map(restartDelayMs)).toEqual([0, 250, 500, 1000, 16_000, 30_000, 30_000, 30_000]);
});
