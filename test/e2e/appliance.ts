/** The real executable on throw-away folders and free loopback ports, and its own command line to look into it. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const repository = join(import.meta.dir, "../..");
export const executable = join(repository, "dist/gatehouse");

export type Ready = { sip: string; web: string; fingerprint: string; speech: string };

export type ApplianceOptions = {
  /** `--set` assignments besides the free ports. */
  set?: readonly string[];
  /** Folders of an appliance that ran before. */
  folders?: Folders;
  /** What runs before the executable, e.g. a tracer. */
  prefix?: readonly string[];
  env?: Record<string, string>;
};

export type Folders = { root: string; data: string; key: string; temp: string };

/** Two separate folders of mode 0700, as the appliance wants them, and a temporary folder of its own. */
export function makeFolders(): Folders {
  const root = mkdtempSync(join(tmpdir(), "gatehouse-e2e-"));
  for (const name of ["data", "key", "tmp"]) mkdirSync(join(root, name), { mode: 0o700 });
  return { root, data: join(root, "data"), key: join(root, "key", "key"), temp: join(root, "tmp") };
}

export function removeFolders(folders: Folders): void {
  rmSync(folders.root, { recursive: true, force: true });
}

/** Starts it and waits until it is ready. @throws with its standard error if it ends instead. */
export async function startAppliance(options: ApplianceOptions = {}) {
  if (!existsSync(executable)) throw new Error("dist/gatehouse is missing: run scripts/build first");
  const folders = options.folders ?? makeFolders();
  const set = ["sip.port=0", "web.port=0", ...(options.set ?? [])].flatMap((assignment) => ["--set", assignment]);
  const child = Bun.spawn(
    [...(options.prefix ?? []), executable, "serve", "--json", "--data", folders.data, "--key", folders.key, ...set],
    {
      cwd: folders.root,
      env: { ...process.env, TMPDIR: folders.temp, ...options.env },
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  const log: string[] = [];
  const logged = collectLines(child.stderr, log);
  const first = await firstLine(child.stdout);
  if (first === undefined) {
    await logged;
    throw new Error(`gatehouse ended with ${await child.exited}: ${log.join("\n")}`);
  }
  const ready = JSON.parse(first) as Ready;
  const [host = "127.0.0.1", port = "0"] = ready.sip.split(":");

  return {
    ready,
    folders,
    child,
    /** Lines of its log so far. */
    log,
    sip: { host, port: Number(port) },
    cli: <T>(...args: string[]) => cli<T>(folders, ...args),
    /** SIGTERM, and the exit code. */
    async stop(): Promise<number> {
      child.kill("SIGTERM");
      return await child.exited;
    },
    async kill(): Promise<void> {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

export type Appliance = Awaited<ReturnType<typeof startAppliance>>;

/** One command against the running appliance; its JSON. @throws with its message if it fails. */
export async function cli<T>(folders: Folders, ...args: string[]): Promise<T> {
  const { code, out, err } = await runCli([...args, "--data", folders.data, "--json"]);
  if (code !== 0) throw new Error(`gatehouse ${args.join(" ")} ended with ${code}: ${err}`);
  return JSON.parse(out) as T;
}

export async function runCli(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const child = Bun.spawn([executable, ...args], { stdout: "pipe", stderr: "pipe", env: { ...process.env, ...env } });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const end = text.indexOf("\n");
    if (end >= 0) return text.slice(0, end);
  }
  return undefined;
}

async function collectLines(stream: ReadableStream<Uint8Array>, into: string[]): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    into.push(...lines);
  }
  if (rest !== "") into.push(rest);
}

/** Waits for real I/O: polls until `done` or the bound. @throws naming what did not come. */
export async function until(what: string, done: () => boolean | Promise<boolean>, boundMs = 10_000): Promise<void> {
  const deadline = performance.now() + boundMs;
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${boundMs} ms`);
    await Bun.sleep(50);
  }
}
