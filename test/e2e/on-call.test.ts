/**
 * A caller smells gas, and somebody on call must know: the executable rings the telephones of those who are, in order,
 * through refusals, a voicemail and a crash, until one of them presses 1.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OnCallRow, Status } from "../../src/control/ports.ts";
import { createMouth } from "../caller/voice.ts";
import { type Appliance, makeFolders, removeFolders, startAppliance, until } from "./appliance.ts";
import { speechFrom } from "./line-sound.ts";
import { callIn, type Leg, openPbx, type Pbx } from "./office-pbx.ts";
import { withRecords } from "./opened.ts";

const folders = makeFolders();
const everyDay = Object.fromEntries(
  ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, ["00:00", "23:59"]]),
);
const staff = (id: string, extension: string, onCall: boolean) => ({ id, name: id, extension, onCall });
/** Dora may be called and is not on call; Eve is on call and may not be called. */
const people = [
  staff("Anna", "301", true),
  staff("Dora", "304", false),
  staff("Ben", "302", true),
  staff("Eve", "305", true),
  staff("Cleo", "303", true),
];
let appliance: Appliance;
let pbx: Pbx;

async function start(): Promise<void> {
  const transfer = `sip.transfer={extensions=["301","302","303","304"],pbx="udp:127.0.0.1:${pbx.port}"}`;
  const seed = join(folders.root, "agency.json");
  appliance = await startAppliance({ folders, set: [`agency.seed=${seed}`, transfer, "calls.drainSeconds=0"] });
}

/** What is said to him has been said, and the line has been quiet for 700 ms since. */
async function isTold({ sound }: Pick<Leg, "sound">): Promise<void> {
  await until(
    "what is said first",
    () => speechFrom(sound.heard) !== undefined && speechFrom(sound.heard.slice(-35)) === undefined,
    20_000,
  );
}

const list = () => appliance.cli<OnCallRow[]>("on-call", "list");
const status = () => appliance.cli<Status>("status");

beforeAll(async () => {
  pbx = await openPbx();
  const seed = { branches: [{ id: "office", name: "Office", hours: everyDay }], staff: people };
  writeFileSync(join(folders.root, "agency.json"), JSON.stringify(seed));
  await start();
}, 60_000);

afterAll(async () => {
  await appliance.kill();
  pbx.close();
  removeFolders(folders);
});

test("the caller is told to leave at once; the first on call refuses, the second's voicemail is silent, the third rings", async () => {
  const say = await createMouth("gmw/en");
  const first = pbx.nextLeg(40_000);
  const caller = await callIn(appliance.sip.port, { onRefer: "refuse" });
  await isTold(caller);
  for (const line of ["There is a gas leak in the kitchen.", "I can smell gas."]) caller.sound.say(say(line));

  const anna = await first;
  expect(anna.extension).toBe("301");
  expect(caller.hungUp.isTold).toBe(false); // the alert goes beside the words to the caller
  const second = pbx.nextLeg(10_000);
  anna.refuse("486 Busy Here");

  const ben = await second;
  expect(ben.extension).toBe("302");
  const third = pbx.nextLeg(60_000);
  ben.answer();
  await isTold(ben);
  const silent = performance.now();
  expect((await ben.hungUp.within(40_000)) - silent).toBeGreaterThan(5_000);
  expect((await third).extension).toBe("303");
  const [alert] = await list();
  expect(alert).toMatchObject({ emergency: "gas", tries: 2 });
  expect(alert?.acknowledgedAt).toBeUndefined();
  caller.hangUp();
  caller.close();
}, 90_000);

test("after a crash it rings again from the first, who presses 1: taken, and nobody else is rung", async () => {
  await appliance.kill();
  const again = pbx.nextLeg(30_000);
  await start();
  const anna = await again;
  expect(anna.extension).toBe("301");
  const open = await status();
  expect(open.onCall).toEqual({ open: 1 });
  expect(open.alarms.map(({ kind }) => kind)).toContain("on-call");
  anna.answer();
  anna.sound.press("1"); // nobody has said yet what for
  await isTold(anna);
  expect((await status()).onCall).toEqual({ open: 1 });
  anna.sound.press("1");
  await anna.hungUp.within(20_000);

  expect((await status()).onCall).toEqual({ open: 0 });
  expect(await list()).toMatchObject([{ emergency: "gas", acknowledgedBy: "extension 301" }]);
  expect(pbx.unexpected).toEqual([]);
}, 60_000);

test("what is taken cannot be taken again; each ring and each look is in the audit log, and no word of the caller", async () => {
  const [alert] = await list();
  await expect(appliance.cli("on-call", "acknowledge", alert?.id ?? "")).rejects.toThrow("taken it already");
  await expect(appliance.cli("on-call", "acknowledge", "nothing")).rejects.toThrow("no emergency");
  expect(appliance.log.join("\n")).not.toMatch(/smell/i);
  await appliance.stop();
  withRecords(folders, (records) => {
    const rows = records.store.db
      .prepare<[], { action: string; subjects: string }>(
        "SELECT action, subjects FROM audit WHERE action LIKE 'on-call.%' AND action <> 'on-call.list' ORDER BY id",
      )
      .all();
    expect(rows.map(({ action }) => action)).toEqual([
      "on-call.raise",
      "on-call.try",
      "on-call.try",
      "on-call.acknowledge",
    ]);
    expect(rows.map(({ subjects }) => JSON.parse(subjects).result).filter(Boolean)).toEqual([
      "unanswered",
      "not-accepted",
    ]);
    expect(records.verifyAudit().intact).toBe(true);
  });
}, 30_000);
