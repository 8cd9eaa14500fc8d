/** Who is no configured peer gets no answer and disturbs no call; who guesses ends none. For RTP see strangers-rtp.test.ts. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { sharedFolder } from "../sip/fixtures.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";
import { type Datagrams, openDatagrams, type RawCall, rawCall } from "./raw-call.ts";
import { startWitness, type Witness } from "./witness.ts";

const strangers = ["127.0.0.2", "127.0.0.3", "127.0.0.77"];
const lines = 'lines=[{number="echo",kind="echo"},{number="*",kind="reception"}]';

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

/** A call that lives through what `disturb` does, and is found undisturbed. */
async function whileCalling(seconds: number, disturb: () => Promise<void>): Promise<Witness> {
  const witness = await startWitness(appliance, seconds);
  try {
    await disturb();
    await until("the caller has hummed to the end", () => !witness.humming(), (seconds + 5) * 1_000);
    witness.expectUndisturbed();
  } finally {
    await witness.hangUp();
  }
  return witness;
}

describe("SIP from strangers", () => {
  test("is not answered, whatever it is; it is counted, and a call is not disturbed", async () => {
    const sockets = await Promise.all(strangers.map(socketOn));
    const before = (await droppedSip())["not-a-peer"] ?? 0;
    let sent = 0;
    await whileCalling(6, async () => {
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
  }, 60_000);

  test("from the peer's own address is refused or dropped by reason, and nothing breaks", async () => {
    const peer = await socketOn("127.0.0.1");
    const before = await droppedSip();
    await whileCalling(4, async () => {
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
  }, 60_000);

  test("as a flood: calls live on, a new call is answered meanwhile", async () => {
    const { host, port } = appliance.sip;
    const before = (await droppedSip())["not-a-peer"] ?? 0;
    let flood = { sent: 0, answers: 0 };
    let answeredMs = 0;
    const live = await whileCalling(6, async () => {
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
        `a call answered after ${Math.round(answeredMs)} ms; ${JSON.stringify(live.shares())} of a live call`,
    );
    expect(flood.sent).toBeGreaterThan(20_000);
    expect(flood.answers).toBe(0);
    expect(counted).toBeGreaterThan(0);
    expect(answeredMs).toBeLessThan(4_000);
  }, 60_000);
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
