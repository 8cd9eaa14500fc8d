/** One file inside the executable. */
export type EmbeddedEntry = {
  /** Path in the executable's own file system. */
  location: string;
  /** Stored with zstd; `bytes` and `sha256` are those of the file before that. */
  packed: boolean;
  bytes: number;
  sha256: string;
};

/**
 * What the executable carries, by path. `undefined` when run from source.
 *
 * scripts/build puts a generated module in the place of this one; nothing else may differ between the two ways to run.
 */
export const embeddedTable: Readonly<Record<string, EmbeddedEntry>> | undefined = undefined as
  | Readonly<Record<string, EmbeddedEntry>>
  | undefined;
