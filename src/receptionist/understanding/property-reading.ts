/** What the words for a property come to. */

export type PropertyReading =
  | { kind: "one"; id: string; certainty: number }
  /** Fits several: ask which. At least two. */
  | { kind: "several"; ids: string[] }
  /** An address, but none like it is listed. */
  | { kind: "unlisted"; heard: string };

export type PropertyAt = { reading: PropertyReading; from: number; to: number };
