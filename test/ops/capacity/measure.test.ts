import { expect, test } from "bun:test";
import { AppError } from "../../../src/app-error.ts";
import { loadConfig } from "../../../src/config/load.ts";
import { createLog } from "../../../src/log.ts";
import { decideLimit } from "../../../src/ops/capacity/limit.ts";
import { measurePace } from "../../../src/ops/capacity/measure.ts";
import type { Speech } from "../../../src/speech/ports.ts";

const forever = new AbortController().signal;

/** Two Whisper processes and a voice that speaks 8 kHz; `tookMs` is what hearing is said to take, round by round. */
function speechOf(
  tookMs: number[],
  fail?: AppError,
): Pick<Speech, "status" | "transcribe" | "synthesise"> & { heard: number[]; atOnce: number } {
  const child = (kind: "whisper" | "voice") => ({ kind, pid: 1, ready: true, restarts: 0, queued: 0, model: "" });
  let running = 0;
  const speech = {
    heard: [] as number[],
    atOnce: 0,
    status: () => [child("whisper"), child("whisper"), child("voice")],
    async transcribe(samples: Float32Array) {
      if (fail) throw fail;
      speech.heard.push(samples.length);
      speech.atOnce = Math.max(speech.atOnce, ++running);
      await Promise.resolve();
      running--;
      const took = tookMs[speech.heard.length - 1] ?? 0;
      return {
        ...{ text: "", nbest: [], averageLogProbability: 0, noSpeechProbability: 0, audioMs: 3_000 },
        tookMs: took,
      };
    },
    async *synthesise() {
      for (let part = 0; part < 3; part++) yield new Int16Array(16_000).fill(1_000);
    },
  };
  return speech;
}

test("all processes work at once, on three seconds of speech; a good round is taken", async () => {
  const speech = speechOf([100, 130, 900, 120, 110, 100]);
  const pace = await measurePace(speech, ["PCMA"], 3, forever);
  expect(speech.heard).toEqual(new Array(6).fill(48_000));
  expect(speech.atOnce).toBe(2);
  expect(pace).toMatchObject({ hearMs: 100, hearers: 2, speakers: 1 });
  expect(pace.speakMs).toBeGreaterThanOrEqual(0);
  expect(pace.mediaShare).toBeGreaterThan(0);
});

test("a codec that costs more counts", async () => {
  const [light, heavy] = [
    await measurePace(speechOf([]), ["PCMA"], 1, forever),
    await measurePace(speechOf([]), ["PCMA", "opus"], 1, forever),
  ];
  expect(heavy.mediaShare).toBeGreaterThan(light.mediaShare);
});

const quiet = createLog(
  () => undefined,
  () => "",
);
const config = (...set: string[]) => loadConfig({ file: undefined, set });

test("the limit is the configured one unless it is to be measured, and never more than that", async () => {
  const slow = () => speechOf(new Array(10).fill(2_000));
  const fast = () => speechOf(new Array(10).fill(10));
  expect(await decideLimit(config(), slow(), quiet)).toEqual({ atMost: 10, by: "configured" });
  const measured = config('sip.callLimit="measured"');
  expect(await decideLimit(measured, slow(), quiet)).toMatchObject({
    atMost: 1,
    by: "measured",
    measured: { calls: 1 },
  });
  expect(await decideLimit(measured, fast(), quiet)).toMatchObject({ atMost: 10, by: "configured" });
});

test("speech that fails over the measurement leaves the configured limit", async () => {
  const failing = speechOf([], new AppError("speech_failed", "Hearing failed: its process died"));
  const limit = await decideLimit(config('sip.callLimit="measured"'), failing, quiet);
  expect(limit).toEqual({ atMost: 10, by: "configured" });
});
