/** What one caller hears of us: prompts, and the ringing tone where there are none. His speech stops what he may interrupt. */
import type { FromMedia, RateHz, ToMedia } from "./messages.ts";
import { type Appended, createPlayout, type PlayoutEvent } from "./playout.ts";
import { createRingback } from "./ringback.ts";

type Play = Extract<ToMedia, { kind: "play" }>;

export type AgentSound = {
  /** The next frame in `into`, silence included. @param atMs on the call's clock. */
  fill(into: Int16Array, rateHz: RateHz, atMs: number): void;
  play(message: Play): Appended;
  /** The caller has begun to speak. */
  interrupt(): void;
  /** Ends all that is playing or waits. */
  silence(): void;
  ringback(on: boolean): void;
};

/** A prompt sent before its sender could know that the caller had begun to speak. */
const bargeInGuardMs = 150;

export function createAgentSound(callId: string, ports: { emit(event: FromMedia): void; nowMs(): number }): AgentSound {
  const playout = createPlayout();
  const tone = createRingback();
  let isRinging = false;
  let interruptedMs = Number.NEGATIVE_INFINITY;

  function report(events: readonly PlayoutEvent[], atMs = 0): void {
    for (const event of events) {
      if (event.kind === "started") {
        ports.emit({ kind: "play-started", callId, playId: event.playId, atMs });
        continue;
      }
      const { playId, playedMs, completed, byCaller } = event;
      ports.emit({ kind: "play-ended", callId, playId, playedMs, completed, byCaller });
    }
  }

  return {
    /** Each time from the beginning of a ring. */
    fill(into, rateHz, atMs) {
      into.fill(0);
      if (isRinging && !playout.isPlaying) tone.fill(into, rateHz);
      report(playout.pull(into, rateHz), atMs);
      if (playout.isPlaying) tone.restart();
    },
    play(message) {
      const appended = playout.append(message);
      const isTooSoon = message.interruptible && ports.nowMs() - interruptedMs < bargeInGuardMs;
      if (isTooSoon) report(playout.stop("interruptible", true));
      return appended;
    },
    interrupt() {
      interruptedMs = ports.nowMs();
      report(playout.stop("interruptible", true));
    },
    silence: () => report(playout.stop("all", false)),
    ringback(on) {
      if (on && !isRinging) tone.restart();
      isRinging = on;
    },
  };
}
