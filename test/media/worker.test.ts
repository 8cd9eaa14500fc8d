/** The Worker itself, over real sockets on loopback. Waits for what comes, never for a time. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { AppError } from "../../src/app-error.ts";
import { extractNatives } from "../../src/embedded/natives.ts";
import { type MediaClient, startMedia } from "../../src/media/client.ts";
import type { FromMedia, MediaSettings, ToMedia } from "../../src/media/messages.ts";
import { parseRtcp } from "../../src/media/rtcp.ts";
import { parseRtp, type RtpPacket } from "../../src/media/rtp.ts";
import { loud, negotiated, quiet, talker } from "./one-call.ts";

const settings: MediaSettings = {
  kind: "settings",
  rtpPorts: { from: 41_001, to: 41_099 },
  nativeDir: extractNatives(import.meta.dir),
  inactivityMs: 300,
  speculateAfterMs: 120,
  defaultSilenceMs: 700,
  maxUtteranceMs: 15_000,
};

let media: MediaClient;
const faults: string[] = [];

beforeAll(async () => {
  media = await startMedia(settings, { fault: (callId, message) => faults.push(`${callId}: ${message}`) });
});
afterAll(() => media.close());

/** A telephone: its packets as they come, and whoever waits for them. */
async function phone() {
  const heard: RtpPacket[] = [];
  let waiting: { until: () => boolean; resolve: () => void } | undefined;
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: {
      data(_, bytes) {
        const packet = parseRtp(bytes.slice());
        if (packet) heard.push(packet);
        if (waiting?.until()) waiting.resolve();
      },
    },
  });
  return {
    heard,
    port: socket.port,
    send: (bytes: Uint8Array, port: number) => socket.send(bytes, port, "127.0.0.1"),
    until(condition: () => boolean): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting = { until: condition, resolve };
      if (condition()) resolve();
      return promise;
    },
    close: () => socket.close(),
  };
}

let calls = 0;

/** An open call of the Worker with its events. */
async function call(through = media) {
  const callId = `call-${++calls}`;
  const events: FromMedia[] = [];
  const waiting: { kind: string; resolve: (event: FromMedia) => void }[] = [];
  through.onEvent(callId, (event) => {
    events.push(event);
    for (const one of waiting.filter(({ kind }) => kind === event.kind)) one.resolve(event);
  });
  const { port } = await through.open(callId, "127.0.0.1");
  const next = <K extends FromMedia["kind"]>(kind: K) => {
    const { promise, resolve } = Promise.withResolvers<FromMedia>();
    waiting.push({ kind, resolve });
    return promise as Promise<Extract<FromMedia, { kind: K }>>;
  };
  return {
    callId,
    port,
    events,
    next,
    start: (remotePort: number, mode: "converse" | "echo") =>
      through.send({
        kind: "start",
        callId,
        mode,
        media: { ...negotiated, remote: { address: "127.0.0.1", port: remotePort } },
      }),
    async close() {
      const closed = next("closed");
      through.send({ kind: "close", callId });
      return (await closed).stats;
    },
  };
}

/** Answers each packet heard with one of its own, `count` times: paced by the other side. */
async function converse(peer: Awaited<ReturnType<typeof phone>>, port: number, packets: Iterable<Uint8Array>) {
  for (const packet of packets) {
    const before = peer.heard.length;
    await peer.until(() => peer.heard.length > before);
    peer.send(packet, port);
  }
}

describe("a call over real sockets", () => {
  test("echoes what it hears, packet by packet, and leaves nothing behind", async () => {
    const [peer, line] = [await phone(), await call()];
    expect(line.port % 2).toBe(0);
    line.start(peer.port, "echo");
    const voice = talker();
    await converse(
      peer,
      line.port,
      Array.from({ length: 25 }, () => voice.packet(loud)),
    );
    await peer.until(() => peer.heard.filter(({ payload }) => payload[0] === loud[0]).length >= 20);
    expect(await media.status()).toMatchObject({ sockets: 2, calls: 1, timers: 1 });
    const stats = await line.close();
    expect(stats).toMatchObject({ received: 25, lost: 0, dropped: {} });
    expect(await media.status()).toMatchObject({ sockets: 0, calls: 0, timers: 0 });
    expect(line.events.map(({ kind }) => kind)).toEqual(["rtp-arrived", "closed"]);
    peer.close();
  });

  test("says goodbye by RTCP to the port after RTP", async () => {
    const line = await call();
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    const rtcp = await Bun.udpSocket({ hostname: "127.0.0.1", socket: { data: (_, bytes) => resolve(bytes.slice()) } });
    line.start(rtcp.port - 1, "echo");
    await line.close();
    expect(parseRtcp(await promise)?.at(-1)?.kind).toBe("bye");
    rtcp.close();
  });

  test("plays to the sample, tells keys, and is told of silence on the line once", async () => {
    const [peer, line] = [await phone(), await call()];
    const [played, digit, inactive] = [line.next("play-ended"), line.next("digit"), line.next("inactive")];
    line.start(peer.port, "converse");
    const audio = { kind: "encoded", codec: "PCMA", bytes: new Uint8Array(1000).fill(1) } as const;
    media.send({ kind: "play", callId: line.callId, playId: 5, audio, last: true, interruptible: true });
    const key = talker(101, { samples: 4 });
    await converse(peer, line.port, [key.packet(Uint8Array.of(9, 0x8a, 3, 0x20))]);
    expect(await digit).toMatchObject({ digit: "9", durationMs: 100 });
    expect(await played).toMatchObject({ playId: 5, playedMs: 125, completed: true });
    await inactive;
    expect(peer.heard.reduce((sum, { payload }) => sum + payload.filter((byte) => byte === 1).length, 0)).toBe(1000);
    await line.close();
    expect(line.events.filter(({ kind }) => kind === "inactive").length).toBe(1);
    peer.close();
  });

  test("strangers' packets, other protocols and oversize datagrams are dropped and counted", async () => {
    const [peer, other, line] = [await phone(), await phone(), await call()];
    line.start(peer.port, "echo");
    const voice = talker();
    await converse(peer, line.port, [voice.packet(loud)]);
    for (const first of [0, 16, 22, 70, 250]) other.send(Uint8Array.of(first, ...new Uint8Array(19)), line.port);
    other.send(new Uint8Array(1501).fill(0x80), line.port);
    other.send(talker(8, { ssrc: 3 }).packet(quiet), line.port);
    other.send(voice.packet(loud), line.port + 1);
    await converse(peer, line.port, [voice.packet(loud), voice.packet(loud)]);
    expect((await line.close()).dropped).toEqual({
      stun: 1,
      zrtp: 1,
      dtls: 1,
      turn: 1,
      unknown: 1,
      size: 1,
      source: 1,
      "rtp-on-rtcp-port": 1,
    });
    peer.close();
    other.close();
  });

  test("a peer whose port is closed disturbs no other call (IP_RECVERR is off)", async () => {
    const gone = await phone();
    gone.close();
    const [peer, dead, line] = [await phone(), await call(), await call()];
    dead.start(gone.port, "echo");
    line.start(peer.port, "echo");
    await peer.until(() => peer.heard.length >= 25);
    const sequences = peer.heard.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, i) => ((sequences[0] ?? 0) + i) & 0xffff));
    expect((await dead.close()).dropped).toEqual({});
    await line.close();
    peer.close();
  });
});

describe("speech over real sockets", () => {
  test("recording goes on while the agent speaks; chunks are whole seconds", async () => {
    const [peer, line] = [await phone(), await call()];
    line.start(peer.port, "converse");
    media.send({ kind: "record", callId: line.callId, on: true });
    const recorded = line.next("recorded");
    const voice = talker();
    await converse(
      peer,
      line.port,
      Array.from({ length: 55 }, () => voice.packet(loud)),
    );
    const chunk = await recorded;
    expect([chunk.caller.length, chunk.agent.length, chunk.atMs]).toEqual([8000, 8000, 0]);
    expect(new Set(chunk.agent)).toEqual(new Set([quiet]));
    await line.close();
    peer.close();
  });
});

describe("ports", () => {
  test("an address that is not ours, and a range that is used up, are refused in words", async () => {
    const failure = await media.open("nowhere", "203.0.113.5").catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AppError);
    expect((failure as AppError).code).toBe("media_failed");
    const small = await startMedia({ ...settings, rtpPorts: { from: 41_201, to: 41_205 } });
    const [first, second] = [await call(small), await call(small)];
    expect([first.port, second.port].toSorted()).toEqual([41_202, 41_204]);
    const full = await call(small).catch((error: unknown) => error);
    expect(String(full)).toContain("no pair of free RTP ports");
    await first.close();
    expect((await call(small)).port).toBe(first.port);
    await small.close();
  });

  test("200 calls opened and closed leave no descriptor behind", async () => {
    const descriptors = () => readdirSync("/proc/self/fd").length;
    await (await call()).close();
    const before = descriptors();
    for (let i = 0; i < 10; i++) {
      const lines = await Promise.all(Array.from({ length: 20 }, () => call()));
      expect(new Set(lines.map(({ port }) => port)).size).toBe(20);
      await Promise.all(lines.map((line) => line.close()));
    }
    expect(descriptors()).toBe(before);
    expect(await media.status()).toMatchObject({ sockets: 0, calls: 0, timers: 0 });
  });

  test("a call closed while it is being opened ends with nothing open", async () => {
    const opening = media.open("hasty", "127.0.0.1").catch((error: unknown) => error);
    media.send({ kind: "close", callId: "hasty" });
    await opening; // which of the two was faster is not ours to say
    expect(await media.status()).toMatchObject({ sockets: 0, calls: 0 });
  });
});

describe("when something is wrong", () => {
  test("a bug in one call closes that call and no other", async () => {
    const [peer, healthy, broken] = [await phone(), await call(), await call()];
    healthy.start(peer.port, "echo");
    broken.start(peer.port, "converse");
    const closed = broken.next("closed");
    const nonsense = { kind: "play", callId: broken.callId, playId: 1, audio: { kind: "encoded" }, last: true };
    media.send(nonsense as unknown as ToMedia);
    await closed;
    expect(faults.length).toBe(1);
    expect(faults[0]).toContain(broken.callId);
    const before = peer.heard.length;
    await peer.until(() => peer.heard.length > before + 5);
    expect(await media.status()).toMatchObject({ sockets: 2, calls: 1 });
    await healthy.close();
    peer.close();
  });

  test("a Worker that dies is reported, its calls end, and another takes its place", async () => {
    const died = Promise.withResolvers<string>();
    const doomed = await startMedia({ ...settings, rtpPorts: undefined }, { died: died.resolve });
    const line = await call(doomed);
    const closed = line.next("closed");
    doomed.send(null as unknown as ToMedia);
    expect(await died.promise).not.toBe("");
    expect((await closed).stats.received).toBe(0);
    expect(await doomed.open("later", "127.0.0.1").catch((error: AppError) => error.code)).toBe("media_failed");
    expect(await doomed.status().catch((error: AppError) => error.code)).toBe("media_failed");
    await doomed.restart();
    const again = await call(doomed);
    expect(again.port % 2).toBe(0);
    await again.close();
    await doomed.close();
    await doomed.close();
  });

  test("closing ends all calls with their last words", async () => {
    const closing = await startMedia({ ...settings, rtpPorts: undefined });
    const [peer, line] = [await phone(), await call(closing)];
    line.start(peer.port, "converse");
    closing.send({ kind: "record", callId: line.callId, on: true });
    await peer.until(() => peer.heard.length >= 5);
    await closing.close();
    expect(line.events.map(({ kind }) => kind)).toEqual(["recorded", "closed"]);
    peer.close();
  });
});
