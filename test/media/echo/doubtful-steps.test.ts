import { describe, expect, test } from "bun:test";
import { createDoubtfulSteps } from "../../../src/media/echo/doubtful-steps.ts";

function steps() {
  const judged: number[] = [];
  return { judged, doubtful: createDoubtfulSteps(0.35, (probability) => judged.push(probability)) };
}

describe("steps of which it is not known whose voice they are", () => {
  test("count as the caller's once that is known, in their order", () => {
    const { judged, doubtful } = steps();
    doubtful.push(0.9, "unsure");
    doubtful.push(0.1, "unsure");
    expect(judged).toEqual([]);
    doubtful.push(0.8, "caller");
    expect(judged).toEqual([0.9, 0.1, 0.8]);
  });

  test("count as silence where they were ours", () => {
    const { judged, doubtful } = steps();
    doubtful.push(0.9, "unsure");
    doubtful.push(0.9, "echo");
    expect(judged).toEqual([0, 0]);
  });

  test("wait for 320 ms at the most, and not at all where they are no speech", () => {
    const { judged, doubtful } = steps();
    doubtful.push(0.34, "unsure");
    expect(judged).toEqual([0.34]);
    for (let n = 0; n < 10; n++) doubtful.push(0.9, "unsure");
    expect(judged.length).toBe(1);
    doubtful.push(0.9, "unsure");
    expect(judged.length).toBe(12);
  });
});
