/** Buckets that are taken from and fill again with time: how often something may be done. In memory only. */

/** So many at once, then one in so many ms. */
export type Rule = { burst: number; refillMs: number };
/** Whose bucket, and how large it is. */
export type Keyed = [key: string, rule: Rule];

export interface Buckets {
  /**
   * Takes one from each, or from none if one of them is empty.
   * @returns 0, or how many ms it is until there is one in each again.
   */
  take(keys: readonly Keyed[], nowMs: number): number;
  putBack(keys: readonly Keyed[]): void;
}

type Bucket = { left: number; atMs: number };

/** A flood of invented names must not fill the memory: beyond this the longest unused are forgotten. */
const bucketsAtMost = 4_000;

export function createBuckets(): Buckets {
  const buckets = new Map<string, Bucket>();

  function filled(key: string, rule: Rule, nowMs: number): Bucket {
    const bucket = buckets.get(key) ?? { left: rule.burst, atMs: nowMs };
    bucket.left = Math.min(rule.burst, bucket.left + Math.max(0, nowMs - bucket.atMs) / rule.refillMs);
    bucket.atMs = nowMs;
    buckets.delete(key);
    buckets.set(key, bucket); // most recently used last
    return bucket;
  }

  function forgetOldest(): void {
    for (const key of buckets.keys()) {
      if (buckets.size <= bucketsAtMost) return;
      buckets.delete(key);
    }
  }

  return {
    take(keys, nowMs) {
      const wanted = keys.map(([key, rule]) => ({ bucket: filled(key, rule, nowMs), rule }));
      forgetOldest();
      const waitMs = Math.max(
        0,
        ...wanted.map(({ bucket: { left }, rule }) => (left >= 1 ? 0 : (1 - left) * rule.refillMs)),
      );
      if (waitMs === 0) for (const { bucket } of wanted) bucket.left -= 1;
      return waitMs;
    },
    putBack(keys) {
      for (const [key, rule] of keys) {
        const bucket = buckets.get(key);
        if (bucket !== undefined) bucket.left = Math.min(rule.burst, bucket.left + 1);
      }
    },
  };
}
