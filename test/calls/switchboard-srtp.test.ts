/** Which calls get SRTP: by policy, by how the INVITE came, and by the named exception. */
import { expect, test } from "bun:test";
import type { SrtpPolicy } from "../../src/calls/call-keys.ts";
import { createSwitchboard } from "../../src/calls/switchboard.ts";
import type { LegSide } from "../../src/calls/transfer/ports.ts";
import type { ToMedia } from "../../src/media/messages.ts";
import { makeOffer } from "../../src/media/sdp.ts";
import type { ServerCall } from "../../src/sip/ports.ts";
import { srtpPorts } from "./srtp-ports.ts";

const head = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n";
const plain = `${head}m=audio 4000 RTP/AVP 8\r\n`;
const key = Buffer.alloc(30, 7).toString("base64");
const secure = `${head}m=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}\r\n`;

const digits = Array.from({ length: 32 }, () => "CD").join(":");
const handshake = `${head}m=audio 4000 UDP/TLS/RTP/SAVPF 8\r\na=fingerprint:SHA-256 ${digits}\r\na=setup:actpass\r\n`;

/** @returns what was answered, and the keys that were made. */
async function outcome(
  policy: SrtpPolicy,
  evenInClear: boolean,
  transport: "udp" | "tls",
  offer: string | undefined,
  trunk = "office",
  /** Offered between the first and the last. */
  others: readonly string[] = [],
) {
  const sent: ToMedia[] = [];
  let said = "nothing";
  let sdp = "";
  const srtp = srtpPorts(policy, evenInClear);
  const board = createSwitchboard({
    media: {
      open: async () => ({ port: 40_000 }),
      send: (message) => sent.push(message),
      onEvent: () => () => undefined,
    },
    lines: [{ number: "*", kind: "echo" }],
    codecs: ["PCMA"],
    srtp,
    maxCalls: () => 10,
    mediaAddress: undefined,
    runCall: () => {
      throw new Error("an echo line runs none");
    },
    failed: (_id, error) => {
      throw error;
    },
    schedule: () => () => undefined,
  });
  const call: ServerCall = {
    id: "00000000-0000-4000-8000-000000000000",
    caller: { number: undefined, display: undefined, withheld: true },
    called: "200",
    offer,
    localAddress: "192.0.2.1",
    transport,
    trunk,
    ring: () => undefined,
    answer(answered) {
      sdp = answered;
      said = sdp.includes("UDP/TLS/RTP/SAVP") ? "handshake" : sdp.includes("RTP/SAVP") ? "encrypted" : "plain";
    },
    reject(status) {
      said = `refused ${status}`;
    },
    hangUp: () => undefined,
  };
  const handlers = board.onInvite(call);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  if (offer === undefined) return { said, sdp, made: srtp.made, again: undefined };
  for (const other of others) expect(handlers.reoffered(other)).toBeDefined();
  const again = handlers.reoffered(offer);
  const start = sent.find((message) => message.kind === "start");
  expect(start?.kind === "start" && start.media.srtp !== undefined).toBe(said === "encrypted");
  expect(start?.kind === "start" && start.media.dtls !== undefined).toBe(said === "handshake");
  return { said, sdp, made: srtp.made, again };
}

test.each([
  ["off", true, "tls", secure, "refused 488"],
  ["off", false, "udp", plain, "plain"],
  ["prefer", false, "udp", plain, "plain"],
  ["prefer", false, "udp", secure, "refused 488"],
  ["prefer", false, "tls", secure, "encrypted"],
  ["prefer", true, "udp", secure, "encrypted"],
  ["require", false, "udp", secure, "refused 488"],
  ["require", false, "udp", plain, "refused 488"],
  ["require", false, "tls", plain, "refused 488"],
  ["require", false, "tls", secure, "encrypted"],
  ["require", true, "udp", secure, "encrypted"],
  ["off", true, "tls", handshake, "refused 488"],
  ["prefer", false, "udp", handshake, "handshake"],
  ["require", false, "udp", handshake, "handshake"],
  ["require", false, "tls", handshake, "handshake"],
  ["off", false, "udp", undefined, "plain"],
  ["prefer", false, "tls", undefined, "plain"],
  ["require", false, "udp", undefined, "handshake"],
  ["require", false, "tls", undefined, "encrypted"],
] as const)("%s, exception %p, over %s", async (policy, evenInClear, transport, offer, expected) => {
  expect((await outcome(policy, evenInClear, transport, offer)).said).toBe(expected);
});

test("a re-INVITE gets the key of the first answer: the stream is not begun anew", async () => {
  const { made, again } = await outcome("require", false, "tls", secure);
  expect(made).toBe(1);
  expect(again).toContain(`inline:${Buffer.alloc(30, 1).toString("base64")}`);
});

test("a key that has been left is not come back to: its counters would begin again", async () => {
  const other = secure.replace("AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32");
  for (const between of [plain, handshake, other]) {
    const { sdp, again } = await outcome("prefer", false, "tls", secure, "office", [between]);
    const [first, last] = [sdp, again ?? ""].map((said) => /inline:(\S+)/.exec(said)?.[1]);
    expect([first, last]).not.toContain(undefined);
    expect(last).not.toBe(first);
  }
});

test("a trunk has a policy of its own", async () => {
  expect((await outcome("off", false, "udp", plain, "mandatory")).said).toBe("refused 488");
  expect((await outcome("off", false, "udp", handshake, "mandatory")).said).toBe("handshake");
});

test("a re-INVITE with the same fingerprint is answered with the same role", async () => {
  const { sdp, again } = await outcome("prefer", false, "udp", handshake);
  expect(sdp).toContain("a=setup:active\r\n");
  expect(again).toContain("a=setup:active\r\n");
  expect(sdp).not.toContain("tls-id"); // none was offered (RFC 8842 §5.3)
});

/** What a leg of a call is offered that came by that transport. */
async function legOffer(policy: SrtpPolicy, transport: "udp" | "tls", legsByTls: boolean): Promise<string> {
  let side: LegSide | undefined;
  const board = createSwitchboard({
    media: { open: async () => ({ port: 40_000 }), send: () => undefined, onEvent: () => () => undefined },
    lines: [{ number: "*", kind: "reception" }],
    codecs: ["PCMA"],
    srtp: { ...srtpPorts(policy), legsByTls: (trunk) => trunk === "office" && legsByTls },
    maxCalls: () => 10,
    mediaAddress: undefined,
    runCall(_call, _media, _line, _after, newLegSide) {
      side = newLegSide();
      const nothing = () => undefined;
      return {
        acknowledged: nothing,
        ended: nothing,
        media: nothing,
        hangUp: nothing,
        state: () => ({ phase: "talking" }),
      };
    },
    failed: (_id, error) => {
      throw error;
    },
    schedule: () => () => undefined,
  });
  const nothing = () => undefined;
  board.onInvite({
    id: "00000000-0000-4000-8000-000000000000",
    caller: { number: undefined, display: undefined, withheld: true },
    called: "200",
    offer: policy !== "require" ? plain : transport === "tls" ? secure : handshake,
    localAddress: "192.0.2.1",
    transport,
    trunk: "office",
    ring: nothing,
    answer: nothing,
    reject: nothing,
    hangUp: nothing,
  });
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  if (side === undefined) throw new Error("the call was not taken");
  return makeOffer(side.ours(40_002, 1, undefined));
}

test("a leg's keys go by the leg's own way: never in the clear because its call came by TLS, nor the reverse", async () => {
  expect(await legOffer("require", "tls", false)).not.toContain("a=crypto");
  expect(await legOffer("require", "tls", false)).toContain("UDP/TLS/RTP/SAVP");
  expect(await legOffer("require", "tls", true)).toContain("a=crypto");
  expect(await legOffer("require", "udp", true)).toContain("a=crypto");
  expect(await legOffer("require", "udp", false)).not.toContain("a=crypto");
  expect(await legOffer("prefer", "udp", false)).toContain("RTP/AVP 8");
});
