/** The environment in which the executable bears the cost of another Whisper model: see inside-shape.ts. */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";

/** What stock weights are shipped with (src/speech/whisper/engine.ts, `defaultTailFrames`). */
const tailFrames = 1000;

/**
 * @param folder A Whisper in sherpa-onnx's layout, its weights filled in.
 * @throws Error if there is none.
 */
export function shapeSetting(folder: string): Record<string, string> {
  const names = readdirSync(folder);
  const graph = (part: string) => {
    const name = names.find((one) => one.endsWith(`${part}.int8.onnx`));
    if (name === undefined)
      throw new Error(`${folder} holds no *${part}.int8.onnx: fill it with models/fill-shapes.ts`);
    return resolve(folder, name);
  };
  return {
    BUN_OPTIONS: `--preload=${resolve(import.meta.dir, "inside-shape.ts")}`,
    SHAPE_ENCODER: graph("encoder"),
    SHAPE_DECODER: graph("decoder"),
    SHAPE_TAIL_FRAMES: String(tailFrames),
  };
}
