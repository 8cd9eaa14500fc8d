/** Running timers, by owner and name, so that an owner that ends leaves none behind and all can be counted. */
export type Schedule = (afterMs: number, fire: () => void) => () => void;

export interface TimerSet {
  /** Takes the place of a running one of that name. */
  start(name: string, afterMs: number, fire: () => void): void;
  stop(name: string): void;
  stopAll(): void;
}

export interface Timers {
  set(): TimerSet;
  running(): number;
}

export function createTimers(schedule: Schedule): Timers {
  let running = 0;

  function set(): TimerSet {
    const cancels = new Map<string, () => void>();
    const stop = (name: string) => {
      const cancel = cancels.get(name);
      if (cancel === undefined) return;
      cancels.delete(name);
      running -= 1;
      cancel();
    };
    return {
      start(name, afterMs, fire) {
        stop(name);
        running += 1;
        const cancel = schedule(afterMs, () => {
          cancels.delete(name);
          running -= 1;
          fire();
        });
        cancels.set(name, cancel);
      },
      stop,
      stopAll() {
        for (const name of [...cancels.keys()]) stop(name);
      },
    };
  }

  return { set, running: () => running };
}
