/** A clock that is turned by hand, as the `schedule` port of a call. */
export function createClock() {
  let now = 0;
  let waiting: { at: number; fire: () => void }[] = [];
  return {
    schedule(afterMs: number, fire: () => void): () => void {
      const entry = { at: now + afterMs, fire };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    /** Lets time pass; what falls due in it happens in order. */
    turn(ms: number): void {
      const until = now + ms;
      for (;;) {
        const due = waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        waiting = waiting.filter((other) => other !== due);
        now = due.at;
        due.fire();
      }
      now = until;
    },
    waiting: () => waiting.length,
  };
}
