import { expect, test } from "bun:test";
import type { CallEvent } from "../../src/calls/machine.ts";
import { createTranscriptions } from "../../src/calls/transcriptions.ts";
import type { Transcript } from "../../src/speech/ports.ts";
import { transcript } from "./harness.ts";

function desk() {
  const done: CallEvent[] = [];
  const asked: { signal: AbortSignal; urgent: AbortSignal | undefined; answer(text: string): void }[] = [];
  const call = new AbortController();
  const made = createTranscriptions("call-1", {
    speech: {
      transcribe: (_, { signal, urgent }) => {
        const { promise, resolve } = Promise.withResolvers<Transcript>();
        asked.push({ signal, urgent, answer: (text) => resolve(transcript(text)) });
        return promise;
      },
    },
    signal: call.signal,
    done: (event) => done.push(event),
    failed: (error) => {
      throw error;
    },
  });
  const start = (utteranceId: number, pause: number) =>
    made.start({ kind: "transcribe", utteranceId, pause, samples: new Float32Array(1), priority: "speculative" });
  return { made, start, asked, done, call };
}

test("another pause of the same utterance takes the place of the one before; another utterance does not", async () => {
  const { start, asked, done } = desk();
  start(1, 1);
  start(1, 2);
  start(2, 1);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
  for (const { answer } of asked) answer("hello");
  await new Promise((resolve) => setImmediate(resolve));
  expect(done).toMatchObject([
    { kind: "transcribed", utteranceId: 1, pause: 2 },
    { kind: "transcribed", utteranceId: 2, pause: 1 },
  ]);
});

test("each is hastened and cancelled by itself, all of them at the call's end", () => {
  const { made, start, asked, call } = desk();
  start(1, 1);
  start(2, 1);
  start(3, 1);
  made.hasten(2);
  made.cancel(1);
  expect(asked.map(({ urgent }) => urgent?.aborted)).toEqual([false, true, false]);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
  call.abort();
  expect(asked.every(({ signal }) => signal.aborted)).toBe(true);
});
