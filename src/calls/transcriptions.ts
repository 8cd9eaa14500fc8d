/** The transcriptions of one call under way: one of each utterance, cancelled when its words go on. */
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
  /** By utterance. */
  const current = new Map<number, { abort: AbortController; urgent: AbortController }>();

  function over(utteranceId: number, mine: { abort: AbortController }): void {
    if (current.get(utteranceId) === mine) current.delete(utteranceId);
  }

  return {
    start({ utteranceId, pause, samples, priority, search }: Extract<CallEffect, { kind: "transcribe" }>): void {
      current.get(utteranceId)?.abort.abort();
      const [abort, urgent] = [new AbortController(), new AbortController()];
      const mine = { abort, urgent };
      current.set(utteranceId, mine);
      const signal = AbortSignal.any([abort.signal, ports.signal]);
      const wish = { priority, signal, owner, urgent: urgent.signal };
      ports.speech.transcribe(samples, { ...wish, ...(search ? { search } : {}) }).then(
        (transcript) => {
          over(utteranceId, mine);
          if (!signal.aborted) ports.done({ kind: "transcribed", utteranceId, pause, transcript });
        },
        (error) => {
          over(utteranceId, mine);
          if (signal.aborted) return;
          if (error instanceof AppError) ports.done({ kind: "transcription-failed", utteranceId, pause });
          else ports.failed(error);
        },
      );
    },
    /** The caller has ended, and waits for this text. */
    hasten(utteranceId: number): void {
      current.get(utteranceId)?.urgent.abort();
    },
    cancel(utteranceId: number): void {
      current.get(utteranceId)?.abort.abort();
    },
  };
}
