// needs: sipp
/** Strangers, and somebody who writes in the PBX's name, while the PBX's calls arrive and run. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { removeFolders, runCli, startAppliance, until } from "./appliance.ts";
import { startWitness } from "./witness.ts";

const seconds = 5;
const strangersPerSecond = 4_000;
const inPeersNamePerSecond = 1_000;
const tickMs = 10;

type Attacker = { send(text: string): void; close(): void };

async function attacker(from: string, target: { host: string; port: number }): Promise<Attacker> {
  const socket = await Bun.udpSocket({ hostname: from, socket: { data: () => undefined, error: () => undefined } });
  return { send: (text) => void socket.send(text, target.port, target.host), close: () => socket.close() };
}

let serial = 0;

function message(kind: "OPTIONS" | "INVITE" | "BYE" | "garbage", from: string, target: { host: string; port: number }) {
  serial += 1;
  if (kind === "garbage") return `${"\u0007garbage ".repeat(30)}${serial}`;
  return [
    `${kind} sip:100@${target.host}:${target.port} SIP/2.0`,
    `Via: SIP/2.0/UDP ${from}:5099;branch=z9hG4bKflood${serial};rport`,
    "Max-Forwards: 70",
    `From: <sip:flood@${from}>;tag=f${serial}`,
    `To: <sip:100@${target.host}>${kind === "BYE" ? ";tag=nobody" : ""}`,
    `Call-ID: flood-${serial}`,
    `CSeq: 1 ${kind}`,
    `Contact: <sip:flood@${from}:5099>`,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

test(`${strangersPerSecond}/s of strangers and ${inPeersNamePerSecond}/s in the PBX's name: every call is set up, none is disturbed`, async () => {
  const appliance = await startAppliance({
    set: [
      'lines=[{number="echo",kind="echo"},{number="*",kind="reception"}]',
      "sip.maxCalls=101",
      "sip.othersPerSecond=100",
    ],
  });
  const strangers = await Promise.all(
    ["127.0.0.2", "127.0.0.3", "127.0.0.4"].map((address) => attacker(address, appliance.sip)),
  );
  const inside = await attacker("127.0.0.1", appliance.sip);
  const stop = new AbortController();
  try {
    const witness = await startWitness(appliance, 8);
    const flooded = flood(strangers, inside, appliance.sip, stop.signal);
    const code = await sipp(appliance.sip);
    const sent = await flooded;
    expect(code).toBe(0); // 40 of 40 calls went as written
    await until("the witness has hummed to its end", () => !witness.humming());
    const { came, hummed } = witness.shares();
    witness.expectUndisturbed();
    await witness.hangUp();
    const { sip } = await appliance.cli<Status>("status");
    console.log(`flood: ${JSON.stringify({ ...sent, dropped: sip.dropped, came, hummed })}`);
    expect(sip.dropped["not-a-peer"]).toBeGreaterThan(0.9 * sent.strangers);
    expect(sip.dropped["limited-other"]).toBeGreaterThan(0);
    expect(sip.dropped["limited-invite"]).toBeUndefined();
    expect(sip.rejected.map(({ address }) => address).sort()).toEqual([
      "127.0.0.1",
      "127.0.0.2",
      "127.0.0.3",
      "127.0.0.4",
    ]);
    const shown = await runCli(["status", "--data", appliance.folders.data]);
    expect(shown.out).toMatch(/Refused 127\.0\.0\.2: \d+ datagrams, the last one as not-a-peer/);
    await until("no call left", async () => (await appliance.cli<Status>("status")).sip.dialogs === 0);
  } finally {
    stop.abort();
    for (const one of [...strangers, inside]) one.close();
    await appliance.stop();
    removeFolders(appliance.folders);
  }
}, 60_000);

/** Returns what was sent. */
async function flood(
  strangers: readonly Attacker[],
  inside: Attacker,
  target: { host: string; port: number },
  signal: AbortSignal,
): Promise<{ strangers: number; inPeersName: number }> {
  const sent = { strangers: 0, inPeersName: 0 };
  const from = performance.now();
  for (let elapsed = 0; elapsed < seconds * 1_000 && !signal.aborted; elapsed = performance.now() - from) {
    for (; sent.strangers < (strangersPerSecond * elapsed) / 1_000; sent.strangers += 1) {
      const kind = (["INVITE", "OPTIONS", "garbage"] as const)[sent.strangers % 3] ?? "garbage";
      strangers[sent.strangers % strangers.length]?.send(message(kind, "127.0.0.2", target));
    }
    for (; sent.inPeersName < (inPeersNamePerSecond * elapsed) / 1_000; sent.inPeersName += 1) {
      const kind = (["OPTIONS", "BYE", "garbage"] as const)[sent.inPeersName % 3] ?? "garbage";
      inside.send(message(kind, "127.0.0.1", target));
    }
    await Bun.sleep(tickMs);
  }
  return sent;
}

/** 40 calls at 10 calls/s with 4 s of sound each. */
async function sipp({ host, port }: { host: string; port: number }): Promise<number> {
  const target = ["-sf", "echo-call.xml", `${host}:${port}`, "-s", "echo", "-i", host, "-mi", host, "-nostdin"];
  const options = ["-m", "40", "-r", "10", "-l", "40", "-timeout", "40s", "-timeout_error"];
  const cwd = join(import.meta.dir, "../peers/sipp");
  return await Bun.spawn(["sipp", ...target, ...options], { cwd, stdout: "ignore", stderr: "ignore" }).exited;
}
