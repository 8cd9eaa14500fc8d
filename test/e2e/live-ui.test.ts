// needs: chromium, node
/**
 * What the office sees of one real call: a caller rings the executable, and a browser that signed in by the one-time
 * link shows the call as it happens, then keeps its words, its sound and its booking. Screenshots go to
 * test-artefacts/ui/.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { addDays, toLocal, weekdayOf } from "../../src/agency/local-time.ts";
import { type Conversation, converse } from "../caller/conversation.ts";
import { demoWish } from "../caller/demo-agency.ts";
import type { Wish } from "../caller/persona.ts";
import { createMouth, createUnderstanding } from "../caller/voice.ts";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { certificateOf } from "./live-ui-certificate.ts";
import { type Browser, openBrowser } from "./ui-browser.ts";

setDefaultTimeout(150_000);
const email = "maggie@example.test";
const password = "nine crooked copper lamps";

const wish: Wish = demoWish();
let appliance: Appliance;
let browser: Browser;
let call: Promise<Conversation>;
let ring: () => void;
let ended = 0;

beforeAll(async () => {
  appliance = await startAppliance();
  const { spkiSha256, fingerprint } = await certificateOf(appliance.ready.web);
  expect(fingerprint).toBe(appliance.ready.fingerprint);
  browser = await openBrowser(spkiSha256);
  await browser.window({ viewport: { width: 1280, height: 800 } });
});
afterAll(async () => {
  await browser?.close();
  await appliance?.stop();
  if (appliance) removeFolders(appliance.folders);
});

/** Notes in the page itself what stands on it only for a moment. */
const watchCaptions = `(() => {
  window.captions = [];
  new MutationObserver(() => {
    const text = document.querySelector(".is-caption")?.textContent;
    if (text && window.captions.at(-1) !== text) window.captions.push(text);
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
})()`;

const running = "document.querySelector('.live-card:not(.is-ended)') !== null";
const bubbles = (side: "caller" | "agent") =>
  `document.querySelectorAll('.live-card .bubble.is-${side}:not(.is-caption)').length`;

/** Root mean square, of 1. A turn's is that of its middle half, where nobody pauses. */
type Sound = {
  playedSeconds: number;
  seconds: number;
  agent: number;
  turns: { caller: number; agent: number }[];
};

/** What the page's own player would play, and where its transcript puts the caller's words. */
const listen = `(async () => {
  const player = document.querySelector("audio");
  const { turns } = await (await fetch("/api" + location.pathname)).json();
  const answer = await fetch(player.src);
  const audio = await new OfflineAudioContext(2, 8000, 8000).decodeAudioData(await answer.arrayBuffer());
  const loudness = (channel, from = 0, to = audio.duration) => {
    const samples = audio.getChannelData(channel).subarray(from * 8000, to * 8000);
    return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
  };
  const [caller, agent] = [0, 1];
  return {
    playedSeconds: player.duration,
    seconds: audio.duration,
    agent: loudness(agent),
    turns: turns.filter(({ heardFromMs }) => heardFromMs !== null).map(({ heardFromMs, heardToMs }) => {
      const quarter = (heardToMs - heardFromMs) / 4000;
      const [from, to] = [heardFromMs / 1000 + quarter, heardToMs / 1000 - quarter];
      return { caller: loudness(caller, from, to), agent: loudness(agent, from, to) };
    }),
  };
})()`;

describe("one call", () => {
  test("the one-time link signs in and asks for a password; nobody is on the line", async () => {
    const { url } = await appliance.cli<{ url: string }>("sign-in");
    await browser.goto(url);
    await browser.fill("E-mail", email);
    await browser.fill("New password", password);
    await browser.fill("New password again", password);
    await browser.click("button", "Save and go on");
    await browser.waitForText("All quiet");
    await browser.evaluate(watchCaptions);
  });

  test("is on the page while the recording notice plays, without its number", async () => {
    const [say, understand] = await Promise.all([createMouth("gmw/en"), createUnderstanding()]);
    ring = () => {
      call = converse({ ...appliance.sip, number: "200", from: "07700900123" }, wish, { say, understand });
      call.then(
        () => ended++,
        () => ended++,
      );
    };
    ring();
    await browser.waitForText("The recording notice is playing");
    expect(await browser.text()).not.toContain("900123");
    await browser.screenshot("40-real-call-notice");
  });

  test("shows who rings, what is said as it is said, and what was understood", async () => {
    await browser.waitForText("07700 900123");
    await browser.waitFor(`${bubbles("caller")} >= 2 && ${bubbles("agent")} >= 2`);
    await browser.waitForText(wish.property);
    await browser.screenshot("41-real-call-running");
    expect(await browser.evaluate(running)).toBe(true);
  });

  test("shows the booking the moment it is made, with the caller still on the line", async () => {
    // Whom a busy machine misheard to the end rings again, once, as people do.
    for (let rung = 1; !(await browser.text()).includes("Viewing booked"); ) {
      if (ended < rung) await Bun.sleep(300);
      else if (rung++ < 2) ring();
      else throw new Error("two calls have ended without a booking");
    }
    expect(await browser.evaluate(running)).toBe(true);
    expect(await browser.evaluate("document.querySelectorAll('.slots .is-filled').length")).toBe(5);
    await browser.screenshot("42-real-call-booked");
    expect((await call).ended).toBe("them");
    await browser.waitForText("Open call");
    expect(await browser.evaluate("document.querySelectorAll('.slots .is-filled').length")).toBe(5);
    await browser.screenshot("43-real-call-ended");
  }, 300_000);

  test("had its captions at the caller's pauses, before the turns", async () => {
    const captions = (await browser.evaluate("window.captions")) as string[];
    expect(captions.length).toBeGreaterThanOrEqual(3);
    expect(captions.join(" ")).toContain(wish.name);
  });

  test("can be read afterwards", async () => {
    await browser.click("link", "Calls");
    await browser.waitForText("newest first");
    await browser.waitForText(wish.property);
    await browser.screenshot("44-real-calls");
    await browser.evaluate("document.querySelector('.call-link').click()");
    await browser.waitForText("heard in full");
    const text = await browser.text();
    for (const words of [wish.property, wish.name, "07700 900123", "Shall I book that?", "That's booked"]) {
      expect(text).toContain(words);
    }
    await browser.waitFor("document.querySelector('canvas') !== null");
    await browser.screenshot("45-real-call-read", true);
  });

  test("can be heard, both sides of it, each of the caller's words where the page says they are", async () => {
    await browser.click("button", "Play the recording");
    await browser.waitFor("document.querySelector('audio').currentTime > 0.5");
    await browser.screenshot("46-real-call-playing");
    await browser.click("button", "Pause");
    const sound = (await browser.evaluate(listen)) as Sound;
    expect(sound.seconds).toBeGreaterThan(20);
    expect(Math.abs(sound.playedSeconds - sound.seconds)).toBeLessThan(0.1);
    expect(sound.turns.length).toBeGreaterThanOrEqual(7);
    for (const { caller, agent } of sound.turns) {
      expect(caller).toBeGreaterThan(0.03);
      expect(agent).toBeLessThan(0.003);
    }
    expect(sound.agent).toBeGreaterThan(0.03);
  });

  test("is played from any of the caller's turns", async () => {
    await browser.evaluate("document.querySelectorAll('.line-play')[2].click()");
    await browser.waitFor("!document.querySelector('audio').paused");
    const at = Number(await browser.evaluate("document.querySelector('audio').currentTime"));
    expect(at).toBeGreaterThan(10);
    await browser.click("button", "Pause");
  });

  test("has its viewing in the diary, and leads back from there", async () => {
    await browser.click("link", "Diary");
    await browser.waitForText("Diary");
    const monday = (day: string) =>
      addDays(day, -["mon", "tue", "wed", "thu", "fri", "sat", "sun"].indexOf(weekdayOf(day)));
    if (monday(toLocal(new Date()).slice(0, 10)) !== monday(wish.day)) await browser.click("button", "Next week");
    await browser.waitFor("document.querySelectorAll('.block').length === 1");
    expect(await browser.evaluate("document.querySelector('.block').getAttribute('aria-label')")).toStartWith(
      `${wish.time}, ${wish.property}, ${wish.name}`,
    );
    await browser.screenshot("47-real-diary");
    await browser.evaluate("document.querySelector('.block').click()");
    await browser.waitForText("Open the call that booked it");
    await browser.screenshot("48-real-viewing");
    await browser.click("link", "Open the call that booked it");
    await browser.waitForText("heard in full");
  });

  test("asked nobody else for anything, and broke no policy", async () => {
    const base = new URL(appliance.ready.web).port;
    const others = (await browser.requested()).filter((url) => !url.startsWith("blob:") && new URL(url).port !== base);
    expect(others).toEqual([]);
    const expected = /Failed to load resource: the server responded with a status of 401/; // who am I, before signing in
    expect((await browser.problems()).filter((text) => !expected.test(text))).toEqual([]);
  });
});
