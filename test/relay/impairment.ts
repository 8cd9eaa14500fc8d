/** What a bad network does to datagrams, one after the other, by seeded chance: lost, late, out of order, doubled. */
import { type Random, seeded } from "../sip/random.ts";

export type Impairment = {
  /** 0 to 1, of each datagram by itself. */
  readonly lossShare?: number;
  /** Each is late by anything between nothing and this. */
  readonly jitterMs?: number;
  /** 0 to 1: held back until others have overtaken it, by `reorderMs` (default 50) beyond its jitter. */
  readonly reorderShare?: number;
  readonly reorderMs?: number;
  /** 0 to 1: comes a second time, up to `jitterMs` or 20 ms later. */
  readonly doubleShare?: number;
};

export type Fate = {
  /** How late each copy comes, ms; none if it is lost. */
  readonly delaysMs: readonly number[];
};

export function createImpairment(what: Impairment, seed: number): { next(): Fate } {
  const random = seeded(seed);
  const { lossShare = 0, jitterMs = 0, reorderShare = 0, reorderMs = 50, doubleShare = 0 } = what;
  const one = (chance: Random) => jitterMs * chance.next() + (chance.next() < reorderShare ? reorderMs : 0);
  return {
    next() {
      // Always as many draws, so that one setting does not change what the others do.
      const [lost, delayMs, doubled, again] = [random.next(), one(random), random.next(), random.next()];
      if (lost < lossShare) return { delaysMs: [] };
      const second = doubled < doubleShare ? [delayMs + again * Math.max(jitterMs, 20)] : [];
      return { delaysMs: [delayMs, ...second] };
    },
  };
}
