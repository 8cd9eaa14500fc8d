/** How long the executable takes to be there, seen from outside: a page over TLS, and the line that says that it is called. */
import { type Folders, makeFolders, removeFolders, startAppliance } from "../e2e/appliance.ts";
import { percentile } from "./voice-to-voice.ts";

export type StartTimes = { webMs: number; firstCallMs: number };

const pollMs = 2;
const boundMs = 20_000;

/**
 * Milliseconds from the start of the process, native libraries and database being there already: the median of `starts`
 * further starts on one data folder.
 */
export async function startTimes(starts: number): Promise<StartTimes> {
  const folders = makeFolders();
  try {
    await oneStart(folders);
    const all: StartTimes[] = [];
    for (let i = 0; i < starts; i++) all.push(await oneStart(folders));
    const median = (of: (times: StartTimes) => number) => percentile(all.map(of), 50);
    return { webMs: median(({ webMs }) => webMs), firstCallMs: median(({ firstCallMs }) => firstCallMs) };
  } finally {
    removeFolders(folders);
  }
}

async function oneStart(folders: Folders): Promise<StartTimes> {
  const port = freePort();
  const startedAt = performance.now();
  const starting = startAppliance({ folders, set: [`web.port=${port}`] });
  const [webMs, appliance] = await Promise.all([untilPage(`https://127.0.0.1:${port}/`, startedAt), starting]);
  const firstCallMs = performance.now() - startedAt;
  await appliance.stop();
  return { webMs, firstCallMs };
}

async function untilPage(url: string, startedAt: number): Promise<number> {
  for (;;) {
    const tookMs = performance.now() - startedAt;
    if (tookMs > boundMs) throw new Error(`no page at ${url} within ${boundMs} ms`);
    try {
      const page = await fetch(url, { tls: { rejectUnauthorized: false } });
      if (page.ok) return performance.now() - startedAt;
    } catch {
      await Bun.sleep(pollMs); // nobody listens yet
    }
  }
}

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  const { port } = server;
  server.stop(true);
  return port ?? 0;
}

if (import.meta.main) {
  const { webMs, firstCallMs } = await startTimes(Number(process.argv[2] ?? 5));
  console.log(`start → web ${Math.round(webMs)} ms, → first call ${Math.round(firstCallMs)} ms`);
}
