/** The embedded demo model, as the appliance has it: int8, its own tail, one thread. */
import { loadOnnxRuntime } from "../../src/embedded/natives.ts";
import { defaultTailFrames, loadWhisper, type WhisperEngine } from "../../src/speech/whisper/engine.ts";

const source = { embedded: "models/demo-whisper/" };

export async function openDemoWhisper(): Promise<WhisperEngine> {
  const ort = await loadOnnxRuntime(new URL("../../node_modules", import.meta.url).pathname);
  return await loadWhisper({ source, precision: "int8", tailFrames: defaultTailFrames(source), ort, threads: 1 });
}
