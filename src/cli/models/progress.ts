import type { Progress } from "../../models/staging.ts";

const barWidth = 30;
const redrawMs = 100;
/** Where nobody watches, long work says now and then how far it is. */
const tellEveryMs = 10_000;

/** On standard error: a bar on a terminal, elsewhere a line from time to time. Short work leaves nothing behind. */
export function createProgress(): Progress {
  const { isTTY } = process.stderr;
  let [what, total, done] = ["", 0, 0];
  let toldAt = 0;
  const show = (text: string) => process.stderr.write(isTTY ? `\r${text}\u001b[K` : `${text}\n`);
  return {
    begin(name, bytes) {
      [what, total, done, toldAt] = [name, bytes, 0, performance.now()];
      if (isTTY) show(`${what} …`);
    },
    advance(bytes) {
      done += bytes;
      if (performance.now() - toldAt < (isTTY ? redrawMs : tellEveryMs)) return;
      toldAt = performance.now();
      show(isTTY ? bar(what, done, total) : `${what}: ${percent(done, total)}`);
    },
    end() {
      if (isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}

const share = (done: number, total: number) => (total === 0 ? 1 : Math.min(1, done / total));
const percent = (done: number, total: number) => `${Math.floor(100 * share(done, total))} %`;

function bar(what: string, done: number, total: number): string {
  const filled = Math.round(barWidth * share(done, total));
  const megabytes = `${Math.round(done / 1e6)} of ${Math.round(total / 1e6)} MB`;
  return `${what}  [${"#".repeat(filled)}${"-".repeat(barWidth - filled)}] ${percent(done, total)}  ${megabytes}`;
}
