/** A calendar program's way to a diary: link by command, over TLS, taken away by command. */
import { expect, test } from "bun:test";
import ICAL from "ical.js";
import type { FeedRow, NewFeed } from "../../src/control/ports.ts";
import { makeFolders, removeFolders, runCli, startAppliance } from "./appliance.ts";

test("gatehouse feeds", async () => {
  const folders = makeFolders();
  const appliance = await startAppliance({ folders, set: ['lines=[{number="*",kind="echo"}]'] });
  try {
    const feeds = (...args: string[]) => runCli(["feeds", ...args, "--data", folders.data]);
    expect((await feeds("list")).out.trim()).toBe("No feeds yet.");
    const made = JSON.parse((await feeds("create", "beth", "--for", "telephone", "--json")).out) as NewFeed;
    // Bun's fetch trusts no certificate that it does not know; the page's own is compared elsewhere.
    const read = async () => await fetch(made.url, { tls: { rejectUnauthorized: false } });
    const response = await read();
    expect(response.status).toBe(200);
    const calendar = new ICAL.Component(ICAL.parse(await response.text()));
    expect(calendar.getFirstPropertyValue("x-wr-calname")).toBe("Beth Shaw (Harbour and Vale)");
    const rows = JSON.parse((await feeds("list", "--json")).out) as FeedRow[];
    expect(rows).toEqual([
      expect.objectContaining({ id: made.id, label: "telephone", lastReadAt: expect.any(String) }),
    ]);
    expect((await feeds("revoke", made.id)).code).toBe(0);
    expect((await read()).status).toBe(404);
    const wrong = await feeds("create", "nobody");
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("beth (Beth Shaw)")]);
    const token = new URL(made.url).pathname.slice("/feeds/".length, -".ics".length);
    expect(appliance.log.filter((line) => line.includes(token))).toEqual([]);
  } finally {
    await appliance.stop();
    removeFolders(folders);
  }
}, 60_000);
