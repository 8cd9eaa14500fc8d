import { expect, test } from "bun:test";
import { createSwitchboard } from "../../src/calls/switchboard.ts";
import type { FromMedia, ToMedia } from "../../src/media/messages.ts";
import type { ServerCall, ServerCallHandlers } from "../../src/sip/ports.ts";
import { srtpPorts } from "./srtp-ports.ts";

const sdp = (port: number, direction: string, dtmf = 96) =>
  [
    "v=0",
    "o=- 1 1 IN IP4 192.0.2.1",
    "s=-",
    "c=IN IP4 192.0.2.1",
    "t=0 0",
    `m=audio ${port} RTP/AVP 8 ${dtmf}`,
    "a=rtpmap:8 PCMA/8000",
    `a=rtpmap:${dtmf} telephone-event/8000`,
    `a=${direction}`,
    "",
  ].join("\r\n");

/** One call that is answered, on the reception line; the media Worker and the conversation are written down. */
async function answered(offer: string | undefined) {
  const toMedia: ToMedia[] = [];
  const heard: FromMedia[] = [];
  const answers: string[] = [];
  const switchboard = createSwitchboard({
    media: {
      open: () => Promise.resolve({ port: 30_000 }),
      send: (message) => void toMedia.push(message),
      onEvent: () => () => undefined,
    },
    lines: [{ number: "*", kind: "reception" }],
    codecs: ["PCMA", "PCMU"],
    srtp: srtpPorts("off"),
    maxCalls: () => 1,
    mediaAddress: undefined,
    runCall: () => ({
      acknowledged: () => undefined,
      ended: () => undefined,
      media: (event) => void heard.push(event),
      hangUp: () => undefined,
      state: () => ({ phase: "talking" }),
    }),
    failed: (_callId, error) => {
      throw error;
    },
    schedule: () => () => undefined,
  });
  const call: ServerCall = {
    id: "0000002a-0000-4000-8000-000000000000",
    caller: { number: undefined, display: undefined, withheld: true },
    called: "100",
    offer,
    localAddress: "192.0.2.9",
    ring: () => undefined,
    answer: (text) => void answers.push(text),
    reject: () => undefined,
    hangUp: () => undefined,
  };
  const handlers: ServerCallHandlers = switchboard.onInvite(call);
  await Promise.resolve();
  await Promise.resolve();
  handlers.acknowledged(offer === undefined ? sdp(40_000, "sendrecv", 101) : undefined);
  const started = () => toMedia.flatMap((message) => (message.kind === "start" ? [message.media] : []));
  return { handlers, answers, heard, started };
}

test("A key in INFO reaches the conversation", async () => {
  const { handlers, heard } = await answered(sdp(40_000, "sendrecv"));
  handlers.digit?.("5", 160);
  expect(heard).toMatchObject([{ kind: "digit", digit: "5", durationMs: 160 }]);
});

test("A re-INVITE without an offer gets a whole one, which ends a hold", async () => {
  const { handlers, started } = await answered(sdp(40_000, "sendrecv"));
  expect(handlers.reoffered(sdp(40_000, "sendonly"))).toContain("a=recvonly");
  expect(started().at(-1)).toMatchObject({ direction: "recvonly", dtmfPayloadType: 96 });
  const offer = handlers.reoffer?.();
  expect(offer).toContain("a=sendrecv");
  expect(offer).toContain("o=- 42 3 IN IP4 192.0.2.9");
  handlers.reanswered?.(sdp(40_002, "sendrecv", 101));
  expect(started().at(-1)).toMatchObject({
    direction: "sendrecv",
    remote: { address: "192.0.2.1", port: 40_002 },
    dtmfPayloadType: 101,
  });
});

test("A re-INVITE to T.38 is refused, and the call goes on as it was; the next one is answered in its turn", async () => {
  const { handlers, started } = await answered(sdp(40_000, "sendrecv"));
  const head = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";
  expect(handlers.reoffered(`${head}m=image 41000 udptl t38\r\na=T38FaxVersion:0\r\n`)).toBeUndefined();
  expect(started()).toEqual([]);
  const next = handlers.reoffered(sdp(40_008, "sendrecv"));
  expect(started()).toHaveLength(1);
  expect(next).toContain("o=- 42 2 IN IP4 192.0.2.9");
  expect(started().at(-1)).toMatchObject({ remote: { port: 40_008 } });
});

test("The answer to a refresh of ours changes nothing, or where the sound goes and which way, never the numbers", async () => {
  const { handlers, started } = await answered(sdp(40_000, "sendrecv"));
  handlers.reoffered(sdp(40_000, "sendrecv"));
  handlers.reanswered?.(sdp(40_000, "sendrecv"));
  expect(started()).toHaveLength(1);
  handlers.reanswered?.(sdp(40_004, "sendonly"));
  expect(started()).toHaveLength(2);
  expect(started().at(-1)).toMatchObject({
    direction: "recvonly",
    remote: { address: "192.0.2.1", port: 40_004 },
    dtmfPayloadType: 96,
    receivePayloadType: 8,
  });
  handlers.reanswered?.("v=0\r\n");
  expect(started()).toHaveLength(2);
});
