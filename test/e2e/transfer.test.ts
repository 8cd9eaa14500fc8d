/**
 * Callers who want a person, and what the person's telephone does: the executable between a caller and a PBX that take
 * part in every dialog. All scenes play at once on one appliance; each test waits for its own.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CallSignalling } from "../../src/web/api/shapes.ts";
import { createMouth } from "../caller/voice.ts";
import { type Appliance, makeFolders, removeFolders, startAppliance, until } from "./appliance.ts";
import { joined, type LineSound, loudFrames, ringFrom, shareOf, speechFrom } from "./line-sound.ts";
import { type Caller, callIn, type Leg, openPbx, type Pbx } from "./office-pbx.ts";
import { withRecords } from "./opened.ts";

type CallRow = { id: string; outcome: string | null };

/** An agency that is open whenever this runs. */
const everyDay = Object.fromEntries(
  ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, ["00:00", "23:59"]]),
);
const backWithinMs = 2_000;
const figures: string[] = [];
const folders = makeFolders();
let appliance: Appliance;
let pbx: Pbx;
let say: (line: string) => Int16Array;

type Scene = { caller: Caller; leg: Leg };

/** Everybody asks for a person by key 0; one after the other, so that it is known whose leg comes. */
let before: Promise<unknown> = Promise.resolve();

async function asksForPerson(onRefer: "accept" | "refuse"): Promise<Scene> {
  const caller = await callIn(appliance.sip.port, { onRefer });
  await turnOf(caller.sound);
  const turn = before.then(async () => {
    const leg = pbx.nextLeg(15_000);
    caller.sound.press("0#");
    return { caller, leg: await leg };
  });
  before = turn.catch(() => undefined);
  return await turn;
}

/** The same by the trunk whose PBX is trusted with callers: there is no leg. */
async function isSentBlind(onRefer: "accept" | "refuse"): Promise<{ caller: Caller; refer: string }> {
  const caller = await callIn(appliance.sip.port, { onRefer, from: "127.0.0.2" });
  await turnOf(caller.sound);
  caller.sound.press("0#");
  return { caller, refer: await caller.referred.within(15_000) };
}

/** The other side has spoken, and then said nothing for 700 ms. */
async function turnOf({ heard }: LineSound, from = 0): Promise<void> {
  await until(
    "a turn of speech",
    () => {
      const since = heard.slice(from);
      return speechFrom(since) !== undefined && speechFrom(since.slice(-35)) === undefined;
    },
    20_000,
  );
}

/** From that moment to the first speech after it. */
async function speechAfter({ heard }: LineSound, atMs: number): Promise<number> {
  let found: number | undefined;
  await until(
    "speech",
    () => {
      found = speechFrom(heard.filter((frame) => frame.atMs > atMs));
      return found !== undefined;
    },
    10_000,
  );
  return (found ?? 0) - atMs;
}

/** What was announced has been said: from here on the caller hears nothing but the ringing tone. */
async function rings({ heard }: LineSound): Promise<void> {
  const from = heard.length;
  await until("the ringing tone", () => ringFrom(heard.slice(from)) !== undefined);
}

async function isBack(what: string, caller: Caller, sinceMs: number): Promise<void> {
  const tookMs = await speechAfter(caller.sound, sinceMs);
  figures.push(`${what}: ${Math.round(tookMs)} ms to the receptionist's first sound`);
  expect(tookMs).toBeLessThan(backWithinMs);
  expect(caller.hungUp.isTold).toBe(false);
}

const lastMs = (ms: number, { heard }: LineSound) => joined(heard.slice(-ms / 20));

async function joinedScene(): Promise<Scene> {
  const { caller, leg } = await asksForPerson("refuse");
  leg.answer();
  await turnOf(leg.sound);
  leg.sound.say(say("Yes."));
  await caller.referred.within(15_000);
  return { caller, leg };
}

async function bothHear(caller: Caller, leg: Leg): Promise<void> {
  caller.sound.tone(700);
  leg.sound.tone(1000);
  await Bun.sleep(2_000);
  const [byCaller, byLeg] = [lastMs(1_000, caller.sound), lastMs(1_000, leg.sound)];
  caller.sound.tone(undefined);
  leg.sound.tone(undefined);
  const [share, other] = [shareOf([1000], byCaller), shareOf([700], byLeg)];
  figures.push(`joined here: ${share.toFixed(3)} and ${other.toFixed(3)} of what they hear is each other`);
  expect(share).toBeGreaterThan(0.9);
  expect(other).toBeGreaterThan(0.9);
}

const scenes: Record<string, () => Promise<void>> = {
  async "accepted by key 1: the caller heard it ring; the PBX joins them (REFER with Replaces), and we are out of it"() {
    const { caller, leg } = await asksForPerson("accept");
    const rungAt = caller.sound.heard.length;
    await turnOf(caller.sound, rungAt);
    await Bun.sleep(3_100);
    const rung = caller.sound.heard.slice(rungAt);
    expect(ringFrom(rung)).toBeDefined();
    expect(speechFrom(rung.slice(-60))).toBeUndefined();
    expect(loudFrames(rung.slice(-150))).toBeWithin(30, 55); // 0.8 s in every 3
    leg.answer();
    await until("the question", () => speechFrom(leg.sound.heard) !== undefined);
    leg.sound.press("1");
    const refer = await caller.referred.within(10_000);
    const replaces = decodeURIComponent(/Replaces=([^>\s]+)/i.exec(refer)?.[1] ?? "");
    expect(replaces).toContain(leg.callId);
    expect(replaces).toContain(`to-tag=${leg.toTag}`);
    expect(replaces).toContain(`from-tag=${leg.fromTag}`);
    expect(refer).toMatch(/^Refer-To: *<sip:202@/im);
    caller.notify("100 Trying", false);
    leg.hangUp(); // taken over by the PBX
    caller.notify("200 OK", true);
    await caller.hungUp.within(3_000);
    caller.close();
  },

  async "accepted by a word, the PBX refuses to join them: joined here, with keys, until one hangs up"() {
    const { caller, leg } = await joinedScene();
    await bothHear(caller, leg);
    caller.sound.press("5");
    leg.sound.press("7");
    await until("the keys", () => leg.sound.keys.includes("5") && caller.sound.keys.includes("7"));
    expect([leg.sound.keys, caller.sound.keys]).toEqual([["5"], ["7"]]);
    const atMs = performance.now();
    leg.hangUp();
    figures.push(
      `joined here: the other is hung up ${Math.round((await caller.hungUp.within(2_000)) - atMs)} ms later`,
    );
    caller.close();
  },

  async "joined here, the caller hangs up: so does the leg"() {
    const { caller, leg } = await joinedScene();
    caller.hangUp();
    await leg.hungUp.within(1_000);
    caller.close();
  },

  async busy() {
    const { caller, leg } = await asksForPerson("refuse");
    await rings(caller.sound);
    const atMs = performance.now();
    leg.refuse("486 Busy Here");
    await isBack("busy", caller, atMs);
    caller.hangUp();
    caller.close();
  },

  async "no answer"() {
    const { caller, leg } = await asksForPerson("refuse");
    await rings(caller.sound);
    const atMs = performance.now();
    leg.refuse("480 Temporarily Unavailable");
    await isBack("no answer", caller, atMs);
    caller.hangUp();
    caller.close();
  },

  async "the person hangs up on the question"() {
    const { caller, leg } = await asksForPerson("refuse");
    leg.answer();
    await until("the question", () => speechFrom(leg.sound.heard) !== undefined);
    await rings(caller.sound);
    const atMs = performance.now();
    leg.hangUp();
    await isBack("hung up on the question", caller, atMs);
    caller.hangUp();
    caller.close();
  },

  async "a voicemail talks on and accepts nothing: it is hung up on, and the caller is back"() {
    const { caller, leg } = await asksForPerson("refuse");
    leg.answer();
    const announcement = say("Hello, I am away from my desk until Monday. You can leave your name and number.");
    leg.sound.say(announcement);
    leg.sound.say(announcement);
    await isBack("voicemail", caller, await leg.hungUp.within(60_000));
    expect(caller.referred.isTold).toBe(false);
    caller.hangUp();
    caller.close();
  },

  async "the caller hangs up while it rings: the leg is cancelled at once"() {
    const { caller, leg } = await asksForPerson("refuse");
    await Bun.sleep(500);
    const atMs = performance.now();
    caller.hangUp();
    figures.push(`hung up while it rings: CANCEL ${Math.round((await leg.cancelled.within(1_000)) - atMs)} ms later`);
    caller.close();
  },

  async "the PBX takes the leg and then cannot join them: the caller is back"() {
    const { caller, leg } = await asksForPerson("accept");
    leg.answer();
    await until("the question", () => speechFrom(leg.sound.heard) !== undefined);
    leg.sound.press("1");
    await caller.referred.within(10_000);
    leg.hangUp();
    await Bun.sleep(500); // the ringing tone meanwhile
    const atMs = performance.now();
    caller.notify("503 Service Unavailable", true);
    await isBack("the PBX failed to join them", caller, atMs);
    caller.hangUp();
    caller.close();
  },

  async "the PBX accepts, the leg ends, and no news comes: the caller is back"() {
    const { caller, leg } = await asksForPerson("accept");
    leg.answer();
    await until("the question", () => speechFrom(leg.sound.heard) !== undefined);
    leg.sound.press("1");
    await caller.referred.within(10_000);
    const atMs = performance.now();
    leg.hangUp();
    await isBack("no news of the REFER", caller, atMs);
    caller.hangUp();
    caller.close();
  },

  async "blind: the PBX takes the caller, and we are out of it"() {
    const { caller, refer } = await isSentBlind("accept");
    expect(refer).toMatch(/^Refer-To: *<?sip:202@[^?]+$/im);
    caller.notify("100 Trying", false);
    caller.notify("200 OK", true);
    await caller.hungUp.within(3_000);
    caller.close();
  },

  async "blind: the PBX will not, and the caller is back"() {
    const { caller } = await isSentBlind("refuse");
    const atMs = performance.now();
    await isBack("blind, refused", caller, atMs);
    caller.hangUp();
    caller.close();
  },

  async "the caller presses star while it rings: cancelled, and the receptionist goes on"() {
    const { caller, leg } = await asksForPerson("refuse");
    await rings(caller.sound);
    caller.sound.press("*");
    await isBack("star", caller, await leg.cancelled.within(1_500));
    caller.hangUp();
    caller.close();
  },
};

const played = new Map<string, Promise<Error | undefined>>();

beforeAll(async () => {
  pbx = await openPbx();
  say = await createMouth("en-us");
  const seed = join(folders.root, "agency.json");
  writeFileSync(seed, JSON.stringify({ branches: [{ id: "office", name: "Office", hours: everyDay }] }));
  const transfer = `sip.transfer={extensions=["202"],pbx="udp:127.0.0.1:${pbx.port}"}`;
  const trusted = `transfer={extensions=["202"],pbx="udp:127.0.0.1:${pbx.port}",blindTransfer=true}`;
  const trunks = `trunks=[{name="trusted",peers=["127.0.0.2"],${trusted}}]`;
  const people = 'people=[{name="Beth Carter",extension="202",roles=["reception"]}]';
  appliance = await startAppliance({
    folders,
    set: [
      `agency.seed=${seed}`,
      transfer,
      trunks,
      people,
      "calls.drainSeconds=0",
      "sip.maxCalls=20",
      "sip.callLimit=configured",
    ],
  });
  for (const [name, play] of Object.entries(scenes)) {
    played.set(
      name,
      play().then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      ),
    );
  }
}, 60_000);

afterAll(async () => {
  console.log(figures.join("\n"));
  await appliance.kill();
  pbx.close();
  removeFolders(folders);
});

for (const name of Object.keys(scenes)) {
  test(name, async () => {
    const failed = await played.get(name);
    if (failed) throw failed;
  }, 90_000);
}

test("what became of them is kept; nobody was called who had not to be, and nothing is left", async () => {
  await until("every call at its end", async () => {
    const status = await appliance.cli<{ sip: { dialogs: number } }>("status");
    return status.sip.dialogs === 0;
  });
  const calls = await appliance.cli<CallRow[]>("calls", "list");
  const outcomes = calls.map(({ outcome }) => outcome ?? "running").sort();
  expect(outcomes.filter((outcome) => outcome === "transferred")).toHaveLength(4);
  expect(outcomes).toHaveLength(Object.keys(scenes).length);
  expect(outcomes).not.toContain("failed");
  expect(pbx.unexpected).toEqual([]);
  const details = await Promise.all(
    calls.map(({ id }) => appliance.cli<{ turns: { said: string }[] }>("calls", "show", id)),
  );
  const said = details.map(({ turns }) => turns.map((turn) => turn.said).join(" "));
  const times = (words: string) => said.filter((all) => all.includes(words)).length;
  expect(times("I'll try Beth Carter for you.")).toBe(calls.length);
  expect(times("I'm sorry, Beth Carter is on another call")).toBe(1);
  expect(times("I'm sorry, Beth Carter isn't free")).toBe(3); // no answer, hung up on the question, the voicemail
  expect(times("I've stopped trying.")).toBe(1);
  expect(times("I'm sorry, I can't get through to Beth Carter")).toBe(3); // blind refused, not joined, no news

  const ladders = await Promise.all(
    calls.map(({ id }) => appliance.cli<CallSignalling>("calls", "show", id, "--ladder")),
  );
  const legs = ladders.map(({ ladder }) => ladder?.steps.filter(({ leg }) => leg).map(({ what }) => what) ?? []);
  expect(legs.filter((steps) => steps.includes("INVITE"))).toHaveLength(calls.length - 2); // but the two blind ones
  expect(legs.filter((steps) => steps.includes("486 Busy Here"))).toHaveLength(1);
  expect(JSON.stringify(ladders)).not.toContain("127.0.0.1");
}, 30_000);

test("an extension that forwards to us: our own leg is not answered by ourselves, and counts as no answer", async () => {
  const { caller, leg } = await asksForPerson("refuse");
  await rings(caller.sound);
  const atMs = performance.now();
  expect(await pbx.forwardBack(leg, appliance.sip.port)).toBe(486);
  await leg.cancelled.within(1_000);
  await isBack("our own leg came back", caller, atMs);
  caller.hangUp();
  caller.close();
}, 30_000);

test("the appliance stops while it rings: the leg is cancelled, the caller hung up", async () => {
  const { caller, leg } = await asksForPerson("refuse");
  const stopped = appliance.stop();
  await leg.cancelled.within(3_000);
  await caller.hungUp.within(3_000);
  caller.close();
  expect(await stopped).toBe(0);
}, 30_000);

test("nothing that two people said to one another was recorded; what was said before that was", () => {
  withRecords(folders, (records) => {
    const calls = records.readers.calls({ kind: "system" }, { limit: 50, before: undefined, outcome: "transferred" });
    const recordings = calls.calls.map(({ id }) => records.recordings.readRecording(id));
    expect(recordings).toHaveLength(4);
    for (const { caller, agent } of recordings) {
      expect(agent.length).toBeGreaterThan(8000);
      expect(Math.max(tonesIn(caller), tonesIn(agent))).toBeLessThan(0.5);
    }
  });
});

/** The greatest share that either person's tone has in any 100 ms. */
function tonesIn(samples: Int16Array): number {
  let most = 0;
  for (let at = 0; at + 800 <= samples.length; at += 800) {
    const window = samples.subarray(at, at + 800);
    if (window.some((sample) => Math.abs(sample) > 1000))
      most = Math.max(most, shareOf([700], window), shareOf([1000], window));
  }
  return most;
}
