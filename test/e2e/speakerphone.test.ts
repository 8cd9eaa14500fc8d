/**
 * Callers whose telephones are on speaker: a small one that bends what is loud, and one in a room. They hear us out, but
 * where they speak into our words themselves, and book what they wished for. The grid: `bun test/e2e/speakerphone.ts`.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openDays } from "../caller/demo-agency.ts";
import { createMouth } from "../caller/voice.ts";
import type { EchoPath } from "../media/echo/echo-path.ts";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { bookOnSpeaker, judgeSpeaker, readyMouth, type SpeakerResult, wishedOn } from "./speaker-calls.ts";

const [first = { date: "", name: "" }, second = first] = openDays();
const speakers: { from: string; day: typeof first; speaker: EchoPath }[] = [
  { from: "07700900111", day: first, speaker: { kind: "clean", returnLossDb: 8, delayMs: 120, seed: 1 } },
  { from: "07700900222", day: second, speaker: { kind: "clipped", returnLossDb: 12, delayMs: 240, seed: 2 } },
];
let appliance: Appliance;
let handset: SpeakerResult;
let results: SpeakerResult[];

beforeAll(async () => {
  const mouth = readyMouth(await createMouth("gmw/en"), [first.name, second.name]);
  appliance = await startAppliance();
  const plain = bookOnSpeaker(appliance, { from: "07700900333", day: first, speaker: undefined }, mouth);
  results = await Promise.all(speakers.map((one) => bookOnSpeaker(appliance, one, mouth)));
  handset = await plain;
}, 120_000);

afterAll(async () => {
  await appliance.stop();
  removeFolders(appliance.folders);
});

describe.each([0, 1])("on speaker (%d)", (n) => {
  const { day } = speakers[n] ?? { day: first };
  const result = () => results[n] as SpeakerResult;

  test("nothing but the caller's words is taken for a turn, and what was wished for is booked", () => {
    expect(result().heard).toHaveLength(result().lines.length);
    expect(result().booked).toEqual(wishedOn(day));
  });

  test("our own voice never stops us", () => {
    const { halted, compared } = judgeSpeaker(result(), handset, day);
    expect(halted).toEqual([]);
    expect(compared).toBeGreaterThanOrEqual(3);
  });

  test("the caller does, within 400 ms", () => {
    expect(result().stoppedMs).toBeWithin(0, 401);
  });
});
