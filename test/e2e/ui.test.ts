// needs: chromium, node
/**
 * The pages in a real browser, over TLS, the real store and the real routes: in by the link,
 * through every page, a call as it happens, out again. Screenshots go to test-artefacts/ui/.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { LiveEvent } from "../../src/calls/ports.ts";
import { tlsIdentity } from "../../src/security/tls-identity.ts";
import { loadAssets } from "../../src/web/api/assets.ts";
import { startWeb, type WebServer } from "../../src/web/api/serve.ts";
import { email, type OpenWeb, openWeb, password } from "../web/harness.ts";
import { type Browser, openBrowser } from "./ui-browser.ts";
import { bookingTurns, fillOffice } from "./ui-office.ts";

setDefaultTimeout(60_000);
const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

let web: OpenWeb;
let server: WebServer;
let browser: Browser;
let base: string;
let callId: string;

beforeAll(async () => {
  const now = new Date();
  web = openWeb({ assets: loadAssets(), start: now });
  callId = fillOffice(web, now);
  const tls = await tlsIdentity(web.records.store.db, web.records.keys, ["localhost", "127.0.0.1"], now);
  server = startWeb({ address: "127.0.0.1", port: 0, tls, app: web.app });
  base = `https://localhost:${server.port}`;
  browser = await openBrowser(tls.spkiSha256);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  web?.close();
});

const publish = (...events: LiveEvent[]) => {
  for (const event of events) web.live.publish(event);
};
const turn = (id: string, n: number, slots: Record<string, string>): LiveEvent => {
  const { heard = "", said = "", asks = null } = bookingTurns[n] ?? {};
  return { kind: "turn", callId: id, n, heard, said, asks, slots };
};
const startedAgo = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();
const signInByPassword = async () => {
  await browser.goto(`${base}/`);
  await browser.fill("E-mail", email);
  await browser.fill("Password", password);
  await browser.click("button", "Sign in");
  await browser.waitForText("Live calls");
};

describe("the pages", () => {
  test("the link signs in, leaves the address bar, and asks for a password", async () => {
    await browser.window(desktop);
    const { token } = web.signIn.createLink({ kind: "system" });
    await browser.goto(`${base}/#token=${token}`);
    await browser.waitForText("Welcome");
    expect(await browser.address()).toBe(`${base}/`);
    await browser.screenshot("01-welcome");
    await browser.fill("E-mail", email);
    await browser.fill("New password", password);
    await browser.fill("New password again", password);
    await browser.click("button", "Save and go on");
    await browser.waitForText("All quiet");
    await browser.screenshot("02-live-empty");
  });

  test("a call appears as it happens, up to its booking", async () => {
    publish({ kind: "started", callId: "live-1", line: "0300", at: startedAgo(34) });
    await browser.waitForText("New caller");
    publish({ kind: "identified", callId: "live-1", caller: "+447700900123" });
    publish(turn("live-1", 0, {}), turn("live-1", 1, { property: "maple-14" }));
    publish({ kind: "caption", callId: "live-1", text: "thursday at half" });
    await browser.waitForText("07700 900123");
    await browser.waitForText("thursday at half");
    await browser.waitForText("14 Maple Road");
    await browser.screenshot("03-live-caption");
    const slots = {
      property: "maple-14",
      date: "2026-11-26",
      time: "10:30",
      name: "Robin Hart",
      phone: "+447700900123",
    };
    publish(turn("live-1", 2, { property: "maple-14", date: "2026-11-26", time: "10:30" }), turn("live-1", 3, slots));
    publish(turn("live-1", 4, slots), turn("live-1", 5, slots), { kind: "booked", callId: "live-1", viewingId: "v1" });
    await browser.waitForText("Viewing booked");
    publish({ kind: "started", callId: "live-2", line: "0300", at: startedAgo(3) });
    await browser.waitForText("2 calls on the line");
    await browser.screenshot("04-live-booked");
    publish({ kind: "ended", callId: "live-1", at: new Date().toISOString(), outcome: "booked" });
    await browser.waitForText("One call on the line");
    expect(await browser.text()).toContain("Open call");
    await browser.screenshot("05-live-ended");
    publish({ kind: "ended", callId: "live-2", at: new Date().toISOString(), outcome: "abandoned" });
  });

  test("calls are listed with what came of them, and narrowed by it", async () => {
    await browser.click("link", "Calls");
    await browser.waitForText("Newest first");
    await browser.waitForText("Number withheld");
    await browser.screenshot("06-calls");
    await browser.click("radio", "Emergencies");
    await browser.waitFor("document.querySelectorAll('.call-item').length === 1");
    expect(await browser.text()).toContain("020 7946 0018");
    await browser.click("radio", "All");
  });

  test("a call is read, and heard", async () => {
    await browser.goto(`${base}/calls/${callId}`);
    await browser.waitForText("hello I'd like to view fourteen maple road please");
    await browser.waitForText("Only 48 % sure");
    await browser.waitFor("document.querySelector('canvas') !== null");
    await browser.screenshot("07-call");
    await browser.click("button", "Play the recording");
    await browser.waitFor("document.querySelector('audio').currentTime > 0.3");
    await browser.evaluate("document.querySelector('audio').currentTime = 30");
    await browser.waitFor("document.querySelector('audio').currentTime > 30.2");
    expect(await browser.evaluate("Math.round(document.querySelector('audio').duration)")).toBe(48);
    await browser.screenshot("08-call-playing", true);
    await browser.click("button", "Pause");
  });

  test("the signalling of a call opens by keyboard, once asked for", async () => {
    await browser.goto(`${base}/calls/${callId}`);
    await browser.waitForText("For IT: signalling");
    const reads = () => web.audit().filter(({ action }) => action === "call.signalling-read").length;
    expect(reads()).toBe(0);
    await browser.evaluate("document.querySelector('.signalling summary').focus()");
    await browser.press("Enter");
    await browser.waitForText("488 Not Acceptable Here");
    expect(reads()).toBe(1);
    expect(await browser.evaluate("document.querySelectorAll('.ladder tbody tr').length")).toBe(17);
    expect(await browser.text()).toContain("PBX to Gatehouse: INVITE");
    expect(await browser.text()).toContain("7 more messages");
    await browser.screenshot("15-call-signalling", true);
  });

  test("the diary shows the week, a day by negotiator, and a viewing in full", async () => {
    await browser.click("link", "Diary");
    await browser.waitFor("document.querySelectorAll('.block').length > 10");
    await browser.screenshot("09-diary-week", true);
    await browser.click("radio", "Day by negotiator");
    await browser.waitForText("Marcus Reid");
    await browser.screenshot("10-diary-day", true);
    await browser.click("radio", "Week");
    await browser.waitFor("document.querySelectorAll('.block').length > 10");
    await browser.evaluate("document.querySelector('.block').click()");
    await browser.waitForText("Negotiator");
    await browser.screenshot("11-viewing");
    await browser.press("Escape");
    await browser.waitFor("document.querySelector('dialog') === null");
  });

  test("a name that the voice would say wrong is added by keyboard, heard, changed and removed", async () => {
    await browser.click("link", "Pronunciation");
    await browser.waitForText("No words yet");
    await browser.fill("Word or phrase", "Belvoir");
    await browser.press("Tab");
    await browser.fill("How it is said", "b7");
    await browser.press("Enter");
    await browser.waitForText("A respelling has letters");
    await browser.fill("How it is said", "beaver");
    await browser.click("button", "Say it");
    await browser.waitFor("!document.body.textContent.includes('Saying it')");
    await browser.fill("How it is said", "beaver");
    await browser.press("Enter");
    await browser.waitForText("From the next sentence on");
    await browser.screenshot("09-pronunciation", true);
    expect(web.records.pronunciations.all()).toMatchObject([{ written: "Belvoir", said: "beaver" }]);
    await browser.click("button", "Edit Belvoir");
    await browser.click("radio", "Phonemes");
    await browser.fill("How it is said", "/ˈbiːvə/");
    await browser.press("Enter");
    await browser.waitForText("From the next sentence on");
    expect(web.records.pronunciations.all()).toMatchObject([{ kind: "phonemes", said: "/ˈbiːvə/" }]);
    await browser.click("button", "Remove Belvoir");
    await browser.click("button", "Remove it");
    await browser.waitForText("No words yet");
    expect(web.records.pronunciations.all()).toEqual([]);
  });

  test("system and account", async () => {
    await browser.click("link", "System");
    await browser.waitForText("demo-whisper");
    await browser.waitForText("is the extension's password right?");
    await browser.screenshot("12-system", true);
    await browser.click("button", "Keep messages");
    await browser.waitForText("The last 1,000 messages");
    await browser.screenshot("16-system-confirm");
    await browser.press("Escape");
    expect(web.audit().some(({ action }) => action === "system.trace")).toBe(false);
    await browser.click("button", "Keep messages");
    await browser.evaluate("[...document.querySelectorAll('dialog .is-main')].at(-1).click()");
    await browser.waitForText("Show messages");
    const options = "OPTIONS sip:100@127.0.0.1 SIP/2.0\r\nMax-Forwards: 70\r\n\r\n";
    web.appliance.note("in", Buffer.from(options), { address: "192.0.2.1", port: 5060 });
    await browser.click("button", "Show messages");
    await browser.waitForText("OPTIONS sip:***@127.0.0.1");
    await browser.click("button", "Send new calls to people");
    await browser.evaluate("[...document.querySelectorAll('dialog .is-main')].at(-1).click()");
    await browser.waitForText("Take calls again");
    expect(web.appliance.refusing).toBe(true);
    await browser.screenshot("17-system-drained", true);
    await browser.click("link", email);
    await browser.waitForText("Current password");
    await browser.screenshot("13-account");
  });

  test("signing out takes everything off the screen", async () => {
    await browser.click("button", "Sign out");
    await browser.waitForText("Sign in");
    expect(await browser.text()).not.toContain("Robin");
    await browser.screenshot("14-sign-in");
  });

  test("in the dark", async () => {
    await browser.window({ ...desktop, colorScheme: "dark" });
    await signInByPassword();
    publish({ kind: "started", callId: "live-3", line: "0300", at: startedAgo(48) });
    publish({ kind: "identified", callId: "live-3", caller: null });
    publish(turn("live-3", 0, {}), turn("live-3", 1, { property: "maple-14" }));
    await browser.waitForText("Number withheld");
    await browser.screenshot("20-dark-live");
    await browser.goto(`${base}/calls/${callId}`);
    await browser.waitForText("Only 48 % sure");
    await browser.screenshot("21-dark-call");
    await browser.evaluate("document.querySelector('.signalling summary').click()");
    await browser.waitForText("488 Not Acceptable Here");
    await browser.screenshot("23-dark-call-signalling", true);
    await browser.click("link", "Diary");
    await browser.waitFor("document.querySelectorAll('.block').length > 10");
    await browser.screenshot("22-dark-diary");
    await browser.goto(`${base}/system`);
    await browser.waitForText("Turned away");
    await browser.screenshot("24-dark-system", true);
  });

  test("on a telephone, without scrolling sideways", async () => {
    await browser.window(phone);
    await signInByPassword();
    await browser.waitForText("Number withheld");
    for (const [name, path, text] of [
      ["30-phone-live", "/", "Number withheld"],
      ["31-phone-calls", "/calls", "Newest first"],
      ["32-phone-call", `/calls/${callId}`, "Only 48 % sure"],
      ["33-phone-diary", "/diary", "Diary"],
      ["35-phone-system", "/system", "Turned away"],
    ] as const) {
      await browser.goto(base + path);
      await browser.waitForText(text);
      await browser.screenshot(name);
      expect(await browser.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    }
    await browser.goto(`${base}/calls/${callId}`);
    await browser.waitForText("For IT: signalling");
    await browser.evaluate("document.querySelector('.signalling summary').click()");
    await browser.waitForText("488 Not Acceptable Here");
    await browser.screenshot("34-phone-call-signalling", true);
    expect(await browser.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });

  test("a session that ends elsewhere clears the page at once", async () => {
    await browser.goto(`${base}/`);
    await browser.waitForText("Number withheld");
    web.clock.advance(61 * 60_000);
    await browser.waitForText("You have been signed out");
    expect(await browser.text()).not.toContain("Number withheld");
  });

  test("nothing was asked of anybody else, and no policy was broken", async () => {
    expect((await browser.requested()).filter((url) => !url.startsWith(base) && !url.startsWith("blob:"))).toEqual([]);
    // Who am I, before signing in; and a pronunciation that was refused.
    const expected = /Failed to load resource: the server responded with a status of 40[01]/;
    expect((await browser.problems()).filter((text) => !expected.test(text))).toEqual([]);
    expect(web.bugs).toEqual([]);
  });
});
