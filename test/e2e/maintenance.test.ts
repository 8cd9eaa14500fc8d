/** What agency IT does while the appliance runs: drains it, looks at its SIP messages, reads its log. */
import { expect, test } from "bun:test";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { dial } from "../caller/phone.ts";
import { removeFolders, runCli, startAppliance, until } from "./appliance.ts";

const caller = "07700900461";

test("drain, trace and the line of each ended call", async () => {
  const appliance = await startAppliance({ set: ['lines=[{number="*",kind="echo"}]'] });
  const { data } = appliance.folders;
  const gatehouse = async (...args: string[]) => (await runCli([...args, "--data", data])).out.trim();
  try {
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
