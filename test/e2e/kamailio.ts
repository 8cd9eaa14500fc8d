/** Kamailio as the office's PBX: registrar for 1000 to 1099 (password "pw-" and the number), and a proxy in the route. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./appliance.ts";

const written = join(import.meta.dir, "../peers/kamailio/kamailio.cfg");

export type Kamailio = {
  readonly port: number;
  /** SIPp's port: who calls from it needs no password. */
  readonly callerPort: number;
  start(): Promise<void>;
  /** As a power cut would: nothing is said to anybody. */
  kill(): Promise<void>;
  remove(): Promise<void>;
};

export async function prepareKamailio(algorithm: "MD5" | "SHA-256"): Promise<Kamailio> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-kamailio-"));
  const [port, callerPort] = [await freePort(), await freePort()];
  const config = join(folder, "kamailio.cfg");
  const text = readFileSync(written, "utf8")
    .replaceAll("127.0.0.1:5060", `127.0.0.1:${port}`)
    .replace("#!define TRUNKPORT 5070", `#!define TRUNKPORT ${callerPort}`)
    .replace('#!define ALGO "MD5"', `#!define ALGO "${algorithm}"`);
  writeFileSync(config, text);
  let child: ReturnType<typeof spawn> | undefined;

  function spawn() {
    const options = ["-f", config, "-DD", "-E", "-P", join(folder, "kam.pid"), "-Y", folder, "-w", folder];
    return Bun.spawn(["kamailio", ...options], {
      cwd: folder,
      stdout: "ignore",
      stderr: Bun.file(join(folder, "log")),
    });
  }

  async function kill(): Promise<void> {
    if (child === undefined) return;
    // Its workers are children of their own: they notice that the first of them has gone, but only after a while.
    const { stdout } = Bun.spawnSync(["ps", "-o", "pid=", "--ppid", String(child.pid)]);
    for (const pid of [child.pid, ...stdout.toString().split("\n").map(Number)]) if (pid > 1) endProcess(pid);
    await child.exited;
    child = undefined;
  }

  return {
    port,
    callerPort,
    async start() {
      const running = spawn();
      child = running;
      await until("Kamailio answers", async () => {
        if (running.exitCode !== null) throw new Error(readFileSync(join(folder, "log"), "utf8").slice(-2_000));
        return await isOpen(port);
      });
    },
    kill,
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    return; // it has ended by itself
  }
}

async function isOpen(port: number): Promise<boolean> {
  return await Bun.connect({ hostname: "127.0.0.1", port, socket: { data: () => undefined } }).then(
    (socket) => {
      socket.end();
      return true;
    },
    () => false,
  );
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}
