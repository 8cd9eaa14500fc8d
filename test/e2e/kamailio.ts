/** Kamailio as the office's PBX: registrar for 1000 to 1099 (password "pw-" and the number), and a proxy in the route. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** @param trunkPort Ours, to which it sends numbers that begin with 2. */
export async function prepareKamailio(algorithm: "MD5" | "SHA-256", trunkPort?: number): Promise<Kamailio> {
  const trunk = `sip:127.0.0.1:${trunkPort ?? 5070}`;
  return await prepare(algorithm, (text) => text.replace("sip:127.0.0.1:5070", trunk));
}

/**
 * @param options `trunk`: our port to which it sends numbers that begin with 2, by TLS, and whether it shows its own
 *   certificate there and believes only in this one of ours.
 * @returns Beside the PBX its port for TLS, the PEM file of its authority, and the SHA-256 of its certificate.
 */
export async function prepareKamailioWithTls({
  algorithm = "SHA-256",
  trunk,
}: {
  algorithm?: "MD5" | "SHA-256";
  trunk?: { port: number; shows: boolean; believes?: string };
} = {}) {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-kamailio-tls-"));
  const tlsPort = await freePort();
  const certificate = makeCertificate(folder);
  if (trunk !== undefined) appendFileSync(certificate.settings, asClient(folder, trunk));
  const pbx = await prepare(algorithm, (text) =>
    text
      .replace("sip:127.0.0.1:5070", `sip:127.0.0.1:${trunk?.port ?? 5070};transport=tls`)
      .replaceAll("127.0.0.1:5061", `127.0.0.1:${tlsPort}`)
      .replace("#!KAMAILIO", "#!KAMAILIO\n#!define WITHTLS")
      .replace("TLSCFG", certificate.settings),
  );
  async function remove(): Promise<void> {
    await pbx.remove();
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...pbx, tlsPort, authority: certificate.authority, fingerprint: certificate.fingerprint, remove };
}

function asClient(folder: string, { shows, believes }: { shows: boolean; believes?: string }): string {
  const own = `private_key = ${join(folder, "pbx.key")}\ncertificate = ${join(folder, "pbx.pem")}\n`;
  const verify =
    believes === undefined ? "verify_certificate = no\n" : `verify_certificate = yes\nca_list = ${believes}\n`;
  return `[client:default]\nmethod = TLSv1.2+\n${verify}${shows ? own : ""}`;
}

async function prepare(algorithm: "MD5" | "SHA-256", adapt: (text: string) => string): Promise<Kamailio> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-kamailio-"));
  const [port, callerPort] = [await freePort(), await freePort()];
  const config = join(folder, "kamailio.cfg");
  const text = adapt(readFileSync(written, "utf8"))
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

/** An authority, and a certificate of its for pbx.test. */
function makeCertificate(folder: string) {
  const openssl = (...args: string[]) => {
    const { exitCode, stdout, stderr } = Bun.spawnSync(["openssl", ...args], { cwd: folder });
    if (exitCode !== 0) throw new Error(stderr.toString());
    return stdout.toString();
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test authority", "-days", "2");
  openssl("req", ...key, "-keyout", "pbx.key", "-out", "pbx.csr", "-subj", "/CN=pbx.test");
  writeFileSync(join(folder, "names"), "subjectAltName=DNS:pbx.test\n");
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names", "-days", "2"];
  openssl("x509", "-req", "-in", "pbx.csr", "-out", "pbx.pem", ...signing);
  const printed = openssl("x509", "-in", "pbx.pem", "-noout", "-fingerprint", "-sha256");
  const settings = join(folder, "tls.cfg");
  writeFileSync(
    settings,
    `[server:default]\nmethod = TLSv1.2+\nverify_certificate = no\nrequire_certificate = no\n` +
      `private_key = ${join(folder, "pbx.key")}\ncertificate = ${join(folder, "pbx.pem")}\n`,
  );
  return { settings, authority: join(folder, "ca.pem"), fingerprint: printed.slice(printed.indexOf("=") + 1).trim() };
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
