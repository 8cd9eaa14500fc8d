/** Real processes: a clause that is heard while it is made. */
import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSpeech } from "../../../src/speech/pool.ts";
import type { Speech } from "../../../src/speech/ports.ts";
import { joinedPcm } from "../../../src/speech/voice/join.ts";
import { writeMadeVoice } from "../voice/made-voice.ts";
import { poolSettings } from "./settings.ts";

const never = new AbortController().signal;
const opened: Speech[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

function open(changes: Parameters<typeof poolSettings>[0]): Speech {
  const speech = startSpeech(poolSettings(changes));
  opened.push(speech);
  return speech;
}

const pidOf = (speech: Speech) => speech.status()[0]?.pid ?? 0;

test("a Piper voice's clause comes in parts to who waits, and they are the clause", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-parts-"));
  const settings = readFileSync(join(import.meta.dir, "../../../models/piper-tones/tones.onnx.json"), "utf8");
  const file = writeMadeVoice(join(folder, "made.onnx"), { ...JSON.parse(settings), audio: { sample_rate: 8000 } });
  // At 8 kHz its frames are 2 ms each: what it says takes a fraction of a second.
  const speech = open({ voice: { engine: "piper", model: { file }, noise: 0, count: 1 } });
  await speech.ready;
  rmSync(folder, { recursive: true });
  const text = "I can offer you a viewing of the house in Maple Road with three bedrooms, two bathrooms and a garden.";
  const parts = await Array.fromAsync(speech.speak(text, never, 8000));
  const clauses = await Array.fromAsync(speech.synthesise(text, never));
  const ends = parts.flatMap(({ endsClause }, at) => (endsClause ? [at + 1] : []));

  expect(ends).toHaveLength(clauses.length);
  expect(parts.length).toBeGreaterThan(clauses.length);
  for (const [n, clause] of clauses.entries()) {
    const own = parts.slice(ends[n - 1] ?? 0, ends[n]).map(({ samples }) => samples);
    expect(joinedPcm(own)).toEqual(clause);
  }
});

test("a voice that is not run in windows is said to be so, once; it speaks all the same", async () => {
  const file = join(import.meta.dir, "../../../models/piper-tones/tones.onnx");
  const said: string[] = [];
  const note = (message: string) => void said.push(message);
  const log = { info: note, warn: note, error: note };
  const speech = open({ log, voice: { engine: "piper", model: { file }, noise: 0, gain: 1, count: 1 } });
  await speech.ready;
  const first = pidOf(speech);
  process.kill(first, "SIGKILL");
  while (pidOf(speech) === first || speech.status()[0]?.ready !== true) await Bun.sleep(5);
  const parts = await Array.fromAsync(speech.speak("Good morning.", never, 8000));

  expect(parts.at(-1)?.endsClause).toBe(true);
  expect(parts.reduce((sum, { samples }) => sum + samples.length, 0)).toBeGreaterThan(4000);
  expect(said.filter((message) => message.includes("not run in windows"))).toHaveLength(1);
});
