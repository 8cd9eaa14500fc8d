import { expect, test } from "bun:test";
import { createQueue } from "../../../src/speech/queue.ts";
import { restartDelayMs } from "../../../src/speech/restart.ts";
import { seeded } from "../whisper/clips.ts";

const answer = { priority: "answer" } as const;
const speculative = { priority: "speculative" } as const;
const background = { priority: "background" } as const;

test("answers go before speculation, that before the background; first come first served within each", () => {
  const queue = createQueue<string>(10);
  queue.push("b1", background);
  queue.push("s1", speculative);
  queue.push("a1", answer);
  queue.push("s2", speculative);
  queue.push("a2", answer);
  expect([queue.count("answer"), queue.count("speculative"), queue.count("background")]).toEqual([2, 2, 1]);

  expect(queue.drain()).toEqual(["a1", "a2", "s1", "s2", "b1"]);
  expect(queue.length).toBe(0);
});

test("a full queue refuses the last of the least important", () => {
  const queue = createQueue<string>(2);
  queue.push("b1", background);
  queue.push("b2", background);

  expect(queue.push("b3", background)).toBe("b3");
  expect(queue.push("a1", answer)).toBe("b2");
  expect(queue.push("a2", answer)).toBe("b1");
  expect(queue.push("a3", answer)).toBe("a3");
  expect(queue.drain()).toEqual(["a1", "a2"]);
});

test("what was taken out does not come", () => {
  const queue = createQueue<string>(2);
  queue.push("a", answer);

  expect(queue.remove("a")).toBe(true);
  expect(queue.remove("a")).toBe(false);
  expect(queue.shift()).toBeUndefined();
});

test("the first death is made good at once, a row of them ever more slowly, within half a minute", () => {
  expect([1, 2, 3, 4, 8, 9, 10, 60].map(restartDelayMs)).toEqual([0, 250, 500, 1000, 16_000, 30_000, 30_000, 30_000]);
});

test("calls take turns: one that asks for much does not keep the others waiting", () => {
  const queue = createQueue<string>(10);
  const of = (owner: string) => ({ priority: "speculative", owner }) as const;
  for (const item of ["a1", "a2", "a3"]) queue.push(item, of("a"));
  for (const item of ["b1", "b2"]) queue.push(item, of("b"));
  queue.push("c1", of("c"));
  expect(queue.drain()).toEqual(["a1", "b1", "c1", "a2", "b2", "a3"]);
});

test("who has just had his turn stands behind who comes later and has not", () => {
  const queue = createQueue<string>(10);
  const of = (owner: string) => ({ priority: "answer", owner }) as const;
  queue.push("a1", of("a"));
  expect(queue.shift()).toBe("a1");
  queue.push("a2", of("a")); // while a1 is under way
  queue.push("b1", of("b"));
  expect([queue.shift(), queue.shift()]).toEqual(["b1", "a2"]);
  // Having waited is no credit for later: a call that was silent for long gets its turn, not several.
  for (const item of ["c1", "c2", "c3"]) queue.push(item, of("c"));
  queue.push("a3", of("a"));
  expect(queue.drain()).toEqual(["c1", "c2", "a3", "c3"]);
});

test("of a full queue the call that asked for most loses", () => {
  const queue = createQueue<string>(3);
  const of = (owner: string) => ({ priority: "answer", owner }) as const;
  for (const item of ["a1", "a2", "a3"]) queue.push(item, of("a"));
  expect(queue.push("b1", of("b"))).toBe("a3");
  expect(queue.drain()).toEqual(["a1", "b1", "a2"]);
});

test("what made way comes first again among its like; what is waited for goes with the answers", () => {
  const queue = createQueue<string>(2);
  queue.push("s1", speculative);
  queue.push("s2", speculative);
  queue.putBack("s0", speculative); // even if the queue is full
  queue.raise("s2");
  queue.raise("not there");
  expect(queue.drain()).toEqual(["s2", "s0", "s1"]);
});

test("in any order of coming, nobody is served more than twice while another waits", () => {
  const random = seeded(41);
  const owners = ["a", "b", "c", "d"];
  const queue = createQueue<string>(64);
  /** For each who waits, how often each other has been served meanwhile. */
  const waiting = new Map<string, Map<string, number>>();
  const queued = new Map<string, number>();
  let served = 0;
  for (let step = 0; step < 4000; step++) {
    if (random() < 0.52 && queue.length < 60) {
      const owner = owners[Math.floor(random() ** 3 * owners.length)] ?? "a"; // a asks most
      queue.push(`${owner}${step}`, { priority: "answer", owner });
      queued.set(owner, (queued.get(owner) ?? 0) + 1);
      if (!waiting.has(owner)) waiting.set(owner, new Map());
      continue;
    }
    const owner = queue.shift()?.[0];
    if (owner === undefined) continue;
    served++;
    queued.set(owner, (queued.get(owner) ?? 0) - 1);
    if (queued.get(owner) === 0) waiting.delete(owner);
    else waiting.set(owner, new Map());
    for (const [other, meanwhile] of waiting) {
      if (other === owner) continue;
      meanwhile.set(owner, (meanwhile.get(owner) ?? 0) + 1);
      expect(meanwhile.get(owner)).toBeLessThanOrEqual(2);
    }
  }
  expect(served).toBeGreaterThan(1500);
});
