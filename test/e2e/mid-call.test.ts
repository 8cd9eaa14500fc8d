/** What a caller lives through when something fails in mid-call, and what the office still has of it afterwards. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { isLoud } from "../caller/loudness.ts";
import type { Wish } from "../caller/persona.ts";
import { dial } from "../caller/phone.ts";
import { type Appliance, type Folders, makeFolders, removeFolders, startAppliance, until } from "./appliance.ts";
import {
  type BookedViewing,
  type CallRow,
  createDemoCaller,
  type DemoCaller,
  shownOf,
  type Watching,
  wished,
  wishes,
} from "./demo-caller.ts";
import { findSound } from "./needles.ts";
import { withRecords } from "./opened.ts";
import { createSilenceWatch } from "./silence.ts";
import { fillDisk, leftOutWhy, maysMount, mountSmallDisk, unmount } from "./small-disk.ts";

type CallDetail = CallRow & { turns: { heard: string; said: string }[] };

let caller: DemoCaller;
let folders: Folders;
const [first, second, third] = wishes();
/** What must be in the diary from here on, whatever happens. */
const booked: ReturnType<typeof wished>[] = [];
let running: Appliance | undefined;

beforeAll(async () => {
  caller = await createDemoCaller();
  folders = makeFolders();
}, 60_000);
afterEach(async () => await running?.kill());
afterAll(() => removeFolders(folders));

async function start(...args: Parameters<typeof startAppliance>): Promise<Appliance> {
  running = await startAppliance(...args);
  return running;
}

const viewings = async (appliance: Appliance) =>
  (await appliance.cli<BookedViewing[]>("viewings", "list")).map(shownOf).sort(byStart);
const byStart = (a: { start: string }, b: { start: string }) => (a.start < b.start ? -1 : 1);

async function lastCall(appliance: Appliance): Promise<CallDetail> {
  const [row] = await appliance.cli<CallRow[]>("calls", "list");
  return await appliance.cli<CallDetail>("calls", "show", row?.id ?? "");
}

async function pidOf(appliance: Appliance, kind: "whisper" | "voice"): Promise<number> {
  const child = (await appliance.cli<Status>("status")).speech.find((one) => one.kind === kind);
  if (!child?.pid) throw new Error(`no ${kind} child`);
  return child.pid;
}

/** Runs `then` once the caller has spoken and been silent for `silentMs`. */
function afterNextLine(silentMs: number, then: () => void): (frame: Int16Array) => void {
  let spoke = false;
  let silent = 0;
  let done = false;
  return (frame) => {
    if (done) return;
    if (isLoud(frame)) [spoke, silent] = [true, 0];
    else silent += 20;
    if (!spoke || silent < silentMs) return;
    done = true;
    then();
  };
}

async function callWatched(appliance: Appliance, wish: Wish, watching: Watching) {
  const watch = createSilenceWatch();
  const conversation = await caller.call(appliance, wish, {
    ...watching,
    sent(frame, atMs) {
      watch.both(frame, atMs);
      watching.sent?.(frame, atMs);
    },
    received(frame, atMs) {
      watch.both(frame, atMs);
      watching.received?.(frame, atMs);
    },
  });
  return { conversation, longestSilenceMs: watch.longestMs() };
}

/** A stopped process holds the job that it is given, so the kill surely hits one in flight. */
test("Whisper dies while the caller is being heard and the voice while it speaks: asked again, and booked", async () => {
  const appliance = await start({ folders });
  const [whisper, voice] = [await pidOf(appliance, "whisper"), await pidOf(appliance, "voice")];
  let sent: (frame: Int16Array) => void = () => undefined;
  const { conversation, longestSilenceMs } = await callWatched(appliance, first, {
    sent: (frame) => sent(frame),
    beforeLine(n, line) {
      if (n === 2) {
        process.kill(whisper, "SIGSTOP");
        sent = afterNextLine(400, () => process.kill(whisper, "SIGKILL"));
      }
      if (line.startsWith("My number")) {
        process.kill(voice, "SIGSTOP");
        sent = afterNextLine(2_000, () => process.kill(voice, "SIGKILL"));
      }
    },
  });
  expect(conversation).toMatchObject({ ended: "them" });
  booked.push(wished(first));
  expect(await viewings(appliance)).toEqual(booked);
  const { turns, outcome, recording } = await lastCall(appliance);
  expect([outcome, recording]).toEqual(["booked", "sealed"]);
  expect(turns.filter(({ said }) => said.startsWith("Sorry, could you say that again?"))).toHaveLength(1);
  const { speech } = await appliance.cli<Status>("status");
  expect(speech.map(({ ready, restarts }) => ({ ready, restarts }))).toEqual([
    { ready: true, restarts: 1 },
    { ready: true, restarts: 1 },
  ]);
  expect(speech.map(({ pid }) => pid)).not.toContain(whisper);
  console.log(`longest silence of both sides: ${Math.round(longestSilenceMs)} ms`);
  expect(longestSilenceMs).toBeLessThan(6_000);
  expect(await appliance.stop()).toBe(0);
}, 150_000);

test("SIGTERM in mid-call: it goes on to its booking, new calls are refused with 503, nothing is lost", async () => {
  const appliance = await start({ folders, set: ["calls.drainSeconds=120"] });
  let refused: Promise<number | undefined> | undefined;
  const { conversation } = await callWatched(appliance, second, {
    beforeLine(n) {
      if (n !== 2) return;
      appliance.child.kill("SIGTERM");
      refused = Bun.sleep(500).then(() => statusOfNewCall(appliance));
    },
  });
  expect(await refused).toBe(503);
  expect(conversation).toMatchObject({ ended: "them" });
  expect(await appliance.child.exited).toBe(0);
  booked.push(wished(second));
  withRecords(folders, (records) => {
    const [call] = records.calls.list({ limit: 1, before: undefined, outcome: undefined });
    expect(call).toMatchObject({ outcome: "booked", recording: "sealed", viewing: { start: wished(second).start } });
    const { sealed, caller: heard } = records.recordings.readRecording(call?.id ?? "");
    expect(sealed).toBe(true);
    expect(heard.length).toBeGreaterThan(8_000 * 20);
  });
}, 150_000);

test("kill -9 in mid-call: the call is ended as failed, earlier bookings are there, sound to the last second", async () => {
  const appliance = await start({ folders });
  const cut = new AbortController();
  const frames: { frame: Int16Array; atMs: number }[] = [];
  let saysNumber = false;
  let loud = 0;
  await callWatched(appliance, third, {
    signal: cut.signal,
    beforeLine(_, line) {
      saysNumber ||= line.startsWith("My number");
    },
    sent(frame, atMs) {
      if (!saysNumber || cut.signal.aborted) return;
      frames.push({ frame, atMs });
      if (isLoud(frame) && ++loud === 125) {
        appliance.child.kill("SIGKILL");
        cut.abort();
      }
    },
  });
  await appliance.child.exited;

  const again = await start({ folders });
  expect(again.log.join("\n")).toContain('"calls":1');
  const call = await lastCall(again);
  expect(call).toMatchObject({ outcome: "failed", recording: "open" });
  expect(call.endedAt).not.toBeNull();
  expect(call.turns.length).toBeGreaterThan(3);
  expect(await viewings(again)).toEqual([...booked].sort(byStart));
  expect(await again.stop()).toBe(0);

  const sound = withRecords(folders, (records) => records.recordings.readRecording(call.id).caller);
  const file = join(folders.root, "heard.pcm"); // an invented caller's
  writeFileSync(file, Buffer.from(sound.buffer, sound.byteOffset, sound.byteLength));
  const killedAtMs = frames.at(-1)?.atMs ?? 0;
  const before = (fromMs: number, untilMs: number) =>
    Int16Array.from(
      frames
        .filter(({ atMs }) => atMs >= killedAtMs - fromMs && atMs < killedAtMs - untilMs)
        .flatMap(({ frame }) => [...frame]),
    );
  const found = [1_000, 1_200, 1_400, 1_600].filter(
    (ms) => findSound([file], [before(ms, ms - 40).slice(0, 240)]).length,
  );
  console.log(`sound found up to ${Math.min(...found)} ms before the kill`);
  expect(Math.min(...found)).toBeLessThanOrEqual(1_400);
}, 120_000);

test("the drain's bound: the call is hung up, and the appliance ends well", async () => {
  const appliance = await start({ folders, set: ["calls.drainSeconds=2"] });
  let asked = 0;
  const { conversation } = await callWatched(appliance, third, {
    beforeLine(n) {
      if (n !== 1) return;
      asked = performance.now();
      appliance.child.kill("SIGTERM");
    },
  });
  expect(conversation).toMatchObject({ ended: "them", status: undefined });
  expect(await appliance.child.exited).toBe(0);
  const tookMs = performance.now() - asked;
  expect(tookMs).toBeGreaterThan(1_900);
  expect(tookMs).toBeLessThan(8_000);
  withRecords(folders, (records) => {
    const [call] = records.calls.list({ limit: 1, before: undefined, outcome: undefined });
    expect(call).toMatchObject({ outcome: "failed", endedBy: "gatehouse", recording: "sealed" });
  });
}, 60_000);

describe.skipIf(!maysMount)(`a full disk${leftOutWhy}`, () => {
  let small: Folders;
  beforeAll(() => {
    small = makeFolders();
    mountSmallDisk(small.data, 96);
  });
  afterAll(() => {
    unmount(small.data);
    removeFolders(small);
  });

  test("in mid-call: the caller is told, calls go to people meanwhile, and all is well when there is room", async () => {
    const appliance = await start({ folders: small });
    const filler = join(small.data, "filler");
    const cut = new AbortController();
    const heard: string[] = [];
    let refused: Promise<number | undefined> | undefined;
    let confirmed = false;
    const { conversation, longestSilenceMs } = await callWatched(appliance, first, {
      signal: cut.signal,
      heard(text) {
        if (confirmed) heard.push(text);
        if (heard.length === 1) unlinkSync(filler);
      },
      beforeLine(n, line) {
        if (n === 3) {
          fillDisk(filler);
          refused = statusOfNewCall(appliance);
        }
        if (heard.length > 0) cut.abort();
        confirmed ||= line.startsWith("Yes");
      },
    });
    expect(conversation.ended).toBe("us");
    expect(await refused).toBe(500);
    console.log(`longest silence of both sides: ${Math.round(longestSilenceMs)} ms`);
    expect(longestSilenceMs).toBeLessThan(6_000);
    expect(await viewings(appliance)).toEqual([]);
    await until("the call is written when there is room", async () => (await lastCall(appliance)).endedAt !== null);
    const call = await lastCall(appliance);
    expect(call.turns.map(({ said }) => said).join(" ")).toContain(
      "I couldn't save that booking, so nothing is booked",
    );
    expect(call.recording).toBe("open");

    const after = await caller.call(appliance, first);
    expect(after.ended).toBe("them");
    expect(await viewings(appliance)).toEqual([wished(first)]);
    expect(await appliance.stop()).toBe(0);
  }, 240_000);
});

async function statusOfNewCall({ sip }: Appliance): Promise<number | undefined> {
  const refused = Promise.withResolvers<number | undefined>();
  const phone = await dial(
    { ...sip, number: "200", from: "test" },
    {
      answered: () => refused.resolve(200),
      heard: () => undefined,
      ended: (_by, status) => refused.resolve(status),
    },
  );
  const status = await refused.promise;
  if (status === 200) phone.hangUp();
  phone.close();
  return status;
}
