/** A bounded queue by priority, first come first served within one. Pure; the items are the caller's. */
import type { Priority } from "./ports.ts";

const order: readonly Priority[] = ["answer", "speculative", "background"];

export type BoundedQueue<T> = {
  /**
   * Puts `item` in its place.
   * @returns What had to go because the queue was full: the newest of the least important, which may be `item` itself.
   */
  push(item: T, priority: Priority): T | undefined;
  /** Takes the first out. */
  shift(): T | undefined;
  /** @returns whether it was still there. */
  remove(item: T): boolean;
  /** Takes everything out, in order. */
  drain(): T[];
  readonly length: number;
};

export function createQueue<T>(limit: number): BoundedQueue<T> {
  const entries: { item: T; rank: number }[] = [];
  return {
    push(item, priority) {
      const rank = order.indexOf(priority);
      const at = entries.findIndex((entry) => entry.rank > rank);
      entries.splice(at < 0 ? entries.length : at, 0, { item, rank });
      return entries.length > limit ? entries.pop()?.item : undefined;
    },
    shift: () => entries.shift()?.item,
    remove(item) {
      const at = entries.findIndex((entry) => entry.item === item);
      if (at >= 0) entries.splice(at, 1);
      return at >= 0;
    },
    drain: () => entries.splice(0).map(({ item }) => item),
    get length() {
      return entries.length;
    },
  };
}
