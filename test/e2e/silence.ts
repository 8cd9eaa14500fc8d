/** How long neither side of a call was heard, from what a telephone sent and received. */

import { isLoud } from "../caller/loudness.ts";

/** `both` is given each frame of either side with its time; a side that sends nothing at all is as silent as one that sends silence. */
export function createSilenceWatch() {
  let lastMs: number | undefined;
  let longest = 0;
  return {
    both(frame: Int16Array, atMs: number): void {
      if (lastMs !== undefined) longest = Math.max(longest, atMs - lastMs);
      if (lastMs === undefined || isLoud(frame)) lastMs = atMs;
    },
    longestMs: () => longest,
  };
}
