/**
 * How much new work one source may bring: token buckets for what begins something or asks for an answer outside of
 * every dialog. Requests within dialogs, ACKs, CANCELs and retransmissions never come here. Time is passed in.
 */

/** Calls and everything else are counted apart, so that a flood of OPTIONS or nonsense leaves room for calls. */
export type WorkKind = "invite" | "other";

export type WorkLimits = {
  /** Of one source, each second; twice as many may come at once. */
  readonly invitesPerSecond: number;
  readonly othersPerSecond: number;
};

export interface Admission {
  /** Whether there is room for one more; if so, it has been taken. */
  take(address: string, kind: WorkKind): boolean;
}

type Bucket = { tokens: number; filledAtMs: number };

const burstSeconds = 2;
/** Peers may be given as whole networks. Beyond so many sources the one seen first is forgotten, and starts anew. */
const maxSources = 1_024;

export function createAdmission(limits: WorkLimits, nowMs: () => number): Admission {
  const perSecond: Record<WorkKind, number> = { invite: limits.invitesPerSecond, other: limits.othersPerSecond };
  const sources = new Map<string, Record<WorkKind, Bucket>>();

  function bucketsOf(address: string): Record<WorkKind, Bucket> {
    const known = sources.get(address);
    if (known !== undefined) return known;
    if (sources.size >= maxSources) {
      const [oldest] = sources.keys();
      if (oldest !== undefined) sources.delete(oldest);
    }
    const full = (kind: WorkKind) => ({ tokens: perSecond[kind] * burstSeconds, filledAtMs: nowMs() });
    const made = { invite: full("invite"), other: full("other") };
    sources.set(address, made);
    return made;
  }

  return {
    take(address, kind) {
      const bucket = bucketsOf(address)[kind];
      const now = nowMs();
      const gained = ((now - bucket.filledAtMs) / 1_000) * perSecond[kind];
      bucket.tokens = Math.min(bucket.tokens + Math.max(0, gained), perSecond[kind] * burstSeconds);
      bucket.filledAtMs = now;
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}
