// needs: svmap
/** SIPVicious, as it comes: what a stranger learns of us is nothing, and what an allowed address learns tells no extension. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { freePort } from "./kamailio.ts";

// It keeps its sessions in the home folder.
const home = mkdtempSync(join(tmpdir(), "gatehouse-scanners-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function scan(appliance: Appliance, tool: "svmap" | "svwar" | "svcrack", ...args: string[]): Promise<string> {
  const at = ["-P", String(await freePort()), "-p", String(appliance.sip.port), "127.0.0.1"];
  const child = Bun.spawn(["timeout", "60", tool, ...args, ...at], {
    env: { ...process.env, HOME: home },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  return out + err;
}

/** First and second column of its table. */
const rows = (text: string) =>
  [...text.matchAll(/^\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].map(([, one, other]) => [one ?? "", other ?? ""]).slice(1);

const range = ["--force", "-e100-105"];

test("A stranger finds nothing, and gets no answer at all", async () => {
  // The tools call from 127.0.0.1 whatever they are told, so that is the stranger's.
  const appliance = await startAppliance({ set: ['sip.peers=["127.0.0.9"]', 'lines=[{number="103",kind="echo"}]'] });
  try {
    const found = await Promise.all([
      scan(appliance, "svmap"),
      scan(appliance, "svmap", "-m", "INVITE"),
      scan(appliance, "svwar", ...range, "-m", "REGISTER"),
      scan(appliance, "svwar", ...range, "-m", "INVITE"),
      scan(appliance, "svcrack", "-u", "103", "-r", "1000-1003"),
    ]);
    for (const text of found) {
      expect(rows(text)).toEqual([]);
      expect(text).toMatch(/found nothing|no server response/i);
    }
    const { sip } = await appliance.cli<Status>("status");
    expect(sip.rejected).toMatchObject([{ address: "127.0.0.1", reason: "not-a-peer" }]);
    expect(sip.dropped["not-a-peer"]).toBeGreaterThanOrEqual(found.length); // each gives up after its first try
    expect(Object.keys(sip.dropped)).toEqual(["not-a-peer"]);
    expect(sip).toMatchObject({ transactions: 0, dialogs: 0 });
  } finally {
    await appliance.kill();
    removeFolders(appliance.folders);
  }
}, 120_000);

test("From an allowed address: no product, no password, and OPTIONS and REGISTER the same for numbers that exist and that do not", async () => {
  const appliance = await startAppliance({ set: ['lines=[{number="103",kind="echo"}]', "calls.drainSeconds=0"] });
  try {
    const maps = ["OPTIONS", "REGISTER", "INVITE"].map(async (method) => {
      const found = rows(await scan(appliance, "svmap", "-m", method));
      expect(found).toEqual([[`127.0.0.1:${appliance.sip.port}`, "unknown"]]);
    });
    const wars = ["OPTIONS", "REGISTER"].map(async (method) => {
      const text = await scan(appliance, "svwar", ...range, "-m", method);
      expect(rows(text)).toEqual([]);
      expect(text).toContain("found nothing");
    });
    const crack = scan(appliance, "svcrack", "-u", "103", "-r", "1000-1003");
    await Promise.all([...maps, ...wars]);
    expect(await crack).toContain("found nothing");
  } finally {
    await appliance.kill();
    removeFolders(appliance.folders);
  }
}, 120_000);

test("Where every number is a line, as it is unless told otherwise, calls tell none apart either", async () => {
  const lines = 'lines=[{number="103",kind="echo"},{number="*",kind="echo"}]';
  const appliance = await startAppliance({ set: [lines, "calls.drainSeconds=0"] });
  try {
    const found = rows(await scan(appliance, "svwar", ...range, "-m", "INVITE"));
    // The tool begins with a number that it made up: that has the same answer.
    expect(found.map(([number]) => number)).toEqual(expect.arrayContaining(["100", "101", "102", "103", "104", "105"]));
    expect(found.length).toBeGreaterThan(6);
    expect(new Set(found.map(([, answer]) => answer)).size).toBe(1);
  } finally {
    await appliance.kill();
    removeFolders(appliance.folders);
  }
}, 120_000);
