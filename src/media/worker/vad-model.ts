/** Silero VAD v5 in ONNX Runtime (`models/silero_vad_v5.onnx`). */
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { VadModel } from "../silero.ts";

type Runtime = typeof import("onnxruntime-node");

/** It shares its thread with RTP: no threads of its own, no spinning. */
const options: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: "sequential",
  extra: { session: { intra_op: { allow_spinning: "0" } } },
};

/** Loads the model and lets it run once, so that the first call's first step is not slower than the rest. */
export async function loadVadModel(runtime: Runtime, bytes: Uint8Array): Promise<VadModel> {
  const session = await runtime.InferenceSession.create(bytes, options);
  const sr = new runtime.Tensor("int64", BigInt64Array.of(16_000n), [1]);
  const model: VadModel = {
    async infer(input, state, batch) {
      const { output, stateN } = await session.run({
        input: new runtime.Tensor("float32", input, [batch, input.length / batch]),
        state: new runtime.Tensor("float32", state, [2, batch, 128]),
        sr,
      });
      return { probabilities: floats(output), state: floats(stateN) };
    },
  };
  await model.infer(new Float32Array(576), new Float32Array(256), 1);
  return model;
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error("the voice activity model gives no float32 output");
  return tensor.data;
}
