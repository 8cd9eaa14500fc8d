// needs: kamailio, ps
/** What telephones do in a call, through Kamailio: give up at the last moment, press keys, hold and come back. */
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { Status } from "../../src/control/ports.ts";
import { seeded } from "../sip/random.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";
import { type Kamailio, prepareKamailio } from "./kamailio.ts";
import { pbxPhone } from "./pbx-phone.ts";
import { newStream, type RtpStream, rtpPacket } from "./raw-call.ts";

let appliance: Appliance;
let pbx: Kamailio;
const open: { close(): void }[] = [];
beforeAll(async () => {
  const lines = 'lines=[{number="200",kind="echo"},{number="*",kind="reception"}]';
  appliance = await startAppliance({ set: [lines, "calls.drainSeconds=0", "media.inactivitySeconds=600"] });
  pbx = await prepareKamailio("MD5", appliance.sip.port);
  await pbx.start();
}, 40_000);
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});
afterAll(async () => {
  expect(appliance.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  expect(await appliance.stop()).toBe(0);
  await pbx.remove();
  removeFolders(appliance.folders);
}, 20_000);

async function phone(number: string) {
  const one = await pbxPhone(pbx, number);
  open.push(one);
  return one;
}
type Phone = Awaited<ReturnType<typeof phone>>;

/** Calls, is answered and acknowledges. Returns our port for RTP. */
async function talk(one: Phone): Promise<number> {
  one.invite();
  const taken = await one.answer("INVITE", (status) => status === 200);
  one.enter(taken);
  one.acknowledge();
  return Number(/^m=audio ([0-9]+)/m.exec(taken.text)?.[1]);
}

const nothingLeft = () =>
  until("nothing left of the calls", async () => {
    const { sip, media, calls } = await appliance.cli<Status>("status");
    return sip.dialogs === 0 && media.sockets === 0 && calls.length === 0;
  });

test("CANCEL as our answer is under way: refused or answered and hung up, each call ends, and nothing is left", async () => {
  const { below } = seeded(20_261_121);
  const ends: Record<number, number> = { 200: 0, 487: 0 };
  for (let call = 0; call < 20; call += 1) {
    const one = await phone("200");
    one.invite();
    await one.answer("INVITE", (status) => status === 100); // RFC 3261 §9.1: not before
    await Bun.sleep(below(8));
    one.cancel();
    // §9.2: the CANCEL is answered for itself; the INVITE as if there had been none where it came too late.
    expect((await one.answer("CANCEL", () => true)).status).toBe(200);
    const final = await one.answer("INVITE", (status) => status >= 200);
    ends[final.status] = (ends[final.status] ?? 0) + 1;
    if (final.status === 200) {
      one.enter(final);
      one.acknowledge();
      expect((await one.ask("BYE")).status).toBe(200);
    } else one.acknowledge(true);
    one.close();
  }
  console.log(`CANCEL against our answer: ${ends[200]} answered and hung up, ${ends[487]} refused with 487`);
  expect((ends[200] ?? 0) + (ends[487] ?? 0)).toBe(20);
  await nothingLeft();
}, 40_000);

const voice = Buffer.alloc(160, 0xd5);

/** RFC 4733 §2.5: one key, its end said three times, all with the time at which it was pressed. */
function keyPackets(stream: RtpStream, event: number, payloadType: number): Buffer[] {
  const { timestamp } = stream;
  return [160, 320, 480, 640, 640, 640].map((duration, at) => {
    const ended = at >= 3;
    const packet = rtpPacket(stream, Buffer.from([event, (ended ? 0x80 : 0) | 10, duration >> 8, duration & 0xff]));
    packet[1] = payloadType | (at === 0 ? 0x80 : 0);
    packet.writeUInt32BE(timestamp, 4);
    stream.timestamp = (timestamp + 960) % 2 ** 32;
    return packet;
  });
}

test("Keys by INFO and as RTP events (RFC 4733) are heard once each, in their order", async () => {
  const one = await phone("299");
  const to = { port: await talk(one) };
  const stream = newStream();
  const heard = one.rtp.received;
  /** Sound in step with what comes, which is 20 ms for 20 ms. */
  async function sound(packets: readonly Buffer[]): Promise<void> {
    for (const packet of packets) {
      const before = heard.length;
      one.rtp.send(packet, to);
      await until("its next packet", () => heard.length > before, 2_000);
    }
  }
  type Call = { id: string; turns: { heard: string; saidInFull: boolean }[] };
  const turns = async () => {
    const [latest] = await appliance.cli<Call[]>("calls", "list");
    return latest === undefined ? [] : (await appliance.cli<Call>("calls", "show", latest.id)).turns;
  };
  const speakUntil = (what: string, done: () => Promise<boolean>) =>
    until(what, async () => {
      await sound([rtpPacket(stream, voice)]);
      return await done();
    });
  await speakUntil("the greeting", async () => (await turns())[0]?.saidInFull === true);
  const relay = ["Content-Type: application/dtmf-relay"];
  expect((await one.ask("INFO", relay, "Signal=4\r\nDuration=160\r\n")).status).toBe(200);
  await sound(keyPackets(stream, 7, 101));
  expect((await one.ask("INFO", ["Content-Type: application/dtmf"], "1")).status).toBe(200);
  await sound(keyPackets(stream, 9, 101)); // ends before the pause after which keys are taken as complete
  await sound(keyPackets(stream, 11, 101)); // "#" says so
  await speakUntil("the keys", async () => (await turns()).some(({ heard: words }) => words.includes("[")));
  expect((await turns()).map(({ heard: words }) => words).filter((words) => words.includes("["))).toEqual(["[4719]"]);
  expect((await one.ask("BYE")).status).toBe(200);
  await nothingLeft();
}, 40_000);

test("Hold by sendonly, by inactive and by 0.0.0.0: we fall silent, and are back each time with the same sound", async () => {
  const one = await phone("200");
  const to = { port: await talk(one) };
  const stream = newStream();
  const payload = Buffer.from(Array.from({ length: 160 }, (_, at) => at));
  const { received } = one.rtp;
  const echoes = async (what: string) => {
    received.length = 0;
    await until(what, () => {
      one.rtp.send(rtpPacket(stream, payload), to);
      return received.filter((packet) => packet.subarray(12).equals(payload)).length >= 5;
    });
  };
  await echoes("the echo");
  for (const [direction, address, answered] of [
    ["sendonly", undefined, "recvonly"],
    ["inactive", undefined, "inactive"],
    ["sendrecv", "0.0.0.0", undefined],
  ] as const) {
    const sdp = await one.reinvite(direction, address);
    if (answered !== undefined) expect(sdp).toContain(`a=${answered}\r\n`);
    await Bun.sleep(200); // what was under way has arrived
    received.length = 0;
    await Bun.sleep(300);
    expect(received.filter((packet) => (packet[1] ?? 0) % 128 === 8)).toEqual([]);
    expect(await one.reinvite("sendrecv")).not.toMatch(/a=(recvonly|sendonly|inactive)/);
    await echoes(`the echo after ${direction} ${address ?? ""}`);
  }
  expect((await one.ask("BYE")).status).toBe(200);
  await nothingLeft();
}, 40_000);
