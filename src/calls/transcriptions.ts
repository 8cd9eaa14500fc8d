/** The transcriptions of one call under way: at most one utterance's, cancelled when its words go on. */
import { AppError } from "../app-error.ts";
import type { Transcriber } from "../speech/ports.ts";
import type { CallEffect, CallEvent } from "./machine.ts";

export function createTranscriptions(ports: {
  speech: Transcriber;
  signal: AbortSignal;
  done(event: CallEvent): void;
  failed(error: unknown): void;
}) {
  let current: { utteranceId: number; abort: AbortController } | undefined;

  return {
    start({ utteranceId, pause, samples, priority, search }: Extract<CallEffect, { kind: "transcribe" }>): void {
      current?.abort.abort();
      const abort = new AbortController();
      current = { utteranceId, abort };
      const signal = AbortSignal.any([abort.signal, ports.signal]);
      ports.speech.transcribe(samples, { priority, signal, ...(search ? { search } : {}) }).then(
        (transcript) => {
          if (!signal.aborted) ports.done({ kind: "transcribed", utteranceId, pause, transcript });
        },
        (error) => {
          if (signal.aborted) return;
          if (error instanceof AppError) ports.done({ kind: "transcription-failed", utteranceId, pause });
          else ports.failed(error);
        },
      );
    },
    cancel(utteranceId: number): void {
      if (current?.utteranceId === utteranceId) current.abort.abort();
    },
  };
}
