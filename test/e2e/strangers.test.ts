/** Who is no configured peer gets no answer, disturbs no call and takes over no stream; who guesses ends no call. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { decode, encode } from "../../src/media/g711.ts";
import { dial, type Phone } from "../caller/phone.ts";
import { sharedFolder } from "../sip/fixtures.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";
import { type Datagrams, newStream, openDatagrams, type RawCall, rawCall, rtpPacket } from "./raw-call.ts";
import { isLoud } from "./silence.ts";

const strangers = ["127.0.0.2", "127.0.0.3", "127.0.0.77"];
const lines = 'lines=[{number="echo",kind="echo"},{number="*",kind="reception"}]';
const tone = (samples: number) =>
  Int16Array.from({ length: samples }, (_, i) => 8_000 * Math.sin((2 * Math.PI * 440 * i) / 8_000));
const loudFrame = encode("PCMA", tone(160));
const silentFrame = encode("PCMA", new Int16Array(160));

let appliance: Appliance;
const open: { close(): void }[] = [];
beforeAll(async () => {
  // Some torture messages are calls; nobody is there to end them.
  appliance = await startAppliance({ set: [lines, "calls.drainSeconds=0"] });
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

const droppedSip = async () => (await appliance.cli<Status>("status")).sip.dropped;
const droppedMedia = async () => (await appliance.cli<Status>("status")).media.dropped;
const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Random bytes, SIP cut off anywhere, a header larger than any datagram should be, the torture messages. */
function malformed(): Buffer[] {
  const options = Buffer.from(
    `OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n\r\n`,
  );
  return [
    ...Array.from({ length: 200 }, (_, i) =>
      Buffer.from(crypto.getRandomValues(new Uint8Array(1 + ((i * 37) % 1_400)))),
    ),
    ...Array.from({ length: options.length - 1 }, (_, i) => options.subarray(0, i + 1)),
    Buffer.from(`OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: ${"a".repeat(60_000)}\r\n\r\n`),
    Buffer.from(`OPTIONS sip:x@127.0.0.1 SIP/2.0\r\n${"Via: SIP/2.0/UDP h\r\n".repeat(700)}\r\n`),
    Buffer.alloc(0),
    ...sharedFolder("rfc4475").values(),
    ...sharedFolder("fuzz/sip").values(),
  ];
}

/** Hums on the echo line for `seconds`, while `disturb` runs. @returns the share of frames that came back as sent. */
async function whileCalling(seconds: number, disturb: (phone: Phone) => Promise<void>): Promise<number> {
  const frames = { total: 0, heard: 0 };
  const answered = Promise.withResolvers<void>();
  let ended = false;
  const phone = await dial(
    { ...appliance.sip, number: "echo", from: "test" },
    {
      answered: () => answered.resolve(),
      heard(frame) {
        if (!phone.speaking() || (frames.total === 0 && !isLoud(frame))) return;
        frames.total++;
        if (isLoud(frame)) frames.heard++;
      },
      ended: () => {
        ended = true;
        answered.reject(new Error("ended"));
      },
    },
  );
  try {
    await answered.promise;
    phone.say(tone(8_000 * seconds));
    await disturb(phone);
    await until("the caller has hummed to the end", () => !phone.speaking(), (seconds + 5) * 1_000);
    expect(ended).toBe(false);
    phone.hangUp();
    await Bun.sleep(100);
  } finally {
    phone.close();
  }
  return frames.heard / frames.total;
}

describe("SIP from strangers", () => {
  test("is not answered, whatever it is; it is counted, and a call is not disturbed", async () => {
    const sockets = await Promise.all(strangers.map(socketOn));
    const before = (await droppedSip())["not-a-peer"] ?? 0;
    let sent = 0;
    const heard = await whileCalling(6, async () => {
      for (const datagram of malformed()) {
        for (const socket of sockets) socket.send(datagram, appliance.sip);
        sent += sockets.length;
        if (sent % 60 === 0) await Bun.sleep(5);
      }
    });
    expect(sockets.flatMap(({ received }) => received)).toEqual([]);
    const counted = ((await droppedSip())["not-a-peer"] ?? 0) - before;
    expect(counted).toBeLessThanOrEqual(sent);
    expect(counted).toBeGreaterThan(0.9 * sent); // the kernel may lose some of a burst
    expect(heard).toBeGreaterThan(0.99);
  }, 60_000);

  test("from the peer's own address is refused or dropped by reason, and nothing breaks", async () => {
    const peer = await socketOn("127.0.0.1");
    const before = await droppedSip();
    const heard = await whileCalling(4, async () => {
      for (const datagram of malformed()) {
        peer.send(datagram, appliance.sip);
        await Bun.sleep(2);
      }
    });
    const after = await droppedSip();
    const rose = Object.keys(after).filter((reason) => (after[reason] ?? 0) > (before[reason] ?? 0));
    expect(rose.filter((reason) => reason.startsWith("malformed-")).length).toBeGreaterThan(2);
    expect(rose).toContain("too-large");
    expect(after["internal-error"]).toBeUndefined();
    expect(heard).toBeGreaterThan(0.99);
  }, 60_000);

  test("as a flood: calls live on, a new call is answered meanwhile", async () => {
    const { host, port } = appliance.sip;
    const before = (await droppedSip())["not-a-peer"] ?? 0;
    let flood = { sent: 0, answers: 0 };
    let answeredMs = 0;
    const heard = await whileCalling(6, async () => {
      const child = Bun.spawn(
        [process.execPath, join(import.meta.dir, "flood.ts"), host, String(port), "4", ...strangers],
        { stdout: "pipe", stderr: "ignore" },
      );
      await Bun.sleep(1_000);
      const from = performance.now();
      await whileCalling(1, () => {
        answeredMs = performance.now() - from;
        return Promise.resolve();
      });
      flood = JSON.parse(await child.stdout.text()) as typeof flood;
    });
    const counted = ((await droppedSip())["not-a-peer"] ?? 0) - before;
    console.log(
      `flood: ${Math.round(flood.sent / 4)} datagrams/s, ${((100 * counted) / flood.sent).toFixed(1)} % reached the filter; ` +
        `a call answered after ${Math.round(answeredMs)} ms; ${(100 * heard).toFixed(2)} % of a live call's frames heard`,
    );
    expect(flood.sent).toBeGreaterThan(20_000);
    expect(flood.answers).toBe(0);
    expect(counted).toBeGreaterThan(0);
    expect(answeredMs).toBeLessThan(4_000);
    expect(heard).toBeGreaterThan(0.99);
  }, 60_000);
});

describe("RTP from strangers", () => {
  /** Sends one frame each 20 ms from each socket, for `ms`. */
  async function stream(
    senders: { socket: Datagrams; payload: Uint8Array }[],
    port: number,
    ms: number,
  ): Promise<void> {
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
    const call = await echoLine();
    const [stranger, peer] = await Promise.all([socketOn("127.0.0.3"), socketOn("127.0.0.1")]);
    const garbage = [
      ...Array.from({ length: 300 }, (_, i) => crypto.getRandomValues(new Uint8Array(1 + ((i * 53) % 1_500)))),
      ...sharedFolder("fuzz/sip-dialog").values(),
      Buffer.alloc(60_000, 0x80),
      Buffer.from([0x80]),
      Buffer.from([0x80, 200, 0, 1]),
    ];
    const owner = stream([{ socket: call.rtp, payload: loudFrame }], call.mediaPort, 3_000);
    const before = await droppedMedia();
    for (const datagram of garbage) {
      for (const socket of [stranger, peer, call.rtp]) {
        socket.send(datagram, { port: call.mediaPort });
        socket.send(datagram, { port: call.mediaPort + 1 });
      }
      await Bun.sleep(2);
    }
    await owner;
    const after = await droppedMedia();
    expect(Object.keys(after).filter((reason) => (after[reason] ?? 0) > (before[reason] ?? 0)).length).toBeGreaterThan(
      2,
    );
    expect([stranger.received.length, peer.received.length]).toEqual([0, 0]);
    expect(loudIn(call.rtp)).toBeGreaterThan(130);
    expect(await call.ask(call.request("BYE", { cseq: 2 }))).toBe(200);
  }, 20_000);
});

describe("guesses", () => {
  test("a call is not ended by who does not know all of its names, nor by a stranger who does", async () => {
    const call = await echoLine();
    const guesser = await socketOn("127.0.0.1");
    const stranger = await socketOn("127.0.0.2");
    const bye = (over: Parameters<typeof call.request>[1]) =>
      call.ask(call.request("BYE", { cseq: 9, ...over }), guesser);
    expect(await bye({ toTag: "0123456789abcdef" })).toBe(481);
    expect(await bye({ toTag: undefined })).toBe(481);
    expect(await bye({ fromTag: "ffffffff" })).toBe(481);
    expect(await bye({ callId: "another" })).toBe(481);
    expect(await bye({ toTag: call.toTag.slice(0, -1) })).toBe(481);
    // RFC 3261 §12.2.2: a number lower than the last is out of order.
    expect(await bye({ cseq: 0 })).toBe(500);
    expect(await call.ask(call.request("CANCEL", { toTag: undefined }), guesser)).toBe(481);
    stranger.send(call.request("BYE", { cseq: 2 }), appliance.sip);
    await Bun.sleep(300);
    expect(stranger.received).toEqual([]);
    expect(call.sip.received).toEqual([]);
    const { sip, media } = await appliance.cli<Status>("status");
    expect(sip.dialogs).toBeGreaterThanOrEqual(1);
    expect(media.calls).toBeGreaterThanOrEqual(1);
    expect(await call.ask(call.request("BYE", { cseq: 2 }))).toBe(200);
    expect(await call.ask(call.request("BYE", { cseq: 3 }))).toBe(481);
  }, 20_000);
});
