/** What a benchmark of the recogniser prints. */

export type Cell = string | number;
export type Table = { title: string; columns: string[]; rows: Cell[][]; notes: string[] };

export function printed({ title, columns, rows, notes }: Table): string {
  const line = (cells: readonly Cell[]) => `| ${cells.join(" | ")} |`;
  return [
    `### ${title}`,
    line(columns),
    line(columns.map(() => "---")),
    ...rows.map(line),
    ...notes.map((note) => `* ${note}`),
  ].join("\n");
}

/** Where a run has got to; results go to stdout. */
export const progress = (text: string): void => void process.stderr.write(`${text}\n`);

/** Of this process, user and system, ms: what a busy machine does not stretch. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export const mega = (bytes: number): string => (bytes / 1e6).toFixed(0);
