/** Whether one half of speech, hearing or speaking, can be relied upon; from what its children report. */
import type { HalfHealth } from "./ports.ts";

/** A child that died is there again in well under a second; a large model on a slow disk takes a few. */
export const lostAfterMs = 3_000;

export type HealthWatch = {
  health(): HalfHealth;
  /** A child became ready, died or could not be loaded. `failed`: none will be tried again soon. */
  seen(now: { ready: boolean; lastResort: boolean; failed: boolean; failure?: string | undefined }): void;
  close(): void;
};

/**
 * Lost is said only of what does not come back by itself at once: nobody is told of a child that was replaced.
 *
 * @param changed Called at each change, with what it is now.
 */
export function watchHealth(
  schedule: (afterMs: number, fire: () => void) => () => void,
  changed: (health: HalfHealth) => void,
): HealthWatch {
  let health: HalfHealth = { state: "works" };
  let cancel: (() => void) | undefined;

  function become(next: HalfHealth): void {
    cancel?.();
    cancel = undefined;
    if (next.state === health.state && next.failure === health.failure) return;
    health = next;
    changed(health);
  }

  return {
    health: () => health,
    seen({ ready, lastResort, failed, failure }) {
      const why = failure === undefined ? {} : { failure };
      if (ready) return become(lastResort ? { state: "last-resort", ...why } : { state: "works" });
      if (failed) return become({ state: "lost", ...why });
      if (health.state !== "lost") cancel ??= schedule(lostAfterMs, () => become({ state: "lost", ...why }));
    },
    close() {
      cancel?.();
      cancel = undefined;
    },
  };
}
