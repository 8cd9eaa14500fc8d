import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { decodeByte } from "../../src/media/g711.ts";
import { rangeOf } from "../../src/web/api/recording.ts";
import { addCall, type OpenWeb, openWeb } from "./harness.ts";

/** Not a whole number of chunks. */
const samples = 20_000;
const caller = Uint8Array.from({ length: samples }, (_, i) => (i * 7) & 0xff);
const agent = Uint8Array.from({ length: samples }, (_, i) => (i < samples / 2 ? 0xd5 : 0xaa));
const wavBytes = 44 + samples * 4;

let web: OpenWeb;
let headers: { cookie: string };
beforeAll(async () => {
  web = openWeb();
  headers = await web.enter();
  const at = new Date("2026-11-24T10:05:00Z");
  addCall(web, { id: "c1", at, number: "+447700900123", outcome: "booked", sound: { caller, agent } });
  addCall(web, { id: "c2", at, sound: { caller, agent } });
});
afterAll(() => web.close());

const recording = async (range?: string) =>
  await web.request("/api/calls/c1/recording", { headers: { ...headers, ...(range && { range }) } });

describe("a recording", () => {
  test("is a WAV file of both sides", async () => {
    const response = await recording();
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("audio/wav");
    expect(response.headers.get("content-length")).toBe(String(wavBytes));
    expect(response.headers.get("cache-control")).toBe("no-store");
    const wav = await response.bytes();
    expect(wav.length).toBe(wavBytes);
    const view = new DataView(wav.buffer, wav.byteOffset);
    expect(new TextDecoder().decode(wav.subarray(0, 4))).toBe("RIFF");
    expect([view.getUint16(22, true), view.getUint32(24, true), view.getUint16(34, true)]).toEqual([2, 8_000, 16]);
    for (const n of [0, 1, 7_999, 8_000, 19_999]) {
      const [left, right] = [view.getInt16(44 + n * 4, true), view.getInt16(46 + n * 4, true)];
      expect([left, right]).toEqual([decodeByte("PCMA", caller[n] ?? 0), decodeByte("PCMA", agent[n] ?? 0)]);
    }
  });

  test("asked for by HEAD, or left by its listener, stays open nowhere", async () => {
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    for (let i = 0; i < 10; i++) {
      const head = await web.request("/api/calls/c1/recording", { method: "HEAD", headers });
      expect([head.status, head.headers.get("content-length")]).toEqual([200, String(wavBytes)]);
      const part = await web.request("/api/calls/c1/recording", {
        method: "HEAD",
        headers: { ...headers, range: "bytes=0-9" },
      });
      expect(part.status).toBe(206);
      await (await recording()).body?.cancel();
    }
    expect(open()).toBe(before);
  });

  test.each([
    ["bytes=0-", 0, wavBytes - 1],
    ["bytes=0-43", 0, 43],
    ["bytes=40-49", 40, 49],
    ["bytes=45-45", 45, 45],
    ["bytes=32041-32061", 32_041, 32_061],
    [`bytes=${wavBytes - 1}-`, wavBytes - 1, wavBytes - 1],
    ["bytes=-1", wavBytes - 1, wavBytes - 1],
    ["bytes=70000-999999", 70_000, wavBytes - 1],
  ])("%s gives exactly those bytes", async (range, first, last) => {
    const whole = await (await recording()).bytes();
    const response = await recording(range);
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${first}-${last}/${wavBytes}`);
    expect(response.headers.get("content-length")).toBe(String(last - first + 1));
    expect(Buffer.from(await response.bytes()).equals(Buffer.from(whole.subarray(first, last + 1)))).toBe(true);
  });

  test("has nothing behind its end", async () => {
    const response = await recording(`bytes=${wavBytes}-`);
    expect([response.status, response.headers.get("content-range")]).toEqual([416, `bytes */${wavBytes}`]);
  });

  test("cannot be had while the call runs", async () => {
    expect((await web.request("/api/calls/c2/recording", { headers })).status).toBe(409);
  });

  test("is read on record, each time", async () => {
    const before = web.audit().length;
    await (await recording("bytes=0-9")).bytes();
    expect(web.audit().slice(before)).toMatchObject([{ action: "recording.read" }]);
  });

  test("has an outline of both sides", async () => {
    const response = await web.request("/api/calls/c1/peaks?buckets=10", { headers });
    const peaks = (await response.json()) as { durationMs: number; caller: number[]; agent: number[] };
    expect(peaks.durationMs).toBe(2_500);
    expect(peaks.caller).toHaveLength(10);
    expect(peaks.caller.every((peak) => peak > 0.9)).toBe(true);
    expect(peaks.agent.slice(0, 5).every((peak) => peak < 0.01)).toBe(true);
    expect(peaks.agent.slice(5).every((peak) => peak > 0.9)).toBe(true);
  });
});

describe("a range of bytes", () => {
  test.each([
    [undefined, "whole"],
    ["", "whole"],
    ["bytes=-", "whole"],
    ["bytes=5-3", "whole"],
    ["bytes=0-1,4-5", "whole"],
    ["items=0-1", "whole"],
    ["bytes=1e3-", "whole"],
    ["bytes=-0", "unsatisfiable"],
    ["bytes=100-", "unsatisfiable"],
    ["bytes=-500", { first: 0, last: 99 }],
    ["bytes=99-99", { first: 99, last: 99 }],
  ] as const)("%s of 100", (header, expected) => {
    expect(rangeOf(header, 100)).toEqual(expected);
  });
});
