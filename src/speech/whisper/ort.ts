/** ONNX Runtime as it was loaded (embedded/natives.ts). */
export type Ort = typeof import("onnxruntime-node");
