import { readFileSync } from "node:fs";

/**
 * What a process has used of the processors so far, in clock ticks (10 ms; proc(5), `utime` and `stime`): one that works
 * uses them, one that is stopped or waits for ever does not. Undefined if there is no such process.
 */
export function cpuTicksOf(pid: number): number | undefined {
  try {
    const behindName = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return Number(behindName[11]) + Number(behindName[12]);
  } catch {
    return undefined;
  }
}
