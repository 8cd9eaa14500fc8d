/** What was opened is closed in reverse order, whatever of it fails. */
export interface Closing {
  /** Called in reverse order of being added. */
  add(name: string, close: () => void | Promise<void>): void;
  close(): Promise<void>;
}

export function createClosing(failed: (name: string, error: unknown) => void): Closing {
  const stack: { name: string; close: () => void | Promise<void> }[] = [];
  return {
    add: (name, close) => stack.push({ name, close }),
    async close() {
      for (let next = stack.pop(); next; next = stack.pop()) {
        try {
          await next.close();
        } catch (error) {
          failed(next.name, error);
        }
      }
    },
  };
}
