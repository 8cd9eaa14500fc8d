/** What this machine carries: asked by the command, and held to by an appliance that is told to measure. */
import { expect, test } from "bun:test";
import type { Status } from "../../src/control/ports.ts";
import type { Load, Pace } from "../../src/ops/capacity/model.ts";
import { dial } from "../caller/phone.ts";
import { cli, makeFolders, removeFolders, runCli, startAppliance } from "./appliance.ts";

type Capacity = { carried: Load; goalMs: number; maxCalls: number; pace: Pace; table: Load[] };

test("gatehouse capacity measures the configured speech and says what to set", async () => {
  const folders = makeFolders();
  try {
    const two = ["--set", "speech.whisper.children=2", "--set", "sip.maxCalls=4"];
    const { carried, maxCalls, pace, table } = await cli<Capacity>(folders, "capacity", ...two);
    console.log(`capacity: ${JSON.stringify({ carried, pace })}`);
    expect(maxCalls).toBe(4);
    expect(pace).toMatchObject({ hearers: 2, speakers: 1 });
    expect(pace.hearMs).toBeGreaterThan(5);
    expect(pace.speakMs).toBeGreaterThan(0);
    expect(carried.calls).toBeGreaterThanOrEqual(1);
    expect(table.map(({ calls }) => calls)).toContain(4);
    const shown = await runCli(["capacity", "--data", folders.data, "--set", "sip.maxCalls=100"]);
    expect(shown.out).toMatch(/carries \d+ conversations at p95 ≤ 900 ms\. sip\.maxCalls = 100 is /);
  } finally {
    removeFolders(folders);
  }
}, 60_000);

test("where the limit is measured it holds for calls and is shown; with calls running nothing is measured", async () => {
  const appliance = await startAppliance({
    set: ['sip.callLimit="measured"', "sip.maxCalls=100", 'lines=[{number="*",kind="echo"}]'],
  });
  const { data } = appliance.folders;
  const phones = new Set<Awaited<ReturnType<typeof dial>>>();
  try {
    const { limit } = await appliance.cli<Status>("status");
    console.log(`limit: ${JSON.stringify(limit)}`);
    expect(limit.measured?.calls).toBeGreaterThanOrEqual(1);
    expect(limit.atMost).toBe(Math.min(100, limit.measured?.calls ?? 0));
    expect(limit.by).toBe(limit.atMost < 100 ? "measured" : "configured");

    const call = async () => {
      const over = Promise.withResolvers<number | undefined>();
      const phone = await dial(
        { ...appliance.sip, number: "echo", from: "test" },
        { answered: () => over.resolve(200), heard: () => undefined, ended: (_by, status) => over.resolve(status) },
      );
      phones.add(phone);
      return await over.promise;
    };
    for (let i = 0; i < limit.atMost; i++) expect(await call()).toBe(200);
    expect([await call(), await call()]).toEqual([486, 486]);
    expect((await appliance.cli<Status>("status")).limit.refused).toBe(2);
    const { code, err } = await runCli(["capacity", "--data", data]);
    expect([code === 0, err]).toEqual([false, expect.stringContaining("calls are running")]);
  } finally {
    for (const phone of phones) phone.hangUp();
    await appliance.stop();
    for (const phone of phones) phone.close();
    removeFolders(appliance.folders);
  }
}, 60_000);
