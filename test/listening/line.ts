/** A telephone line with our own hearing at its end: A-law, upsampling, voice activity, endpointing, as in a call. */

import { embeddedFile } from "../../src/embedded/files.ts";
import { loadOnnxRuntime } from "../../src/embedded/natives.ts";
import { type EndpointerSettings, endpointerSettings } from "../../src/media/endpointer.ts";
import { decode, encode } from "../../src/media/g711.ts";
import { createHearing, type SpeechEvent } from "../../src/media/hearing.ts";
import { createVad, type Vad, vadStepSamples } from "../../src/media/silero.ts";
import { loadVadModel } from "../../src/media/worker/vad-model.ts";

/** Those of the appliance (src/start/sound.ts). */
const settings = endpointerSettings({ speculateAfterMs: 120, defaultSilenceMs: 700, maxUtteranceMs: 28_000 });
/** Whatever comes is speech: an utterance begins with the first step, and ends where it is cut for its length. */
const forcedOpen: EndpointerSettings = {
  ...settings,
  onsetProbability: 0,
  holdProbability: 0,
  strongProbability: 0,
  maxUtteranceMs: 8_000,
};
const frameSamples = 160;

const runtime = () => loadOnnxRuntime(new URL("../../node_modules", import.meta.url).pathname);

export type Ears = { vad: Vad };

export async function openEars(): Promise<Ears> {
  const model = await loadVadModel(await runtime(), embeddedFile("models/silero_vad_v5.onnx"));
  const vad = createVad(model, (error) => {
    throw error;
  });
  return { vad };
}

/**
 * What the call would be told, in order, hearing `sound` (8 kHz). Several may be heard at the same time.
 *
 * @param heard called with each event and the ms of sound that had come by then.
 * @param isForcedOpen The thresholds of voice activity are zero; its probabilities are what they are.
 */
export async function listen(
  { vad }: Ears,
  sound: Int16Array,
  heard: (event: SpeechEvent, atMs: number) => void,
  isForcedOpen = false,
): Promise<void> {
  let atMs = 0;
  const hearing = createHearing("line", isForcedOpen ? forcedOpen : settings, counted(vad), (event) =>
    heard(event, atMs),
  );
  let [pushed, judged] = [0, 0];
  function counted(shared: Vad): Vad {
    return {
      counts: shared.counts,
      stream() {
        const stream = shared.stream();
        return {
          push: (samples, done) => {
            pushed++;
            stream.push(samples, (probability) => {
              judged++;
              done(probability);
            });
          },
          close: () => stream.close(),
        };
      },
    };
  }
  const line = new Int16Array(frameSamples);
  for (let at = 0; at + frameSamples <= sound.length; at += frameSamples) {
    decode("PCMA", encode("PCMA", sound.subarray(at, at + frameSamples)), line);
    hearing.hear(line, 8000);
    atMs = (at + frameSamples) / 8;
    while (judged < pushed) await new Promise((resolve) => setImmediate(resolve));
  }
  hearing.close();
}

/** One step of voice activity, ms: no time here is finer. */
export const stepMs = vadStepSamples / 16;
