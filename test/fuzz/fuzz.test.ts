/** A slice of `bun run fuzz`; and whether it would find what it looks for, had somebody made such a mistake. */
import { describe, expect, test } from "bun:test";
import { isFlat, runCampaign, runSession, sessionSeed } from "./campaign.ts";
import { type Life, rule, type Step, type Target } from "./target.ts";
import { targets } from "./targets.ts";

const sliceSeconds = 10;

test(`${sliceSeconds} s of hostile input to ${targets.length} targets: nothing throws, stalls or is left`, async () => {
  const outcome = await runCampaign(targets, {
    seed: 20_261_121,
    inputs: Number.POSITIVE_INFINITY,
    seconds: sliceSeconds,
  });
  console.log(`fuzz: ${outcome.inputs} inputs, ${outcome.perSecond}/s, worst ${outcome.worstMs.toFixed(1)} ms`);
  expect(outcome.faults).toEqual([]);
  expect(isFlat(outcome.heap)).toBe(true);
  for (const { name } of targets) expect(outcome.targets[name]?.inputs).toBeGreaterThan(0);
}, 60_000);

/** Ten bytes of chance at a time to a parser that somebody has made a mistake in. */
function faulty(parse: (bytes: Uint8Array, seen: number) => void | Promise<void>, settle?: Life["settle"]): Target {
  return {
    name: "faulty",
    inputs: 200,
    open() {
      let seen = 0;
      return {
        next: (random) => ({
          kind: "input",
          bytes: Uint8Array.from({ length: 10 }, () => random.below(8)),
          from: 0,
        }),
        feed: (step: Step) => (step.kind === "input" ? parse(step.bytes, seen++) : undefined),
        settle: settle ?? (() => undefined),
      };
    },
  };
}

const plan = { seed: 7, inputs: 20_000, seconds: 20 };

function holds(bytes: Uint8Array, ...wanted: number[]): boolean {
  return bytes.some((_, at) => wanted.every((byte, i) => bytes[at + i] === byte));
}

describe("a planted mistake is found", () => {
  test("a throw: the input is cut down to the bytes that matter, and found again by its seed", async () => {
    const target = faulty((bytes) => {
      if (holds(bytes, 3, 1, 4)) throw new TypeError("no such thing");
    });
    const { faults } = await runCampaign([target], plan);
    expect(faults).toHaveLength(1);
    expect(faults[0]?.message).toContain("no such thing");
    expect(faults[0]?.steps).toEqual([{ hex: "030104", from: 0 }]);
    const again = await runSession(target, faults[0]?.seed ?? 0);
    expect(again.fault?.steps).toEqual(faults[0]?.steps ?? []);
  });

  test("a throw that needs what came before: only that is kept", async () => {
    const open = () => {
      let armed = false;
      return faulty((bytes) => {
        if (armed && holds(bytes, 2, 2)) throw new RangeError("after the first");
        armed ||= holds(bytes, 5, 5);
      }).open(0);
    };
    const { faults } = await runCampaign([{ ...faulty(() => undefined), open }], plan);
    expect(faults[0]?.steps.map(({ hex }) => hex)).toEqual(["0505", "0202"]);
  });

  test("a rule that is broken, and one that is broken at the end only", async () => {
    const during = faulty((bytes) => rule(bytes[0] !== 0, "it begins with nothing"));
    expect((await runCampaign([during], plan)).faults[0]?.message).toBe("it begins with nothing");
    const atEnd = faulty(
      () => undefined,
      () => rule(false, "something is left"),
    );
    expect((await runCampaign([atEnd], plan)).faults[0]?.message).toBe("something is left");
  });

  test("a rejection later on", async () => {
    const target = faulty(async (bytes) => {
      await Promise.resolve();
      if (holds(bytes, 7, 7)) throw new Error("later");
    });
    expect((await runCampaign([target], plan)).faults[0]?.message).toContain("later");
  });

  test("a stall, but not one that is the machine's and does not come again", async () => {
    const spin = () => {
      for (const until = performance.now() + 60; performance.now() < until; );
    };
    const always = faulty((bytes) => (holds(bytes, 1, 2, 3) ? spin() : undefined));
    expect((await runCampaign([always], plan)).faults[0]?.message).toMatch(
      /^one input takes [0-9.]+ ms, more than 50 ms$/,
    );
    let paused = false;
    const once = faulty(() => {
      if (paused) return;
      paused = true;
      spin();
    });
    expect((await runCampaign([once], { ...plan, inputs: 400 })).faults).toEqual([]);
  });

  test("memory that is kept", async () => {
    const kept: number[][] = [];
    const target = faulty((bytes) => void kept.push(Array.from({ length: 40 }, (_, i) => i + bytes.length)));
    const { heap, faults } = await runCampaign([target], plan);
    expect(faults).toEqual([]);
    expect(isFlat(heap)).toBe(false);
    expect(kept.length).toBeGreaterThanOrEqual(plan.inputs);
  });
});

test("The same seed brings the same inputs, another seed others", async () => {
  const inputsOf = async (seed: number) => {
    const all: string[] = [];
    await runCampaign([faulty((bytes) => void all.push(bytes.join()))], { ...plan, seed, inputs: 400 });
    return all;
  };
  expect(await inputsOf(1)).toEqual(await inputsOf(1));
  expect(await inputsOf(1)).not.toEqual(await inputsOf(2));
  expect(sessionSeed(1, "uri", 0)).not.toBe(sessionSeed(1, "sdp", 0));
});
