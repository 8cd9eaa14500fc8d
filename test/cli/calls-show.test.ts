/** `gatehouse calls show` over the control socket of a real store. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { controlPath } from "../../src/control/client.ts";
import { controlApp, startControl } from "../../src/control/server.ts";
import { createControlReaders } from "../../src/store/control-readers.ts";
import { makeOffice, now } from "../store/opened.ts";
import { addCall } from "../web/harness.ts";

let office: ReturnType<typeof makeOffice>;
let control: { close(): Promise<void> };
const noted = { task: null, slots: {}, answered: [], unanswered: ["lease"], misses: 2, holding: false };

beforeAll(async () => {
  office = makeOffice();
  const turns = [{ said: "Hello." }, { heard: "how long is the lease?", said: "The team can tell you.", noted }];
  addCall(office, { id: "c1", at: now, number: "+447700900123", outcome: "nothing", turns });
  const never = () => {
    throw new Error("not asked for here");
  };
  const app = controlApp({
    status: never,
    onCall: { list: never, acknowledge: never },
    maintenance: { drain: never, trace: never, traced: never },
    readers: createControlReaders(office.records.readers),
    live: { snapshot: () => [], subscribe: () => () => undefined },
    signInLink: never,
    importListings: never,
    feeds: { list: never, create: never, revoke: never },
    failed: never,
  });
  control = await startControl(controlPath(office.folders.dataDir), app);
});
afterAll(async () => {
  await control.close();
  office.close();
});

async function show(...more: string[]): Promise<string> {
  const program = join(import.meta.dir, "../../src/gatehouse.ts");
  const command = [process.execPath, program, "calls", "show", "c1", "--data", office.folders.dataDir, ...more];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  const text = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  return text;
}

test("prints what was made of a call, before its words", async () => {
  const lines = (await show()).split("\n");
  expect(lines.slice(1)).toEqual([
    "  Nothing was arranged. Asked about the lease (not answered).",
    "  quality    84 of 100",
    "             −16  The caller was not understood twice",
    "  task       Answer what we could not: the lease.   (open, due 2026-11-24 11:06)",
    "  gatehouse  Hello.",
    "  caller     how long is the lease?",
    "  gatehouse  The team can tell you.",
    "",
  ]);
});

test("and whole, for scripts", async () => {
  expect(JSON.parse(await show("--json"))).toMatchObject({
    id: "c1",
    outcome: "nothing",
    after: { score: 84, reasons: [{ points: 16 }], unanswered: ["Lease"] },
    tasks: [{ kind: "question", status: "open", callerNumber: "+447700900123" }],
  });
});
