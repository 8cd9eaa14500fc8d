/**
 * The receptionist's ears as a call has them, on a clock that counts samples: A-law, upsampling, voice activity,
 * endpointing with the conversation's own patience, Whisper. Nothing waits for real time, and hearing takes none.
 */
import { doubtOf } from "../../calls/doubt.ts";
import { heardOf } from "../../calls/machine.ts";
import { embeddedFile } from "../../embedded/files.ts";
import { loadOnnxRuntime } from "../../embedded/natives.ts";
import { endpointerSettings } from "../../media/endpointer.ts";
import { decode, encode } from "../../media/g711.ts";
import { createHearing, type SpeechEvent } from "../../media/hearing.ts";
import { createVad, type Vad } from "../../media/silero.ts";
import { loadVadModel } from "../../media/worker/vad-model.ts";
import type { Doubt, Heard } from "../../receptionist/contract.ts";
import type { Transcript } from "../../speech/ports.ts";
import { defaultTailFrames, loadWhisper, type WhisperEngine } from "../../speech/whisper/engine.ts";

/** Those of the appliance (start/sound.ts). */
const settings = endpointerSettings({ speculateAfterMs: 120, defaultSilenceMs: 700, maxUtteranceMs: 28_000 });
const frameSamples = 160;
/** Silence that the caller leaves; no turn needs more to be over. */
const silenceMs = 3_000;

/** What a conversation says of the turn that it waits for. */
export type Listener = { patience(textSoFar: string, doubt: Doubt): number; expectsAddress(): boolean };

export type LineEars = {
  /** @param sound 8 kHz. @returns the turns that were made of it, in order. */
  hear(sound: Int16Array, listener: Listener): Promise<Heard[]>;
  close(): Promise<void>;
};

/** @param lanes Calls at the same time. @param names What a search may lift: addresses and people of the agency. */
export async function openLineEars(nativeDir: string, lanes: number, names: readonly string[]): Promise<LineEars[]> {
  const ort = await loadOnnxRuntime(nativeDir);
  const vad = createVad(await loadVadModel(ort, embeddedFile("models/silero_vad_v5.onnx")), (error) => {
    throw error;
  });
  const source = { embedded: "models/demo-whisper/" };
  const load = async () => {
    const options = { source, precision: "int8", tailFrames: defaultTailFrames(source), ort, threads: 1 } as const;
    const engine = await loadWhisper(options);
    engine.expect(names);
    return earsOf(vad, engine);
  };
  return await Promise.all(Array.from({ length: lanes }, load));
}

function earsOf(vad: Vad, engine: WhisperEngine): LineEars {
  const signal = new AbortController().signal;
  const listened = async (samples: Float32Array, liftNames: boolean) =>
    await engine.transcribe(samples, { signal, search: { liftNames, mayGoOn: (ms) => ms < searchMs } });
  return {
    async hear(sound, listener) {
      const heard: Heard[] = [];
      await listen(
        vad,
        sound,
        listener,
        async (samples) => await listened(samples, listener.expectsAddress()),
        (transcript) => {
          if (transcript.text !== "") heard.push(heardOf(transcript));
        },
      );
      return heard;
    },
    close: () => engine.close(),
  };
}

/** As a call allows on speculation (src/calls/hearing.ts). */
const searchMs = 140;

async function listen(
  vad: Vad,
  sound: Int16Array,
  listener: Listener,
  transcribe: (samples: Float32Array) => Promise<Transcript>,
  heard: (transcript: Transcript) => void,
): Promise<void> {
  const events: SpeechEvent[] = [];
  const counted = countedVad(vad);
  const hearing = createHearing("lab", settings, counted.vad, (event) => void events.push(event));
  let latest: { pause: number; transcript: Transcript } | undefined;
  let isSpeaking = false;

  async function take(event: SpeechEvent): Promise<void> {
    switch (event.kind) {
      case "speech-started":
        isSpeaking = true;
        return;
      case "paused": {
        const transcript = await transcribe(event.samples);
        latest = { pause: event.pause, transcript };
        hearing.wait(event.utteranceId, listener.patience(transcript.text, doubtOf(transcript)), event.pause);
        return;
      }
      case "resumed":
        return;
      case "utterance":
        isSpeaking = false;
        if (event.samples !== undefined) heard(await transcribe(event.samples));
        else if (latest !== undefined && latest.pause === event.pause) heard(latest.transcript);
    }
  }

  const line = new Int16Array(frameSamples);
  const frame = new Int16Array(frameSamples);
  const most = sound.length + silenceMs * 8;
  for (let at = 0; at < most; at += frameSamples) {
    if (at >= sound.length + 4_000 && !isSpeaking) break;
    frame.fill(0);
    frame.set(sound.subarray(at, at + frameSamples));
    decode("PCMA", encode("PCMA", frame), line);
    hearing.hear(line, 8000);
    await counted.idle();
    for (let event = events.shift(); event !== undefined; event = events.shift()) await take(event);
  }
  hearing.close();
}

/** The clock stands until the model has judged what it was given. */
function countedVad(shared: Vad): { vad: Vad; idle(): Promise<void> } {
  let open = 0;
  let wake: (() => void) | undefined;
  const vad: Vad = {
    counts: shared.counts,
    stream() {
      const stream = shared.stream();
      return {
        push(samples, done) {
          open++;
          stream.push(samples, (probability) => {
            done(probability);
            if (--open === 0) wake?.();
          });
        },
        close: () => stream.close(),
      };
    },
  };
  return {
    vad,
    idle: () =>
      open === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            wake = resolve;
          }),
  };
}
