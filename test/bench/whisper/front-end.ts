/** The log-mel spectrogram of five seconds. */
import { warmFrontEnd } from "../../../src/speech/whisper/engine.ts";
import { melFrontEnd } from "../../../src/speech/whisper/mel.ts";
import { seeded } from "../../speech/whisper/clips.ts";
import { percentile } from "../voice-to-voice.ts";
import { processorMs, type Table } from "./tables.ts";

const samplesOfFive = 5 * 16_000;
const goalMs = 10;

export function frontEndTable(): Table {
  const front = melFrontEnd(80);
  const random = seeded(5);
  const noise = (samples: number) => Float32Array.from({ length: samples }, () => random() - 0.5);
  const timed = (samples: Float32Array) => {
    const [wall, cpu] = [performance.now(), processorMs()];
    front(samples, "openai", 600);
    return { wall: performance.now() - wall, cpu: processorMs() - cpu };
  };
  const cold = timed(noise(samplesOfFive));
  warmFrontEnd(80); // as the appliance does before it is ready
  const warm = Array.from({ length: 60 }, () => timed(noise(samplesOfFive)));
  const p95 = percentile(
    warm.map(({ cpu }) => cpu),
    95,
  );
  return {
    title: "Log-mel of 5 s of audio, ms",
    columns: ["", "processor", "wall"],
    rows: [
      ["the very first", cold.cpu.toFixed(1), cold.wall.toFixed(1)],
      ["warm, median", ...(["cpu", "wall"] as const).map((kind) => median(warm, kind).toFixed(1))],
      [
        "warm, p95",
        p95.toFixed(1),
        percentile(
          warm.map(({ wall }) => wall),
          95,
        ).toFixed(1),
      ],
      [`goal ≤ ${goalMs} ms`, p95 <= goalMs ? "met" : "missed", ""],
    ],
    notes: [],
  };
}

const median = (all: readonly { wall: number; cpu: number }[], kind: "wall" | "cpu") =>
  percentile(
    all.map((each) => each[kind]),
    50,
  );
