/** Which calls get SRTP: by policy, by how the INVITE came, and by the named exception. */
import { expect, test } from "bun:test";
import { createSwitchboard, type SwitchboardPorts } from "../../src/calls/switchboard.ts";
import type { ToMedia } from "../../src/media/messages.ts";
import type { ServerCall } from "../../src/sip/ports.ts";

const head = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n";
const plain = `${head}m=audio 4000 RTP/AVP 8\r\n`;
const key = Buffer.alloc(30, 7).toString("base64");
const secure = `${head}m=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}\r\n`;

type Srtp = SwitchboardPorts["srtp"];

/** @returns "refused", "plain" or "encrypted", and the keys that were made. */
async function outcome(policy: Srtp["policy"], evenInClear: boolean, transport: "udp" | "tls", offer: string) {
  const sent: ToMedia[] = [];
  let said = "nothing";
  let made = 0;
  const board = createSwitchboard({
    media: {
      open: async () => ({ port: 40_000 }),
      send: (message) => sent.push(message),
      onEvent: () => () => undefined,
    },
    lines: [{ number: "*", kind: "echo" }],
    codecs: ["PCMA"],
    srtp: { policy, evenInClear, newKey: () => new Uint8Array(30).fill(++made) },
    maxCalls: 10,
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
    ring: () => undefined,
    answer(sdp) {
      said = sdp.includes("RTP/SAVP") ? "encrypted" : "plain";
    },
    reject(status) {
      said = `refused ${status}`;
    },
    hangUp: () => undefined,
  };
  const handlers = board.onInvite(call);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  const again = handlers.reoffered(offer);
  const start = sent.find((message) => message.kind === "start");
  expect(start?.kind === "start" && start.media.srtp !== undefined).toBe(said === "encrypted");
  return { said, made, again };
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
] as const)("%s, exception %p, over %s", async (policy, evenInClear, transport, offer, expected) => {
  expect((await outcome(policy, evenInClear, transport, offer)).said).toBe(expected);
});

test("a re-INVITE gets the key of the first answer: the stream is not begun anew", async () => {
  const { made, again } = await outcome("require", false, "tls", secure);
  expect(made).toBe(1);
  expect(again).toContain(`inline:${Buffer.alloc(30, 1).toString("base64")}`);
});
