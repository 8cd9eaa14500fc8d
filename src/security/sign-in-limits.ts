/**
 * How often somebody may be wrong. Each attempt takes one from a bucket per person-and-place, per person and per place;
 * buckets fill again with time; success puts back what it took. Taking first means that attempts made at the same
 * moment cannot all slip through. In memory only: a restart forgives.
 */
import { AppError } from "../app-error.ts";

type Rule = { burst: number; refillMs: number };

const rules = {
  /** One e-mail from one address: a person who mistypes. */
  pair: { burst: 5, refillMs: 60_000 },
  /** One e-mail from anywhere: wide enough that a stranger cannot easily lock its owner out. */
  email: { burst: 30, refillMs: 120_000 },
  /** One address, whatever it tries. */
  address: { burst: 30, refillMs: 30_000 },
} satisfies Record<string, Rule>;

export type Attempt = { email: string | undefined; address: string };

export interface SignInLimits {
  /** @throws AppError("too_many"), saying when to come back. */
  take(attempt: Attempt, nowMs: number): void;
  putBack(attempt: Attempt): void;
}

type Bucket = { left: number; atMs: number; rule: Rule };

/** A flood of invented names must not fill the memory: beyond this the longest unused are forgotten. */
const bucketsAtMost = 4_000;

export function createSignInLimits(): SignInLimits {
  const buckets = new Map<string, Bucket>();

  function filled(key: string, rule: Rule, nowMs: number): Bucket {
    const known = buckets.get(key);
    const bucket = known ?? { left: rule.burst, atMs: nowMs, rule };
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
    take(attempt, nowMs) {
      const wanted = keysOf(attempt).map(([key, rule]) => filled(key, rule, nowMs));
      forgetOldest();
      const waitMs = Math.max(0, ...wanted.map(({ left, rule }) => (left >= 1 ? 0 : (1 - left) * rule.refillMs)));
      if (waitMs > 0) {
        const minutes = Math.ceil(waitMs / 60_000);
        throw new AppError(
          "too_many",
          `Too many attempts. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
        );
      }
      for (const bucket of wanted) bucket.left -= 1;
    },
    putBack(attempt) {
      for (const [key, rule] of keysOf(attempt)) {
        const bucket = buckets.get(key);
        if (bucket !== undefined) bucket.left = Math.min(rule.burst, bucket.left + 1);
      }
    },
  };
}

function keysOf({ email, address }: Attempt): [string, Rule][] {
  const place = networkOf(address);
  const byPlace: [string, Rule] = [`address ${place}`, rules.address];
  if (email === undefined) return [byPlace];
  return [[`pair ${email} ${place}`, rules.pair], [`email ${email}`, rules.email], byPlace];
}

/** An IPv6 host chooses among 2^64 addresses at will: its /64 counts as one place (RFC 4291 §2.5.1). */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Math.max(0, 8 - front.length - back.length) : 0;
  return [...front, ...Array<string>(zeros).fill("0"), ...back].slice(0, 4).join(":");
}
