import { embeddedFile } from "../../../src/embedded/files.ts";
import { loadOnnxRuntime } from "../../../src/embedded/natives.ts";

/** What Silero VAD says of 32 ms of digital silence. */
export async function probabilityOfSilence(nativeDir: string): Promise<number> {
  const { InferenceSession, Tensor } = await loadOnnxRuntime(nativeDir);
  const session = await InferenceSession.create(embeddedFile("models/silero_vad_v5.onnx"));
  const outputs = await session.run({
    input: new Tensor("float32", new Float32Array(576), [1, 576]),
    state: new Tensor("float32", new Float32Array(256), [2, 1, 128]),
    sr: new Tensor("int64", [16000n], []),
  });
  return Number(outputs.output?.data[0]);
}
