/**
 * A caller of an overloaded appliance, who knows what to expect of it: he waits on after "one moment", and speaks again only
 * after an answer, or when he has heard nothing for long. What he hears, and when nothing, is measured from his two channels.
 */
import { createEars } from "../caller/ears.ts";
import { isLoud } from "../caller/loudness.ts";
import { dial, type Target } from "../caller/phone.ts";

export type Waits = {
  /** Of a call that was refused. */
  status: number | undefined;
  /** By whom, once it was answered; undefined: it ran to the end of the trial. */
  endedBy: "them" | "us" | undefined;
  /** From the pick-up to the first sound, ms. */
  greetingMs: number | undefined;
  /** For each line: from its last sound to the first sound of any kind, and to that of a real answer. */
  firstSoundMs: number[];
  answerMs: number[];
  /** Longest time in which nothing was heard while an answer was waited for, one a line. */
  longestSilenceMs: number[];
};

/** A turn of the agent: it has been quiet for so long. */
const agentSilenceMs = 900;
/** What is shorter is "one moment" or "just a moment longer". */
const answerMs = 1_500;
/** Nobody holds on for longer without a sound. */
const patienceMs = 12_000;

type Waiting = { sinceMs: number; heardMs: number; longestMs: number; firstMs: number | undefined };

/** @param lines said one after another. Aborted: he hangs up. */
export async function callPatiently(target: Target, lines: readonly Int16Array[], signal: AbortSignal): Promise<Waits> {
  const waits: Waits = {
    ...{ status: undefined, endedBy: undefined, greetingMs: undefined },
    ...{ firstSoundMs: [], answerMs: [], longestSilenceMs: [] },
  };
  const ears = createEars(agentSilenceMs);
  const over = Promise.withResolvers<void>();
  let answeredAtMs = 0;
  let said = 0;
  let lastSaidMs = 0;
  let waiting: Waiting | undefined;
  /** First loud packet of what the agent is saying now. */
  let agentSinceMs: number | undefined;

  function heard(atMs: number): void {
    waits.greetingMs ??= atMs - answeredAtMs;
    agentSinceMs ??= atMs;
    if (waiting === undefined) return;
    waiting.longestMs = Math.max(waiting.longestMs, atMs - waiting.heardMs);
    waiting.heardMs = atMs;
    waiting.firstMs ??= atMs - waiting.sinceMs;
  }

  function stopWaiting(answeredMs: number | undefined): void {
    if (waiting === undefined) return;
    waits.longestSilenceMs.push(waiting.longestMs);
    if (waiting.firstMs !== undefined) waits.firstSoundMs.push(waiting.firstMs);
    if (answeredMs !== undefined) waits.answerMs.push(answeredMs - waiting.sinceMs);
    waiting = undefined;
  }

  function speak(): void {
    phone.say(lines[said++ % lines.length] ?? new Int16Array(0));
  }

  const phone = await dial(target, {
    answered() {
      answeredAtMs = performance.now();
    },
    received(frame, atMs) {
      if (isLoud(frame)) heard(atMs);
    },
    sent(frame, atMs) {
      if (isLoud(frame)) {
        // Whoever speaks into an answer has had one.
        stopWaiting(undefined);
        lastSaidMs = atMs;
      } else if (lastSaidMs > 0 && waiting === undefined && !phone.speaking()) {
        waiting = { sinceMs: lastSaidMs, heardMs: lastSaidMs, longestMs: 0, firstMs: undefined };
        lastSaidMs = 0;
      }
    },
    heard(frame) {
      const turn = ears.hear(frame);
      const nowMs = performance.now();
      if (turn !== undefined) {
        const isAnswer = turn.toMs - turn.fromMs >= answerMs;
        const beganMs = agentSinceMs;
        agentSinceMs = undefined;
        if (isAnswer) stopWaiting(beganMs);
        if (isAnswer && !phone.speaking()) speak();
      } else if (waiting !== undefined && nowMs - waiting.heardMs > patienceMs && !phone.speaking()) {
        waiting.longestMs = Math.max(waiting.longestMs, nowMs - waiting.heardMs);
        stopWaiting(undefined);
        speak();
      }
    },
    ended(by, status) {
      if (waiting !== undefined) waiting.longestMs = Math.max(waiting.longestMs, performance.now() - waiting.heardMs);
      stopWaiting(undefined);
      waits.status = status;
      waits.endedBy = signal.aborted ? undefined : by;
      over.resolve();
    },
  });
  const hangUp = () => phone.hangUp();
  signal.addEventListener("abort", hangUp);
  if (signal.aborted) hangUp();
  await over.promise;
  signal.removeEventListener("abort", hangUp);
  await Bun.sleep(200); // its BYE is answered
  phone.close();
  return waits;
}
