/** The transcriptions of one call under way: at most one utterance's, cancelled when its words go on. */
import { AppError } from "../app-error.ts";
import type { Transcriber } from "../speech/ports.ts";
import type { CallEffect, CallEvent } from "./machine.ts";

/** @param owner The call: calls take turns. */
export function createTranscriptions(
  owner: string,
  ports: {
    speech: Transcriber;
    signal: AbortSignal;
    done(event: CallEvent): void;
    failed(error: unknown): void;
  },
) {
  let current: { utteranceId: number; abort: AbortController; urgent: AbortController } | undefined;

  return {
    start({ utteranceId, pause, samples, priority, search }: Extract<CallEffect, { kind: "transcribe" }>): void {
      current?.abort.abort();
      const abort = new AbortController();
      const urgent = new AbortController();
      current = { utteranceId, abort, urgent };
      const signal = AbortSignal.any([abort.signal, ports.signal]);
      const wish = { priority, signal, owner, urgent: urgent.signal };
      ports.speech.transcribe(samples, { ...wish, ...(search ? { search } : {}) }).then(
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
    /** The caller has ended, and waits for this text. */
    hasten(utteranceId: number): void {
      if (current?.utteranceId === utteranceId) current.urgent.abort();
    },
    cancel(utteranceId: number): void {
      if (current?.utteranceId === utteranceId) current.abort.abort();
    },
  };
}
