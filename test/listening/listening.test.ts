import { expect, test } from "bun:test";
import { openDemoWhisper } from "../caller/demo-whisper.ts";
import { measureEndpoints } from "./endpoints.ts";
import { openEars } from "./line.ts";
import { huntPhantoms } from "./phantoms.ts";
import { humanClips, recordedNoises, recordings } from "./recorded.ts";
import { sounds } from "./sounds.ts";

/** A slice of `bun run bench:hearing`, which has two hours of it. */
test("thirteen minutes of sounds that are no words are no turn", async () => {
  const recogniser = await openDemoWhisper();
  const counts = await huntPhantoms(await openEars(), recogniser, {
    sounds,
    minutes: 13,
    seed: 3,
    voiceActivity: "real",
  });
  await recogniser.close();
  expect(counts.reduce((sum, { minutes }) => sum + minutes, 0)).toBeGreaterThanOrEqual(13);
  expect(counts.filter(({ turns, asked }) => turns + asked > 0)).toEqual([]);
}, 60_000);

test.skipIf(recordings === undefined)(
  "people are heard, alone and in noise (needs ../shared/data/audio)",
  async () => {
    const folder = recordings ?? "";
    const clips = (await humanClips(folder)).filter((_, i) => i % 10 === 0);
    const conditions = [{ name: "clean" }, { name: "15 dB", snrDb: 15 }];
    const hits = await measureEndpoints(await openEars(), clips, conditions, await recordedNoises(folder), 1);
    expect(hits.length).toBeGreaterThanOrEqual(50);
    expect(hits.filter(({ missed }) => missed).length / hits.length).toBeLessThanOrEqual(0.02);
    const late = hits.flatMap(({ onsetLateMs }) => onsetLateMs ?? []).sort((a, b) => a - b);
    expect(late[late.length >> 1]).toBeLessThanOrEqual(150);
  },
  60_000,
);
