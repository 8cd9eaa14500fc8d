/**
 * Who was turned away, for agency IT: the addresses that were turned away most, in bounded memory (the space-saving
 * algorithm of Metwally, Agrawal and El Abbadi, 2005).
 */
export type RejectedSource = {
  readonly address: string;
  /** Datagrams; too many by at most `atMostOver` where addresses came and went. */
  readonly count: number;
  readonly atMostOver: number;
  /** Why the last one was. */
  readonly reason: string;
};

export interface RejectedSources {
  note(address: string, reason: string): void;
  /** The first `most`, by count. */
  top(most: number): RejectedSource[];
}

const kept = 64;

type Entry = { address: string; count: number; atMostOver: number; reason: string };

export function createRejectedSources(): RejectedSources {
  const entries = new Map<string, Entry>();

  function least(): Entry | undefined {
    let found: Entry | undefined;
    for (const entry of entries.values()) if (found === undefined || entry.count < found.count) found = entry;
    return found;
  }

  return {
    note(address, reason) {
      const known = entries.get(address);
      if (known !== undefined) {
        known.count += 1;
        known.reason = reason;
        return;
      }
      // A newcomer takes the place of the rarest, and its count: whoever comes often cannot be pushed out by many others.
      const replaced = entries.size < kept ? undefined : least();
      if (replaced !== undefined) entries.delete(replaced.address);
      const before = replaced?.count ?? 0;
      entries.set(address, { address, count: before + 1, atMostOver: before, reason });
    },
    top: (most) =>
      [...entries.values()]
        .sort((a, b) => b.count - a.count)
        .slice(0, most)
        .map((entry) => ({ ...entry })),
  };
}
