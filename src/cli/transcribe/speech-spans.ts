/** Where in a file somebody speaks, as the calls' own voice activity detector judges it. */
import { embeddedFile } from "../../embedded/files.ts";
import { createVad, vadStepSamples } from "../../media/silero.ts";
import { loadVadModel } from "../../media/worker/vad-model.ts";
import type { Ort } from "../../speech/whisper/ort.ts";
import type { Span } from "../../speech/whisper/words.ts";

/** As the endpointer takes them (src/media/endpointer.ts). */
const onsetProbability = 0.5;
const holdProbability = 0.35;

export type FindSpeech = (samples: Float32Array) => Promise<Span[]>;

/** The result takes 16 kHz and gives spans of speech in samples, to 32 ms. */
export async function loadFindSpeech(ort: Ort): Promise<FindSpeech> {
  const model = await loadVadModel(ort, embeddedFile("models/silero_vad_v5.onnx"));
  return async (samples) => {
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const stream = createVad(model, reject).stream();
    const spans: Span[] = [];
    let isSpeech = false;
    for (let from = 0; from < samples.length; from += vadStepSamples) {
      const to = Math.min(from + vadStepSamples, samples.length);
      const step = new Float32Array(vadStepSamples);
      step.set(samples.subarray(from, to));
      const judged = new Promise<number>((done) => stream.push(step, done));
      const probability = await Promise.race([judged, failed]);
      const goesOn = isSpeech;
      isSpeech = probability >= (isSpeech ? holdProbability : onsetProbability);
      const last = spans.at(-1);
      if (isSpeech && goesOn && last !== undefined) last.to = to;
      else if (isSpeech) spans.push({ from, to });
    }
    stream.close();
    return spans;
  };
}
