/** What must be true of our voice for any order of what the caller does and what the machine decides. Seeded. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { createAgentSound } from "../../src/media/agent-sound.ts";
import type { FromMedia, RateHz } from "../../src/media/messages.ts";

const callId = "call-1";
const act = fc.record({
  kind: fc.constantFrom("start", "pause", "resume", "over", "release", "stale", "words", "say", "drop", "hush", "time"),
  ms: fc.integer({ min: 20, max: 900 }),
  soundMs: fc.integer({ min: 100, max: 2_000 }),
  rateHz: fc.constantFrom<RateHz>(8000, 16_000),
});

function live(acts: readonly { kind: string; ms: number; soundMs: number; rateHz: RateHz }[]) {
  const events: FromMedia[] = [];
  const sound = createAgentSound(callId, 344, (event) => events.push(event));
  const voice = { strongest: 1, mean: 1 };
  let [atMs, utteranceId, pause, playId] = [0, 0, 0, 0];
  let [speaks, isPaused] = [false, false];

  function pass(ms: number, rateHz: RateHz): void {
    for (const untilMs = atMs + ms; atMs < untilMs; atMs += 20) sound.fill(new Int16Array(rateHz / 50), rateHz, atMs);
  }

  function over(): void {
    if (!speaks || !isPaused) return;
    [speaks, isPaused] = [false, false];
    sound.callerSpeaks({
      kind: "utterance",
      callId,
      utteranceId,
      pause,
      samples: undefined,
      startedAtMs: 0,
      speechEndedAtMs: atMs,
      voice,
      reason: "silence",
    });
  }

  function paused(soundMs: number): void {
    if (!speaks || isPaused) return;
    isPaused = true;
    const samples = new Float32Array(16 * soundMs);
    sound.callerSpeaks({ kind: "paused", callId, utteranceId, pause: ++pause, atMs, samples, voice });
  }

  const doing: Record<string, (one: (typeof acts)[number]) => void> = {
    start() {
      if (speaks) return;
      [utteranceId, pause, speaks, isPaused] = [utteranceId + 1, 0, true, false];
      sound.callerSpeaks({ kind: "speech-started", callId, utteranceId, atMs });
    },
    pause: ({ soundMs }) => paused(soundMs),
    resume() {
      if (!speaks || !isPaused) return;
      isPaused = false;
      sound.callerSpeaks({ kind: "resumed", callId, utteranceId });
    },
    over,
    release: () => sound.release({ kind: "release", callId, utteranceId, pause }),
    stale: () => sound.release({ kind: "release", callId, utteranceId: Math.max(0, utteranceId - 1), pause }),
    words: () => sound.heardOut({ kind: "wait", callId, utteranceId, pause, silenceMs: 300 }),
    say({ soundMs, rateHz }) {
      const samples = new Int16Array((rateHz * soundMs) / 1000).fill(1_000);
      const audio = { kind: "pcm", rateHz, samples } as const;
      sound.play({ kind: "play", callId, playId: ++playId, audio, last: true, interruptible: soundMs % 5 > 0 });
    },
    drop: () => sound.drop(playId),
    hush: () => sound.silence(),
    time: () => undefined,
  };
  for (const one of acts) {
    doing[one.kind]?.(one);
    pass(one.ms, one.rateHz);
  }
  return { events, pass, paused, over, playId, sound };
}

test("whatever came before: once the caller is silent all is said to its end within the time that it takes, once", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const { events, pass, paused, over, playId } = live(acts);
      paused(1_000);
      over();
      const leftMs = 2_500 * playId;
      pass(5_000 + leftMs, 8000);
      const ended = events.flatMap((event) => (event.kind === "play-ended" ? [event.playId] : []));
      expect(ended.toSorted((a, b) => a - b)).toEqual(Array.from({ length: playId }, (_, n) => n + 1));
    }),
    { seed: 20_261_121, numRuns: 60 },
  );
});

test("while the caller speaks nothing that he may interrupt is begun", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      const { sound, events, pass, playId, over, paused } = live(acts);
      paused(1_000);
      over();
      sound.callerSpeaks({ kind: "speech-started", callId, utteranceId: 1_000, atMs: 0 });
      const audio = { kind: "pcm", rateHz: 8000, samples: new Int16Array(800).fill(1_000) } as const;
      sound.play({ kind: "play", callId, playId: playId + 1, audio, last: true, interruptible: true });
      pass(10_000, 16_000);
      expect(events.some((event) => event.kind === "play-started" && event.playId === playId + 1)).toBe(false);
    }),
    { seed: 20_261_121, numRuns: 30 },
  );
});
