/**
 * sherpa-onnx, in a process of its own: it brings its own ONNX Runtime, ends the process when it does not like a model,
 * and must be called synchronously (its asynchronous calls do not hold what they use).
 *
 * argv: encoder, decoder, tokens, tailPaddings. stdin: clips, each a count (uint32) and its samples (float32, 16 kHz).
 * stdout: per clip a line of JSON, the pieces of its text.
 */
import { createRequire } from "node:module";

/** The little of the package that is used here; it comes without types. */
type Sherpa = {
  OfflineRecognizer: new (
    config: object,
  ) => {
    createStream(): Stream;
    decode(stream: Stream): void;
    getResult(stream: Stream): { tokens: string[] };
  };
};
type Stream = { acceptWaveform(audio: { samples: Float32Array; sampleRate: number }): void };

const sherpa: Sherpa = createRequire(import.meta.url)("sherpa-onnx-node");

const [encoder, decoder, tokens, tailPaddings] = process.argv.slice(2);
const recognizer = new sherpa.OfflineRecognizer({
  featConfig: { sampleRate: 16_000, featureDim: 80 },
  modelConfig: {
    whisper: { encoder, decoder, language: "en", task: "transcribe", tailPaddings: Number(tailPaddings) },
    tokens,
    numThreads: 1,
    provider: "cpu",
    debug: 0,
  },
});
const input = await Bun.stdin.arrayBuffer();
const view = new DataView(input);
for (let at = 0; at < input.byteLength; ) {
  const count = view.getUint32(at, true);
  const samples = new Float32Array(input.slice(at + 4, at + 4 + 4 * count));
  at += 4 + 4 * count;
  const stream = recognizer.createStream();
  stream.acceptWaveform({ samples, sampleRate: 16_000 });
  recognizer.decode(stream);
  process.stdout.write(`${JSON.stringify(recognizer.getResult(stream).tokens)}\n`);
}
