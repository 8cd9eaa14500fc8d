/** What agency IT does while the appliance runs: drains it, looks at its SIP messages, reads its log. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CallSignalling } from "../../src/web/api/shapes.ts";
import { dial } from "../caller/phone.ts";
import { type Appliance, removeFolders, runCli, startAppliance, until } from "./appliance.ts";

const caller = "07700900461";

test("drain, trace and the line of each ended call", async () => {
  const appliance = await startAppliance({ set: ['lines=[{number="*",kind="echo"}]'] });
  const { data } = appliance.folders;
  const gatehouse = async (...args: string[]) => (await runCli([...args, "--data", data])).out.trim();
  try {
    const said = appliance.log.map((line) => (JSON.parse(line) as { message: string }).message);
    const doors = said.findIndex((message) => message.startsWith("the web pages are open"));
    expect([doors >= 0, doors < said.indexOf("speech child ready")]).toEqual([true, true]); // people first, callers last
    expect(await gatehouse("sip", "trace", "show")).toBe("The trace is off: gatehouse sip trace on");
    expect(await gatehouse("sip", "trace", "on")).toBe("SIP messages are kept from now on, redacted.");
    const running = await call(appliance.sip);
    expect(await running.answered).toBe("answered");

    expect(await gatehouse("drain")).toBe("New calls go to people. Calls still running: 1.");
    const refused = await call(appliance.sip);
    expect(await refused.answered).toBe("ended with 503");
    refused.close();
    expect(await gatehouse("status")).toContain(", draining");
    const waiting = gatehouse("drain", "on", "--wait");
    running.hangUp();
    expect(await waiting).toBe("New calls go to people. Calls still running: 0.");
    running.close();
    expect(await gatehouse("drain", "off")).toBe("Calls are taken.");
    const again = await call(appliance.sip);
    expect(await again.answered).toBe("answered");
    again.hangUp();
    await until("two calls in the log", () => ended(appliance.log).length === 2);
    again.close();

    expect(ended(appliance.log)).toMatchObject([
      { level: "info", peer: "127.0.0.1", reason: "caller-hung-up", acknowledged: true },
      { level: "info", peer: "127.0.0.1", reason: "caller-hung-up", acknowledged: true },
    ]);
    const shown = await gatehouse("sip", "trace", "show");
    for (const sign of ["<-- 127.0.0.1:", "INVITE sip:***@127.0.0.1:", "SIP/2.0 503", "BYE", "m=audio"]) {
      expect(shown).toContain(sign);
    }
    const everything = [shown, ...appliance.log, ...filesBelow(appliance.folders.root)];
    expect(everything.filter((text) => text.includes(caller))).toEqual([]);
    // Nothing of the trace is on the disk, masked or not.
    expect(filesBelow(appliance.folders.root).filter((text) => text.includes("INVITE sip:***"))).toEqual([]);
    expect(await gatehouse("sip", "trace", "off")).toBe("No SIP messages are kept.");
    expect(await gatehouse("sip", "trace", "show")).toContain("off");
  } finally {
    await appliance.stop();
    removeFolders(appliance.folders);
  }
}, 60_000);

test("the signalling of a call, message by message, names nobody", async () => {
  const appliance = await startAppliance();
  try {
    const { answered, hangUp, close } = await call(appliance.sip);
    expect(await answered).toBe("answered");
    await Bun.sleep(1_000); // of sound, to have figures of
    hangUp();
    await until("the call to have ended", async () => (await lastCall(appliance))?.endedAt != null);
    close();
    const { id = "" } = (await lastCall(appliance)) ?? {};
    const read = async () => await appliance.cli<CallSignalling>("calls", "show", id, "--ladder");
    await until("its signalling to be kept", async () => (await read()).ladder !== null);
    const { ladder, quality } = await read();

    const way = ladder?.steps.map(({ from, what, cseq }) => `${from}: ${what} (${cseq})`);
    expect(way).toEqual([
      "pbx: INVITE (1 INVITE)",
      "us: 100 Trying (1 INVITE)",
      "us: 200 OK (1 INVITE)",
      "pbx: ACK (1 ACK)",
      "pbx: BYE (2 BYE)",
      "us: 200 OK (2 BYE)",
    ]);
    expect(ladder?.steps[2]?.sdp).toMatchObject({ codecs: ["PCMA"], direction: "sendrecv" });
    expect(ladder?.end).toBe("caller-hung-up");
    expect(quality.map(({ name }) => name)).toContain("Lost on the way to us");
    const kept = JSON.stringify({ ladder, quality });
    expect([caller.slice(-9), "127.0.0.1"].filter((text) => kept.includes(text))).toEqual([]);
    const { out } = await runCli(["calls", "show", id, "--ladder", "--data", appliance.folders.data]);
    expect(out).toMatch(/PBX ──> us +INVITE +1 INVITE +udp/);
    expect(out).toContain("ended: caller-hung-up");
  } finally {
    await appliance.stop();
    removeFolders(appliance.folders);
  }
}, 60_000);

async function lastCall(appliance: Appliance) {
  const [row] = await appliance.cli<{ id: string; endedAt: string | null }[]>("calls", "list");
  return row;
}

const ended = (log: readonly string[]) =>
  log
    .map((line) => JSON.parse(line) as { message: string })
    .filter(({ message }) => message === "SIP: a call has ended");

async function call(target: { host: string; port: number }) {
  const outcome = Promise.withResolvers<string>();
  const phone = await dial(
    { ...target, number: "100", from: caller },
    {
      answered: () => outcome.resolve("answered"),
      heard: () => undefined,
      ended: (_by, status) => outcome.resolve(`ended with ${status}`),
    },
  );
  return { answered: outcome.promise, hangUp: phone.hangUp, close: phone.close };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, "latin1"));
}
