import { join } from "node:path";

/** The Workers of the program. Each is an entry point of the build of its own. */
export type WorkerName = "media";

/** What to give `new Worker(…)`, from source and in the executable. */
export function workerUrl(name: WorkerName): string {
  return workers[name]();
}

const workers: Record<WorkerName, () => string> = {
  media: () =>
    Bun.isStandaloneExecutable ? "/$bunfs/root/media/worker.js" : new URL("../media/worker.ts", import.meta.url).href,
};

/** The command line that runs this same program with other arguments, such as `speech`. */
export function selfCommand(args: readonly string[]): string[] {
  if (Bun.isStandaloneExecutable) return [process.execPath, ...args];
  return [process.execPath, join(import.meta.dir, "../gatehouse.ts"), ...args];
}
