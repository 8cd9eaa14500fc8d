/** Which voice is measured. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { lengthField } from "../../src/speech/onnx/protobuf.ts";
import { int64, plainNode, port } from "../../src/speech/onnx/subgraph.ts";
import type { VoiceSettings } from "../../src/speech/voice/engine.ts";

const models = join(import.meta.dir, "../../models");

/**
 * @param named A Piper file, an espeak-ng voice, or undefined: Piper's size, filled with random weights below `folder`.
 * @param asWhole Of the last: with a graph that is not run in windows, for comparison.
 */
export async function voiceSettings(
  named: string | undefined,
  folder: string,
  asWhole = false,
): Promise<VoiceSettings> {
  if (named !== undefined && !named.endsWith(".onnx")) return { engine: "espeak", voice: named };
  if (named !== undefined) return { engine: "piper", model: { file: named } };
  const filling = Bun.spawn([process.execPath, join(models, "fill-shapes.ts"), folder, "piper-shape"], {
    stdout: "ignore",
    stderr: "inherit",
  });
  if ((await filling.exited) !== 0) throw new Error("models/fill-shapes.ts failed");
  const file = join(folder, "piper-shape/medium.onnx");
  if (asWhole) appendFileSync(file, secondOutput);
  return { engine: "piper", model: { file } };
}

/**
 * Behind a model's bytes it gives its graph one output more, of a tensor that there is anyway: the same work, but no graph
 * that gives one sound. Fields that come twice are joined (protobuf.dev "Encoding", "Last One Wins"); ModelProto.graph is 7.
 */
const secondOutput = lengthField(
  7,
  port("output", "input_lengths.twice", int64),
  plainNode("Identity", ["input_lengths"], ["input_lengths.twice"]).bytes,
);
