/** Which voice is measured. */
import { join } from "node:path";
import type { VoiceSettings } from "../../src/speech/voice/engine.ts";

const models = join(import.meta.dir, "../../models");

/** @param named A Piper file, an espeak-ng voice, or undefined: Piper's size, filled with random weights below `folder`. */
export async function voiceSettings(named: string | undefined, folder: string): Promise<VoiceSettings> {
  if (named !== undefined && !named.endsWith(".onnx")) return { engine: "espeak", voice: named };
  if (named !== undefined) return { engine: "piper", model: { file: named } };
  const filling = Bun.spawn([process.execPath, join(models, "fill-shapes.ts"), folder, "piper-shape"], {
    stdout: "ignore",
    stderr: "inherit",
  });
  if ((await filling.exited) !== 0) throw new Error("models/fill-shapes.ts failed");
  return { engine: "piper", model: { file: join(folder, "piper-shape/medium.onnx") } };
}
