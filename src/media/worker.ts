/**
 * The media Worker: everything that must happen every few milliseconds, away from whatever else the process does.
 * First message in: MediaSettings; first out: `ready` or `failed`. Then messages.ts, both ways.
 */
import { embeddedFile } from "../embedded/files.ts";
import { loadOnnxRuntime } from "../embedded/natives.ts";
import type { FromMedia, MediaSettings, ToMedia } from "./messages.ts";
import { createVad } from "./silero.ts";
import { type Calls, createCalls } from "./worker/calls.ts";
import { loadOpus } from "./worker/opus-library.ts";
import { preferThisThread } from "./worker/thread-priority.ts";
import { loadVadModel } from "./worker/vad-model.ts";

declare const self: Worker;

const vadModel = "models/silero_vad_v5.onnx";

let calls: Calls | undefined;

/** Sound is handed over, not copied: nobody here needs it any more. */
function emit(event: FromMedia): void {
  self.postMessage(event, buffersOf(event));
}

function buffersOf(event: FromMedia): ArrayBuffer[] {
  const arrays =
    event.kind === "recorded"
      ? [event.caller, event.agent]
      : event.kind === "paused" || event.kind === "utterance"
        ? [event.samples]
        : [];
  return arrays.flatMap((array) => (array?.buffer instanceof ArrayBuffer ? [array.buffer] : []));
}

async function start(settings: MediaSettings): Promise<void> {
  try {
    preferThisThread(); // a wish
    const runtime = await loadOnnxRuntime(settings.nativeDir);
    const model = await loadVadModel(runtime, embeddedFile(vadModel));
    calls = createCalls(settings, { vad: createVad(model, fail), codecMemory: await loadOpus() }, emit);
    emit({ kind: "ready" });
  } catch (error) {
    fail(error);
  }
}

/** Nothing can be heard any more: main replaces this Worker. */
function fail(error: unknown): void {
  emit({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
}

self.onmessage = ({ data }: MessageEvent<MediaSettings | ToMedia>) => {
  switch (data.kind) {
    case "settings":
      return void start(data);
    case "status":
      if (calls) emit({ kind: "status", requestId: data.requestId, status: calls.status() });
      return;
    case "shutdown":
      calls?.closeAll();
      return process.exit(0); // of this thread
    default:
      calls?.handle(data);
  }
};
