/**
 * How often somebody may be wrong. Each attempt takes one from a bucket per person-and-place, per person and per place;
 * buckets fill again with time; success puts back what it took. Taking first means that attempts made at the same
 * moment cannot all slip through. In memory only: a restart forgives.
 */
import { AppError } from "../app-error.ts";
import { createBuckets, type Keyed, type Rule } from "./buckets.ts";

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

export function createSignInLimits(): SignInLimits {
  const buckets = createBuckets();
  return {
    take(attempt, nowMs) {
      const waitMs = buckets.take(keysOf(attempt), nowMs);
      if (waitMs > 0) {
        const minutes = Math.ceil(waitMs / 60_000);
        throw new AppError(
          "too_many",
          `Too many attempts. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
        );
      }
    },
    putBack: (attempt) => buckets.putBack(keysOf(attempt)),
  };
}

function keysOf({ email, address }: Attempt): Keyed[] {
  const place = networkOf(address);
  const byPlace: Keyed = [`address ${place}`, rules.address];
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
