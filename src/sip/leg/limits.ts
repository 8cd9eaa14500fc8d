/** How many legs there may be: one for a call, so many at once, so many a minute. Time is passed in. */

export type LegLimits = {
  /** At once, those of other calls included. */
  readonly maxLegs: number;
  /** Begun; as many may come at once. */
  readonly perMinute: number;
};

export interface LegGate {
  /** Whether one more may begin now; if so, it has been counted. @param running For which calls legs run. */
  take(forCall: string, running: readonly string[]): boolean;
}

export function createLegGate({ maxLegs, perMinute }: LegLimits, nowMs: () => number): LegGate {
  let tokens = perMinute;
  let filledAtMs = nowMs();

  return {
    take(forCall, running) {
      if (running.length >= maxLegs || running.includes(forCall)) return false;
      const now = nowMs();
      tokens = Math.min(perMinute, tokens + (Math.max(0, now - filledAtMs) / 60_000) * perMinute);
      filledAtMs = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
