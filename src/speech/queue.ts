/**
 * A bounded queue by priority; within one, calls take turns: a call's second item waits until every other call's first
 * has been taken. Pure; the items are the caller's.
 */
import type { Priority } from "./ports.ts";

const order: readonly Priority[] = ["answer", "speculative", "background"];

/** `owner`: whose turn it takes up, such as a call. An item without one is a call of its own. */
export type Place = { priority: Priority; owner?: string | undefined };

export type BoundedQueue<T> = {
  /**
   * Puts `item` in its place.
   * @returns What had to go because the queue was full: the last of the least important, which may be `item` itself.
   */
  push(item: T, place: Place): T | undefined;
  /** Puts what had been taken out before all others of its priority, though the queue be full. */
  putBack(item: T, place: Place): void;
  /** Somebody waits for it by now: it goes with the answers. Nothing if it is not there. */
  raise(item: T): void;
  /** Takes the first out. */
  shift(): T | undefined;
  /** @returns whether it was still there. */
  remove(item: T): boolean;
  /** Takes everything out, in order. */
  drain(): T[];
  count(priority: Priority): number;
  readonly length: number;
};

/** `round`: how many items of its owner's went before it, counted from where the queue stood. */
type Entry<T> = { item: T; rank: number; round: number; owner: string | undefined };

/** Of one priority: the round that is being served, and who has had his turn in it. */
type Turn = { round: number; served: Set<string> };

export function createQueue<T>(limit: number): BoundedQueue<T> {
  const entries: Entry<T>[] = [];
  const turns: Turn[] = order.map(() => ({ round: 0, served: new Set() }));

  function roundFor(rank: number, owner: string | undefined): number {
    const turn = turns[rank] as Turn;
    if (owner === undefined) return turn.round;
    const own = entries.findLast((entry) => entry.rank === rank && entry.owner === owner);
    if (own !== undefined) return own.round + 1;
    return turn.served.has(owner) ? turn.round + 1 : turn.round;
  }

  function insert(item: T, rank: number, owner: string | undefined): void {
    const round = roundFor(rank, owner);
    const at = entries.findIndex((entry) => entry.rank > rank || (entry.rank === rank && entry.round > round));
    entries.splice(at < 0 ? entries.length : at, 0, { item, rank, round, owner });
  }

  function take(): T | undefined {
    const entry = entries.shift();
    if (entry === undefined) return undefined;
    const turn = turns[entry.rank] as Turn;
    if (entry.round > turn.round) {
      turn.round = entry.round;
      turn.served.clear();
    }
    if (entry.owner !== undefined) turn.served.add(entry.owner);
    return entry.item;
  }

  function removed(item: T): Entry<T> | undefined {
    const at = entries.findIndex((entry) => entry.item === item);
    return at < 0 ? undefined : entries.splice(at, 1)[0];
  }

  return {
    push(item, { priority, owner }) {
      insert(item, order.indexOf(priority), owner);
      return entries.length > limit ? entries.pop()?.item : undefined;
    },
    putBack(item, { priority, owner }) {
      const rank = order.indexOf(priority);
      const at = entries.findIndex((entry) => entry.rank >= rank);
      const { round } = turns[rank] as Turn;
      entries.splice(at < 0 ? entries.length : at, 0, { item, rank, round, owner });
    },
    raise(item) {
      const entry = removed(item);
      if (entry !== undefined) insert(item, Math.min(entry.rank, order.indexOf("answer")), entry.owner);
    },
    shift: take,
    remove: (item) => removed(item) !== undefined,
    drain: () => entries.splice(0).map(({ item }) => item),
    count: (priority) => entries.filter(({ rank }) => rank === order.indexOf(priority)).length,
    get length() {
      return entries.length;
    },
  };
}
