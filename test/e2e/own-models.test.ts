/** Models that an office brings itself: named in the configuration, loaded by the executable, heard in a call. */
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { dial } from "../caller/phone.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";

const models = join(import.meta.dir, "../../models");
const rateHz = 8000;

let appliance: Appliance | undefined;
let shapes = "";
afterEach(async () => {
  if (shapes) rmSync(shapes, { recursive: true, force: true });
  if (!appliance) return;
  await appliance.stop();
  removeFolders(appliance.folders);
  appliance = undefined;
});

test("a Piper voice speaks the greeting: every phoneme of the test voice is a tone of its own", async () => {
  appliance = await startAppliance({
    set: ["speech.voice.kind=piper", `speech.voice.voice=${join(models, "piper-tones/tones.onnx")}`],
  });
  const frames = await greeting(appliance);
  const tones = frames.map(strongestTone).filter((tone) => tone !== undefined);
  expect(frames.length).toBeGreaterThan(100);
  expect(tones.length / frames.length).toBeGreaterThan(0.8);
  expect(new Set(tones).size).toBeGreaterThan(10);
}, 60_000);

test("a folder in the public Whisper layout is loaded by its name, with the sizes that its encoder states", async () => {
  shapes = mkdtempSync(join(tmpdir(), "gatehouse-shapes-"));
  const filled = Bun.spawnSync(["bun", join(models, "fill-shapes.ts"), shapes, "whisper-shapes/tiny"]);
  expect(filled.exitCode).toBe(0);
  appliance = await startAppliance({ set: [`speech.whisper.model=${shapes}/tiny`] });
  const { speech } = await appliance.cli<Status>("status");
  expect(speech).toContainEqual(expect.objectContaining({ kind: "whisper", ready: true, model: `${shapes}/tiny` }));
}, 60_000);

/** The frames of the first seconds in which the agent speaks. */
async function greeting(target: Appliance): Promise<Int16Array[]> {
  const frames: Int16Array[] = [];
  const phone = await dial(
    { ...target.sip, number: "200", from: "test" },
    {
      answered: () => undefined,
      heard: (frame) => {
        if (frame.some((sample) => Math.abs(sample) > 1_000)) frames.push(frame);
      },
      ended: () => undefined,
    },
  );
  await until("three seconds of speech", () => frames.length >= 150, 20_000);
  phone.hangUp();
  phone.close();
  return frames;
}

/** The id of the phoneme whose tone (300 + 20·id Hz) holds most of the frame's energy; undefined if none stands out. */
function strongestTone(frame: Int16Array): number | undefined {
  let energy = 0;
  for (const sample of frame) energy += sample * sample;
  let best = { id: 0, share: 0 };
  for (let id = 3; id < 160; id++) {
    const share = power(frame, 300 + 20 * id) / energy;
    if (share > best.share) best = { id, share };
  }
  return best.share > 0.6 ? best.id : undefined;
}

/** Energy of the frame at one frequency, by correlation with a sine and a cosine. */
function power(frame: Int16Array, hz: number): number {
  let cosine = 0;
  let sine = 0;
  frame.forEach((sample, i) => {
    const angle = (2 * Math.PI * hz * i) / rateHz;
    cosine += sample * Math.cos(angle);
    sine += sample * Math.sin(angle);
  });
  return (2 * (cosine * cosine + sine * sine)) / frame.length;
}
