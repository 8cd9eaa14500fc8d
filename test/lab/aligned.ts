/** Words heard laid against words said: the cheapest way from one to the other. Pure. */

/** Numbers stay as they are written. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z\d']+(?:[-&][a-z\d']+)*/g) ?? [];

/**
 * Each word said with what stands in its place; "" where nothing does. A word too many goes to the one before it:
 * "nine Foundry" heard as "nine from dry" gives [nine, nine], [foundry, "from dry"].
 */
export function aligned(said: readonly string[], heard: readonly string[]): [said: string, heard: string][] {
  const costs: number[][] = [];
  for (let i = 0; i <= said.length; i++) {
    const row: number[] = [];
    for (let j = 0; j <= heard.length; j++) {
      const same = said[i - 1] === heard[j - 1];
      row.push(
        i === 0 || j === 0
          ? i + j
          : Math.min(
              (costs[i - 1]?.[j - 1] ?? 0) + (same ? 0 : 1),
              (costs[i - 1]?.[j] ?? 0) + 1,
              (row[j - 1] ?? 0) + 1,
            ),
      );
    }
    costs.push(row);
  }
  const pairs: [string, string][] = [];
  let [i, j] = [said.length, heard.length];
  let extra: string[] = [];
  while (i > 0 || j > 0) {
    const here = costs[i]?.[j] ?? 0;
    const same = i > 0 && j > 0 && said[i - 1] === heard[j - 1];
    if (i > 0 && j > 0 && (costs[i - 1]?.[j - 1] ?? 0) + (same ? 0 : 1) === here) {
      pairs.unshift([said[--i] ?? "", [heard[--j] ?? "", ...extra].join(" ")]);
      extra = [];
    } else if (i > 0 && (costs[i - 1]?.[j] ?? 0) + 1 === here) {
      pairs.unshift([said[--i] ?? "", extra.join(" ")]);
      extra = [];
    } else extra.unshift(heard[--j] ?? "");
  }
  return pairs;
}
