/** CPU time of a process's threads, as Linux counts it. */
import { readdirSync, readFileSync } from "node:fs";

export type CpuSeconds = { all: number; mainThread: number };

const ticksPerSecond = 100; // USER_HZ, the same on every Linux that Bun runs on

/** Since it started; threads that have ended are in `all`. */
export function cpuSeconds(pid: number): CpuSeconds {
  return { all: secondsIn(`/proc/${pid}/stat`), mainThread: secondsIn(`/proc/${pid}/task/${pid}/stat`) };
}

/** Each thread that lives, busiest first. */
export function threadSeconds(pid: number): { thread: string; seconds: number }[] {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => ({
      thread: `${readFileSync(`/proc/${pid}/task/${thread}/comm`, "utf8").trim()} ${thread}`,
      seconds: secondsIn(`/proc/${pid}/task/${thread}/stat`),
    }))
    .sort((a, b) => b.seconds - a.seconds);
}

/** Of all processors together since the machine started; `busy` holds what a host took away from it. */
export function machineSeconds(): { all: number; busy: number } {
  const [user = 0, nice = 0, system = 0, idle = 0, ioWait = 0, irq = 0, softIrq = 0, steal = 0] = (
    readFileSync("/proc/stat", "utf8").split("\n")[0] ?? ""
  )
    .split(/ +/)
    .slice(1)
    .map(Number);
  const busy = user + nice + system + irq + softIrq + steal;
  return { all: (busy + idle + ioWait) / ticksPerSecond, busy: busy / ticksPerSecond };
}

/** proc(5): utime and stime are the 14th and 15th field; the second one, the name, may hold spaces. */
function secondsIn(file: string): number {
  const fields = readFileSync(file, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
