// needs: sipp kamailio
/** Kamailio as the PBX's edge: calls and requests within them through a record-routing proxy, and people instead. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { type Appliance, removeFolders, runCli, startAppliance, until } from "./appliance.ts";

const peers = join(import.meta.dir, "../peers");
const folder = mkdtempSync(join(tmpdir(), "gatehouse-kamailio-"));
let appliance: Appliance;
let kamailio: Bun.Subprocess;
let edge: { host: string; port: number };
let peoplePort: number;

beforeAll(async () => {
  appliance = await startAppliance({
    set: ['lines=[{number="*",kind="echo"}]', "media.inactivitySeconds=600", "sip.maxCalls=1"],
  });
  const host = "127.0.0.1";
  edge = { host, port: await freePort() };
  peoplePort = await freePort();
  const defines = [
    `LISTEN=udp:${host}:${edge.port}`,
    `GATEHOUSE="sip:${host}:${appliance.sip.port}"`,
    `PEOPLE="sip:${host}:${peoplePort}"`,
  ].flatMap((define) => ["-A", define]);
  const files = ["-P", join(folder, "kam.pid"), "-Y", folder, "-w", folder];
  kamailio = Bun.spawn(["kamailio", "-f", join(peers, "kamailio/trunk.cfg"), "-DD", "-E", ...files, ...defines], {
    stdout: "ignore",
    stderr: "ignore",
  });
  await until("kamailio answers", () => answers(edge));
}, 40_000);

afterAll(async () => {
  kamailio.kill("SIGTERM");
  await kamailio.exited;
  await appliance.stop();
  removeFolders(appliance.folders);
  rmSync(folder, { recursive: true, force: true });
});

/** A UDP port that was free a moment ago. */
async function freePort(): Promise<number> {
  const socket = await Bun.udpSocket({ hostname: "127.0.0.1" });
  const { port } = socket;
  socket.close();
  return port;
}

async function answers({ host, port }: { host: string; port: number }): Promise<boolean> {
  const heard = Promise.withResolvers<boolean>();
  const socket = await Bun.udpSocket({
    hostname: host,
    socket: { data: () => heard.resolve(true), error: () => heard.resolve(false) },
  });
  const probe = [
    `OPTIONS sip:${host}:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${host}:${socket.port};branch=z9hG4bKprobe;rport`,
    "Max-Forwards: 70",
    `From: <sip:probe@${host}>;tag=1`,
    `To: <sip:${host}>`,
    `Call-ID: probe-${socket.port}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  socket.send(probe, port, host);
  setTimeout(() => heard.resolve(false), 300);
  const answered = await heard.promise;
  socket.close();
  return answered;
}

/** Exit status: 0 if the call went as written. */
async function sipp(scenario: string, timeoutSeconds: number): Promise<number> {
  const target = ["-sf", join(peers, `sipp/${scenario}.xml`), `${edge.host}:${edge.port}`, "-s", "100"];
  const options = ["-i", edge.host, "-mi", edge.host, "-m", "1", "-nostdin", "-d", "500"];
  const bound = ["-timeout", `${timeoutSeconds}s`, "-timeout_error"];
  return await Bun.spawn(["sipp", ...target, ...options, ...bound], { cwd: folder, stdout: "ignore", stderr: "ignore" })
    .exited;
}

/** Somebody at a desk who answers one call and hears it end. */
function people(): Bun.Subprocess {
  const at = [
    "-sf",
    join(peers, "sipp/people.xml"),
    "-i",
    edge.host,
    "-mi",
    edge.host,
    "-p",
    String(peoplePort),
    "-m",
    "1",
    "-nostdin",
    "-timeout",
    "20s",
  ];
  return Bun.spawn(["sipp", ...at], { cwd: folder, stdout: "ignore", stderr: "ignore" });
}

test("Hold, resume, INFO and UPDATE come and go through the proxy", async () => {
  expect(await sipp("hold-info", 15)).toBe(0);
}, 20_000);

test("Our refreshes go the way of the record routes: by re-INVITE, with its ACK, at 45 s", async () => {
  expect(await sipp("session-refreshed-by-invite", 60)).toBe(0);
}, 70_000);

test("Drained: people answer, and calls come back afterwards", async () => {
  const { data } = appliance.folders;
  expect((await runCli(["drain", "--data", data])).code).toBe(0);
  const desk = people();
  await Bun.sleep(1_000); // it binds its port
  expect(await sipp("short-call", 15)).toBe(0);
  expect(await desk.exited).toBe(0);
  expect((await runCli(["drain", "off", "--data", data])).code).toBe(0);
  expect(await sipp("short-call", 15)).toBe(0);
  await until("no call left", async () => (await appliance.cli<Status>("status")).sip.dialogs === 0);
}, 40_000);
