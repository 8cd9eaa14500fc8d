// needs: rtpengine
/** SRTP as rtpengine has it, at the other end: every suite of SDES, and DTLS in both roles; sound and RTCP both ways. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { parseRtcp } from "../../src/media/rtcp.ts";
import { srtpSuites } from "../../src/media/srtp-suites.ts";
import { type Dictionary, type Engine, startRtpengine } from "../peers/rtpengine/engine.ts";
import { type Appliance, removeFolders, startAppliance } from "./appliance.ts";
import { freePorts } from "./baresip.ts";
import { type Datagrams, newStream, openDatagrams, type RawCall, rawCall, rtpPacket } from "./raw-call.ts";

const host = "127.0.0.1";
const suites = Object.keys(srtpSuites);
/** What else this rtpengine can offer. */
const others = ["AES_192_CM_HMAC_SHA1_80", "AES_192_CM_HMAC_SHA1_32", "F8_128_HMAC_SHA1_80", "F8_128_HMAC_SHA1_32"];
const frames = 200;
const frameBytes = 160;

let appliance: Appliance;
/** Its SIP is as readable as the other's, and no exception is made for that. */
let withoutSdes: Appliance;
let engine: Engine;

beforeAll(async () => {
  const [port, from] = await freePorts();
  engine = await startRtpengine(port, from + 5, from + 150);
  const set = ['lines=[{number="echo",kind="echo"}]', "media.srtp=require"];
  appliance = await startAppliance({ set: [...set, "media.srtpKeysInClear=true"] });
  withoutSdes = await startAppliance({ set });
}, 30_000);

afterAll(async () => {
  await engine.stop();
  for (const one of [appliance, withoutSdes]) {
    await one.stop();
    removeFolders(one.folders);
  }
});

test.concurrent.each(suites)(
  "SDES %s",
  async (suite) => {
    const refused = [...suites, ...others].filter((one) => one !== suite).map((one) => `no-${one}`);
    const { answer, heard, reports } = await echo({ "transport-protocol": "RTP/SAVP", SDES: refused });
    expect(answer).toContain(`a=crypto:1 ${suite} `);
    expect(heard).toBeGreaterThanOrEqual(0.98);
    expect(reports).toEqual({ fromUs: true, heedsTheirs: true });
  },
  20_000,
);

test.concurrent.each([
  ["actpass", "active"],
  ["active", "passive"],
])(
  "DTLS-SRTP: %s is answered with %s",
  async (offered, answered) => {
    const setup = (sdp: string) => sdp.replace("a=setup:actpass", `a=setup:${offered}`);
    const { answer, heard, reports } = await echo({ "transport-protocol": "UDP/TLS/RTP/SAVP" }, setup);
    expect(answer).toContain(`a=setup:${answered}`);
    expect(heard).toBeGreaterThanOrEqual(0.98);
    expect(reports).toEqual({ fromUs: true, heedsTheirs: true });
  },
  20_000,
);

test.concurrent("an INVITE without offer is offered all suites where keys may stand in it", async () => {
  const { answer, heard } = await echoUnoffered(appliance);
  expect([...answer.matchAll(/^a=crypto:\d (\S+) /gm)].map(([, suite]) => suite)).toEqual(suites);
  expect(heard).toBeGreaterThanOrEqual(0.98);
}, 20_000);

test.concurrent("and a handshake where they may not", async () => {
  const { answer, heard } = await echoUnoffered(withoutSdes);
  expect(answer).toContain("a=setup:actpass");
  expect(answer).not.toContain("a=crypto");
  expect(heard).toBeGreaterThanOrEqual(0.98);
}, 20_000);

/** One call: plain RTP between the test and rtpengine, encrypted between rtpengine and the appliance's echo line. */
async function echo(options: Record<string, string | string[]>, change = (sdp: string) => sdp) {
  const rtcp = await openDatagrams(host);
  const common = { "call-id": randomBytes(8).toString("hex"), "from-tag": "test", ICE: "remove" };
  const call = await rawCall({
    host,
    port: appliance.sip.port,
    number: "echo",
    async offer(rtpPort) {
      const offered = await engine.ask("offer", { ...common, ...options, sdp: plainSdp(rtpPort, rtcp.port) });
      return change(String(offered.sdp));
    },
  });
  const settled = await engine.ask("answer", { ...common, "to-tag": "gatehouse", sdp: call.answer });
  const ports = portsOf(String(settled.sdp));
  const heard = await converse(call.rtp, ports.rtp, () => rtcp.send(senderReport(), { port: ports.rtcp }));
  const reports = rtcp.received.flatMap((bytes) => parseRtcp(bytes) ?? []);
  const blocks = reports.flatMap((part) => (part.kind === "sender-report" ? part.blocks : []));
  await end(call, appliance, common);
  rtcp.close();
  const heedsTheirs = blocks.some(({ lastSenderReport }) => lastSenderReport !== 0);
  return { answer: call.answer, heard, reports: { fromUs: reports.length > 0, heedsTheirs } };
}

/** The same with the offer in the appliance's 200. */
async function echoUnoffered(callee: Appliance) {
  const common = { "call-id": randomBytes(8).toString("hex"), "from-tag": "gatehouse", ICE: "remove" };
  let port = 0;
  const call = await rawCall({
    host,
    port: callee.sip.port,
    number: "echo",
    async answer(theirs, rtpPort) {
      const offered = await engine.ask("offer", { ...common, "transport-protocol": "RTP/AVP", sdp: theirs });
      port = portsOf(String(offered.sdp)).rtp;
      const sdp = plainSdp(rtpPort, rtpPort + 1);
      return String((await engine.ask("answer", { ...common, "to-tag": "test", sdp })).sdp);
    },
  });
  const heard = await converse(call.rtp, port, () => undefined);
  await end(call, callee, common);
  return { answer: call.answer, heard };
}

async function end(call: RawCall, callee: Appliance, common: Dictionary): Promise<void> {
  call.sip.send(call.request("BYE", { cseq: 2 }), { port: callee.sip.port });
  await engine.ask("delete", common);
  call.close();
}

function portsOf(sdp: string): { rtp: number; rtcp: number } {
  const rtp = Number(/^m=audio (\d+)/m.exec(sdp)?.[1]);
  return { rtp, rtcp: Number(/^a=rtcp:(\d+)/m.exec(sdp)?.[1] ?? rtp + 1) };
}

/** Every frame is unlike all others: what comes back is looked up. @returns the share that does. */
async function converse(rtp: Datagrams, port: number, report: () => void): Promise<number> {
  const stream = newStream();
  const sent = Array.from({ length: frames }, () => randomBytes(frameBytes));
  const started = performance.now();
  for (const [i, payload] of sent.entries()) {
    rtp.send(rtpPacket(stream, payload), { port });
    if (i % 25 === 10) report();
    await Bun.sleep(Math.max(0, started + 20 * (i + 1) - performance.now()));
  }
  await Bun.sleep(300);
  const back = Buffer.concat(rtp.received.map((packet) => packet.subarray(12)));
  // The first ones come before the way is open: keys are agreed meanwhile.
  const judged = sent.slice(50);
  return judged.filter((payload) => back.includes(payload)).length / judged.length;
}

function plainSdp(rtpPort: number, rtcpPort: number): string {
  const head = ["v=0", `o=- 1 1 IN IP4 ${host}`, "s=-", `c=IN IP4 ${host}`, "t=0 0"];
  const audio = [`m=audio ${rtpPort} RTP/AVP 8`, "a=rtpmap:8 PCMA/8000", `a=rtcp:${rtcpPort}`, "a=ptime:20", ""];
  return [...head, ...audio].join("\r\n");
}

/** RFC 3550 §6.4.1, without report blocks. */
function senderReport(): Uint8Array {
  const packet = Buffer.alloc(28);
  packet.set([0x80, 200, 0, 6]);
  packet.writeUInt32BE(0x1234_5678, 4);
  packet.writeUInt32BE(0xe000_0001, 8);
  packet.writeUInt32BE(0x8000_0000, 12);
  return packet;
}
