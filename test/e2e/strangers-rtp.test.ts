/** Sound from others than the caller: not heard, not answered, and no way into a call that is under way. */
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { Status } from "../../src/control/ports.ts";
import { decode, encode } from "../../src/media/g711.ts";
import { isLoud } from "../caller/loudness.ts";
import { sharedFolder } from "../sip/fixtures.ts";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { type Datagrams, newStream, openDatagrams, type RawCall, rawCall, rtpPacket } from "./raw-call.ts";

const tone = Int16Array.from({ length: 160 }, (_, i) => 8_000 * Math.sin((2 * Math.PI * 450 * i) / 8_000));
const loudFrame = encode("PCMA", tone);
const silentFrame = encode("PCMA", new Int16Array(160));

let appliance: Appliance;
const open: { close(): void }[] = [];
beforeAll(async () => {
  appliance = await startAppliance({ set: ['lines=[{number="echo",kind="echo"}]'] });
}, 30_000);
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(async () => {
  expect(appliance.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  expect(await appliance.stop()).toBe(0);
  removeFolders(appliance.folders);
}, 20_000);

async function socketOn(host: string): Promise<Datagrams> {
  const socket = await openDatagrams(host);
  open.push(socket);
  return socket;
}

async function echoLine(): Promise<RawCall> {
  const call = await rawCall({ ...appliance.sip, number: "echo" });
  open.push(call);
  return call;
}

const droppedMedia = async () => (await appliance.cli<Status>("status")).media.dropped;
const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Sends one frame each 20 ms from each socket, for `ms`. */
async function stream(senders: { socket: Datagrams; payload: Uint8Array }[], port: number, ms: number): Promise<void> {
  const streams = senders.map((sender) => ({ ...sender, rtp: newStream() }));
  const from = performance.now();
  for (let at = 0; at < ms; at += 20) {
    for (const { socket, payload, rtp } of streams) socket.send(rtpPacket(rtp, payload), { port });
    await Bun.sleep(Math.max(0, from + at + 20 - performance.now()));
  }
}
const loudIn = ({ received }: Datagrams) =>
  received.filter((packet) => {
    const samples = new Int16Array(packet.length - 12);
    decode("PCMA", packet.subarray(12), samples);
    return isLoud(samples);
  }).length;

test("cannot take over a stream that is latched, nor be heard in it", async () => {
  const call = await echoLine();
  const stranger = await socketOn("127.0.0.2");
  const neighbour = await socketOn("127.0.0.1"); // the peer's address, another port
  await stream([{ socket: call.rtp, payload: silentFrame }], call.mediaPort, 400);
  const before = total(await droppedMedia());
  await stream(
    [
      { socket: call.rtp, payload: silentFrame },
      { socket: stranger, payload: loudFrame },
      { socket: neighbour, payload: loudFrame },
    ],
    call.mediaPort,
    2_000,
  );
  expect(total(await droppedMedia())).toBeGreaterThanOrEqual(before + 190);
  expect(call.rtp.received.length).toBeGreaterThan(100);
  expect(loudIn(call.rtp)).toBe(0);
  expect([stranger.received.length, neighbour.received.length]).toEqual([0, 0]);
  expect(await call.ask(call.request("BYE", { cseq: 2 }))).toBe(200);
}, 20_000);

test("cannot take over a stream whose owner falls silent", async () => {
  const call = await echoLine();
  const stranger = await socketOn("127.0.0.2");
  await stream([{ socket: call.rtp, payload: silentFrame }], call.mediaPort, 400);
  await stream([{ socket: stranger, payload: loudFrame }], call.mediaPort, 2_000);
  expect(stranger.received).toEqual([]);
  expect(loudIn(call.rtp)).toBe(0);
  expect(await call.ask(call.request("BYE", { cseq: 2 }))).toBe(200);
}, 20_000);

test("that comes before the caller's own does not win the stream", async () => {
  const call = await echoLine();
  const stranger = await socketOn("127.0.0.2");
  await stream([{ socket: stranger, payload: loudFrame }], call.mediaPort, 300);
  await stream(
    [
      { socket: call.rtp, payload: silentFrame },
      { socket: stranger, payload: loudFrame },
    ],
    call.mediaPort,
    1_000,
  );
  expect(stranger.received).toEqual([]);
  expect(loudIn(call.rtp)).toBe(0);
  expect(await call.ask(call.request("BYE", { cseq: 2 }))).toBe(200);
}, 20_000);

test("is believed where the SDP's address sends nothing (a NAT), and only until it does", async () => {
  const call = await echoLine();
  const stranger = await socketOn("127.0.0.2");
  await stream([{ socket: stranger, payload: loudFrame }], call.mediaPort, 1_500);
  expect(stranger.received.length).toBeGreaterThan(10);
  await stream([{ socket: call.rtp, payload: silentFrame }], call.mediaPort, 100);
  await Bun.sleep(200);
  const taken = stranger.received.length;
  await stream(
    [
      { socket: call.rtp, payload: silentFrame },
      { socket: stranger, payload: loudFrame },
    ],
    call.mediaPort,
    1_000,
  );
  expect(stranger.received.length).toBe(taken);
  expect(call.rtp.received.length).toBeGreaterThan(40);
  expect(await call.ask(call.request("BYE", { cseq: 2 }))).toBe(200);
}, 20_000);

test("garbage on both ports of a call is counted by reason and disturbs nothing", async () => {
  // Beside it a call that nobody bothers: on a busy machine both lose frames to lateness, alike.
  const [call, quiet] = [await echoLine(), await echoLine()];
  const [stranger, peer] = await Promise.all([socketOn("127.0.0.3"), socketOn("127.0.0.1")]);
  const garbage = [
    ...Array.from({ length: 300 }, (_, i) => crypto.getRandomValues(new Uint8Array(1 + ((i * 53) % 1_500)))),
    ...sharedFolder("fuzz/sip-dialog").values(),
    Buffer.alloc(60_000, 0x80),
    Buffer.from([0x80]),
    Buffer.from([0x80, 200, 0, 1]),
  ];
  const owners = [call, quiet].map(({ rtp, mediaPort }) =>
    stream([{ socket: rtp, payload: loudFrame }], mediaPort, 3_000),
  );
  const before = await droppedMedia();
  for (const datagram of garbage) {
    for (const socket of [stranger, peer, call.rtp]) {
      socket.send(datagram, { port: call.mediaPort });
      socket.send(datagram, { port: call.mediaPort + 1 });
    }
    await Bun.sleep(2);
  }
  await Promise.all(owners);
  const after = await droppedMedia();
  expect(Object.keys(after).filter((reason) => (after[reason] ?? 0) > (before[reason] ?? 0)).length).toBeGreaterThan(2);
  expect([stranger.received.length, peer.received.length]).toEqual([0, 0]);
  expect(loudIn(quiet.rtp)).toBeGreaterThan(75);
  expect(loudIn(call.rtp)).toBeGreaterThan(0.8 * loudIn(quiet.rtp));
  for (const one of [call, quiet]) expect(await one.ask(one.request("BYE", { cseq: 2 }))).toBe(200);
}, 20_000);
