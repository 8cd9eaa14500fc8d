/** Time that is turned by the test: what is scheduled fires when `advance` passes it, in order. */
export function makeClock(start: Date) {
  let nowMs = start.getTime();
  let timers: { atMs: number; fire: () => void }[] = [];
  return {
    now: () => new Date(nowMs),
    schedule(afterMs: number, fire: () => void): () => void {
      const timer = { atMs: nowMs + afterMs, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    /** How many timers wait. */
    waiting: () => timers.length,
    advance(ms: number): void {
      const until = nowMs + ms;
      for (;;) {
        const next = timers.filter(({ atMs }) => atMs <= until).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        nowMs = next.atMs;
        timers = timers.filter((timer) => timer !== next);
        next.fire();
      }
      nowMs = until;
    },
  };
}

export type TestClock = ReturnType<typeof makeClock>;
