/** The ring as it is carried out: what reaches the PBX and the telephone, and what is kept. */
import { expect, test } from "bun:test";
import type { OnCallPhone } from "../../../src/calls/on-call/machine.ts";
import { runOnCall } from "../../../src/calls/on-call/run-on-call.ts";
import { createClock } from "../clock.ts";
import { legMedia, legSpeech, legSwitch, newLegSide } from "../transfer/leg-switch.ts";

const phones: OnCallPhone[] = [
  { trunk: "peers", extension: "301" },
  { trunk: "office", extension: "302" },
];

function office() {
  const pbx = legSwitch();
  const media = legMedia();
  const clock = createClock();
  const kept: string[] = [];
  const failures: unknown[] = [];
  let ids = 0;
  let isDiskFull = false;
  const write = (line: string) => {
    if (isDiskFull) throw new Error("full");
    kept.push(line);
  };
  const ring = runOnCall({
    legs: pbx.legs,
    media: media.port,
    speech: legSpeech().port,
    prompts: { get: () => undefined },
    newLegSide,
    newId: () => `leg-${++ids}`,
    schedule: clock.schedule,
    failed: (error) => failures.push(error),
    phones: () => phones,
    question: (alertId) => `About ${alertId}. Press 1.`,
    thanks: () => "Thank you.",
    books: {
      tried: (alertId, extension, result) => write(`${alertId} ${extension} ${result}`),
      taken: (alertId, extension) => write(`${alertId} taken by ${extension}`),
    },
  });
  const leg = () => media.handlers.get(`leg-${ids}`);
  return {
    ring,
    pbx,
    clock,
    kept,
    failures,
    fillDisk: () => {
      isDiskFull = true;
    },
    rung: () =>
      pbx.placed.map(({ request: { purpose, forCall, trunk, extension } }) => [purpose, forCall, trunk, extension]),
    async answer() {
      pbx.answer();
      clock.turn(500);
      await settled();
    },
    /** What is being said to the telephone is out. */
    async saidOut() {
      const playId = media.of("play").at(-1)?.playId ?? 0;
      leg()?.({ kind: "play-ended", callId: `leg-${ids}`, playId, playedMs: 900, completed: true });
      await settled();
    },
    key: (digit: string) => leg()?.({ kind: "digit", callId: `leg-${ids}`, digit, durationMs: 100 }),
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

test("refused, then silent, then again after five minutes, then taken: each by its own trunk, for that emergency", async () => {
  const { ring, pbx, clock, kept, rung, answer, saidOut, key } = office();
  ring.raised("a");
  await settled();
  expect(rung()).toEqual([["on-call", "a", "peers", "301"]]);
  pbx.placed.at(-1)?.handlers.ended("busy", 486);
  await settled();
  expect(rung()).toHaveLength(2);
  await answer();
  await saidOut();
  clock.turn(5_000);
  await settled();
  await saidOut();
  clock.turn(5_000);
  await settled();
  expect(pbx.placed.at(-1)?.hungUp).toBe(true);
  expect(kept).toEqual(["a 301 unanswered", "a 302 not-accepted"]);

  clock.turn(299_000);
  expect(rung()).toHaveLength(2);
  clock.turn(1_000);
  await settled();
  await answer();
  key("1");
  await settled();
  expect(kept.at(-1)).toBe("a taken by 301");
  await saidOut();
  expect(pbx.placed.at(-1)?.hungUp).toBe(true);
  expect(clock.waiting()).toBe(0);
});

test("acknowledged elsewhere: the telephone that rings is let go, and none after it is rung", async () => {
  const { ring, pbx, clock, rung, kept } = office();
  ring.raised("a");
  await settled();
  ring.acknowledged("a");
  expect(pbx.placed[0]?.hungUp).toBe(true);
  clock.turn(600_000);
  expect(rung()).toHaveLength(1);
  expect(kept).toEqual([]);
  expect(clock.waiting()).toBe(0);
});

test("a disk that takes nothing stops no telephone", async () => {
  const { ring, pbx, rung, failures, fillDisk } = office();
  fillDisk();
  ring.raised("a");
  await settled();
  pbx.placed[0]?.handlers.ended("no-answer");
  await settled();
  expect(rung().map((leg) => leg[3])).toEqual(["301", "302"]);
  expect(failures).toHaveLength(1);
});

test("stopped: nothing rings, nothing waits, and nobody is said to have refused", async () => {
  const { ring, pbx, clock, kept } = office();
  ring.raised("a");
  await settled();
  ring.stop();
  expect(pbx.placed[0]?.hungUp).toBe(true);
  expect(kept).toEqual([]);
  expect(clock.waiting()).toBe(0);
});
