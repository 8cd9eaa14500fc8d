import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { LiveEvent } from "../../src/calls/ports.ts";
import { createLiveStream, queueBytesAtMost } from "../../src/web/api/live-stream.ts";
import { type OpenWeb, openWeb } from "./harness.ts";

let web: OpenWeb;
let headers: { cookie: string };
beforeEach(async () => {
  web = openWeb();
  headers = await web.enter();
});
afterEach(() => web.close());

const started: LiveEvent = { kind: "started", callId: "c1", line: "0300", at: "2026-11-24T10:05:00.000Z" };
const caption = (text: string): LiveEvent => ({ kind: "caption", callId: "c1", text });

/** Reads the stream message by message; `undefined` once it has ended. */
async function follow() {
  const response = await web.request("/api/live", { headers });
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  let text = "";
  return {
    response,
    async next(): Promise<string | undefined> {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end >= 0) {
          const message = text.slice(0, end);
          text = text.slice(end + 2);
          return message;
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        text += new TextDecoder().decode(value);
      }
    },
    leave: async () => await reader.cancel(),
  };
}

const dataOf = (message: string | undefined) => JSON.parse(message?.replace(/^data: /, "") ?? "null");

describe("following live calls", () => {
  test("begins with how things stand, then tells each event", async () => {
    web.live.publish(started);
    const page = await follow();
    expect(page.response.headers.get("content-type")).toStartWith("text/event-stream");
    expect(dataOf(await page.next())).toEqual({ kind: "snapshot", events: [started] });
    web.live.publish(caption("I'd like"));
    web.live.publish(caption("I'd like to view"));
    expect(dataOf(await page.next())).toEqual(caption("I'd like"));
    expect(dataOf(await page.next())).toEqual(caption("I'd like to view"));
    await page.leave();
  });

  test("who comes later sees how far a transfer is", async () => {
    const transfer = (state: "ringing" | "connected"): LiveEvent => ({
      kind: "transfer",
      callId: "c1",
      person: "Beth Carter",
      state,
    });
    for (const event of [started, transfer("ringing"), transfer("connected")]) web.live.publish(event);
    const page = await follow();
    expect(dataOf(await page.next())).toEqual({ kind: "snapshot", events: [started, transfer("connected")] });
    await page.leave();
  });

  test("a heartbeat comes every fifteen seconds", async () => {
    const page = await follow();
    await page.next();
    web.clock.advance(15_000);
    expect(await page.next()).toBe(": still here");
    web.clock.advance(15_000);
    expect(await page.next()).toBe(": still here");
    await page.leave();
  });

  test("ends at once when the person signs out, in any browser's page of that session", async () => {
    const page = await follow();
    await page.next();
    await web.post("/api/sign-out", {}, headers);
    expect(await page.next()).toStartWith("event: signed-out");
    web.live.publish(started);
    expect(await page.next()).toBeUndefined();
  });

  test("ends when the session's time has run out, and does not itself put that off", async () => {
    const page = await follow();
    await page.next();
    expect((await web.request("/api/live", { method: "HEAD", headers })).status).toBe(200);
    web.clock.advance(30 * 60_000);
    await web.request("/api/me", { headers }); // a use: an hour from now
    web.clock.advance(59 * 60_000);
    expect(web.clock.waiting()).toBeGreaterThan(0);
    web.clock.advance(60_001);
    const rest: (string | undefined)[] = [];
    for (let message = await page.next(); message !== undefined; message = await page.next()) rest.push(message);
    expect(rest.filter((message) => message === ": still here")).toHaveLength(4 * 90);
    expect(rest.at(-1)).toStartWith("event: signed-out");
    expect((await web.request("/api/me", { headers })).status).toBe(401);
  });

  test("leaves no timer and no reader behind", async () => {
    const idle = web.clock.waiting();
    const pages = [await follow(), await follow()];
    expect(web.clock.waiting()).toBeGreaterThan(idle);
    for (const page of pages) await page.leave();
    expect(web.clock.waiting()).toBe(idle);
  });

  test("fifty pages at most, and a page that goes makes room", async () => {
    const pages = [];
    for (let i = 0; i < 50; i++) pages.push(await follow());
    expect((await web.request("/api/live", { headers })).status).toBe(429);
    await pages[0]?.leave();
    const another = await follow();
    expect(another.response.status).toBe(200);
  });

  test("a HEAD request opens no stream", async () => {
    const idle = web.clock.waiting();
    expect((await web.request("/api/live", { method: "HEAD", headers })).status).toBe(200);
    expect(web.clock.waiting()).toBe(idle);
  });
});

describe("a browser that does not read", () => {
  test("is dropped when its queue is full, and not before", () => {
    let closed = 0;
    const stream = createLiveStream(() => {
      closed += 1;
    });
    const large = "x".repeat(100_000);
    for (let i = 0; i < Math.floor(queueBytesAtMost / 100_100); i++) stream.send({ large });
    expect(closed).toBe(0);
    stream.send({ large });
    expect(closed).toBe(1);
    stream.send({ large });
    stream.end("signed-out");
    expect(closed).toBe(1);
  });

  test("gets everything in order once it reads", async () => {
    const stream = createLiveStream(() => undefined);
    for (let n = 0; n < 100; n++) stream.send({ n });
    stream.end("over");
    const text = await new Response(stream.body).text();
    expect([...text.matchAll(/"n":(\d+)/g)].map((match) => Number(match[1]))).toEqual(
      Array.from({ length: 100 }, (_, n) => n),
    );
    expect(text).toEndWith("event: over\ndata: {}\n\n");
  });
});
