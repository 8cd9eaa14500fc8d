/** Parts of one clause between the child that makes them and whoever takes them. It holds a clause at most. */

export type PartQueue = {
  push(part: Int16Array): void;
  /** No more come. */
  close(): void;
  /** In order, each as soon as it is there. For one consumer. */
  all(): AsyncGenerator<Int16Array>;
};

export function createPartQueue(): PartQueue {
  const parts: Int16Array[] = [];
  let isClosed = false;
  let wake: (() => void) | undefined;
  return {
    push(part) {
      parts.push(part);
      wake?.();
    },
    close() {
      isClosed = true;
      wake?.();
    },
    async *all() {
      for (;;) {
        const part = parts.shift();
        if (part !== undefined) yield part;
        else if (isClosed) return;
        else {
          const { promise, resolve } = Promise.withResolvers<void>();
          wake = resolve;
          await promise;
        }
      }
    },
  };
}
