import { expect, test } from "bun:test";
import { createLadders, stepsAtMost } from "../../../src/sip/ladder/ladders.ts";
import { parseMessage } from "../../../src/sip/message/parse.ts";
import type { Ladder } from "../../../src/sip/ports.ts";

const pbx = { address: "192.0.2.10", port: 5060 };
const secrets = ["Wilhelmina", "07700900123", "192.0.2.77", "c2VjcmV0a2V5c2VjcmV0a2V5c2VjcmV0a2V5", "rude-words"];
const sdp = (direction: string, more = "") =>
  `v=0\r\no=Wilhelmina 1 1 IN IP4 192.0.2.77\r\ns=-\r\nc=IN IP4 192.0.2.77\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 8 9 101\r\na=rtpmap:101 telephone-event/8000\r\na=ptime:30\r\na=${direction}\r\n${more}`;
const key = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0a2V5c2VjcmV0a2V5c2VjcmV0a2V5\r\n";

function text(first: string, cseq: string, body = "", type = "application/sdp"): Uint8Array {
  return Buffer.from(
    `${first}\r\nVia: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1\r\nFrom: "Wilhelmina" <sip:07700900123@192.0.2.77>;tag=1\r\nTo: <sip:200@x>\r\nCall-ID: one\r\nCSeq: ${cseq}\r\nMax-Forwards: 70\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
}

function message(...args: Parameters<typeof text>) {
  const parsed = parseMessage(text(...args));
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.message;
}

function bench() {
  let now = 1_000;
  const ladders = createLadders(() => now);
  return {
    ladders,
    pass: (ms: number) => {
      now += ms;
    },
    invite: () => ladders.open(message("INVITE sip:200@x SIP/2.0", "1 INVITE", sdp("sendrecv", key)), pbx),
    from: (...args: Parameters<typeof text>) => ladders.received(message(...args), pbx),
    to: (...args: Parameters<typeof text>) => ladders.sent(text(...args), pbx),
  };
}

test("a call held, resumed and ended: each message once, with what it does to the sound, and nobody named", () => {
  const { ladders, pass, invite, from, to } = bench();
  invite();
  pass(4.4);
  to("SIP/2.0 100 rude-words", "1 INVITE");
  to("SIP/2.0 200 OK", "1 INVITE", sdp("sendrecv", key));
  pass(500);
  to("SIP/2.0 200 OK", "1 INVITE", sdp("sendrecv", key));
  from("INVITE sip:200@x SIP/2.0", "1 INVITE", sdp("sendrecv", key));
  from("ACK sip:200@x SIP/2.0", "1 ACK");
  from("INVITE sip:200@x SIP/2.0", "2 INVITE", sdp("sendonly"));
  from("INVITE sip:200@x SIP/2.0", "3 INVITE", sdp("inactive"));
  from("INVITE sip:200@x SIP/2.0", "4 INVITE", sdp("sendrecv"));
  from("INFO sip:200@x SIP/2.0", "5 INFO", "Signal=7\r\n", "application/dtmf-relay");
  from("SECRETMETHOD sip:200@x SIP/2.0", "6 SECRETMETHOD");
  from("SIP/2.0 499 Wilhelmina", "1 BYE");
  const ladder = ladders.close("one", "our-id", "caller-hung-up");

  expect(ladder?.steps.map(({ atMs, from, what, cseq, again, note }) => [atMs, from, what, cseq, again, note])).toEqual(
    [
      [0, "pbx", "INVITE", "1 INVITE", 1, undefined],
      [4, "us", "100 Trying", "1 INVITE", 0, undefined],
      [4, "us", "200 OK", "1 INVITE", 1, undefined],
      [504, "pbx", "ACK", "1 ACK", 0, undefined],
      [504, "pbx", "INVITE", "2 INVITE", 0, "hold"],
      [504, "pbx", "INVITE", "3 INVITE", 0, undefined],
      [504, "pbx", "INVITE", "4 INVITE", 0, "resume"],
      [504, "pbx", "INFO", "5 INFO", 0, "a key by INFO"],
      [504, "pbx", "other", "6 other", 0, undefined],
      [504, "pbx", "499", "1 BYE", 0, undefined],
    ],
  );
  expect(ladder?.steps[0]).toMatchObject({
    transport: "udp",
    sdp: {
      codecs: ["PCMA", "G722"],
      dtmf: true,
      direction: "sendrecv",
      ptimeMs: 30,
      srtp: ["AES_CM_128_HMAC_SHA1_80"],
    },
  });
  expect(ladder).toMatchObject({ omitted: 0, end: "caller-hung-up" });
  const kept = JSON.stringify(ladder);
  expect(secrets.filter((secret) => kept.includes(secret))).toEqual([]);
  expect(kept).not.toContain("Signal");
});

test("beyond the bound messages are counted; of another call none is taken", () => {
  const { ladders, invite, from } = bench();
  from("OPTIONS sip:200@x SIP/2.0", "9 OPTIONS");
  invite();
  for (let i = 2; i < stepsAtMost + 12; i++) from("OPTIONS sip:200@x SIP/2.0", `${i} OPTIONS`);
  const ladder = ladders.close("one", "our-id", "shutdown");
  expect([ladder?.steps.length, ladder?.omitted]).toEqual([stepsAtMost, 11]);
  expect(ladders.close("one", "our-id", "shutdown")).toBeUndefined();
});

test("a call that another INVITE took over has both dialogs in one ladder, on one clock", () => {
  const { ladders, pass, invite } = bench();
  invite();
  pass(1_000);
  const other = message("INVITE sip:200@x SIP/2.0", "7 INVITE");
  ladders.open({ ...other, callId: "two" }, { ...pbx, transport: "tls" });
  expect(ladders.close("one", "our-id", "replaced")).toBeUndefined();
  const ladder = ladders.close("two", "our-id", "we-hung-up") as Ladder;
  expect(ladder.steps.map(({ atMs, cseq, transport }) => [atMs, cseq, transport])).toEqual([
    [0, "1 INVITE", "udp"],
    [1_000, "7 INVITE", "tls"],
  ]);
});

test("a leg rung for the call stands in the call's ladder, apart, until the call ends", () => {
  const { ladders, pass, invite } = bench();
  const leg = { ...message("INVITE sip:201@x SIP/2.0", "1 INVITE", sdp("sendonly")), callId: "leg" };
  ladders.received(leg, pbx);
  invite();
  ladders.join("leg", "one");
  ladders.join("another", undefined);
  pass(300);
  ladders.received(leg, pbx);
  ladders.received({ ...message("SIP/2.0 180 Ringing", "1 INVITE"), callId: "leg" }, pbx);
  const ladder = ladders.close("one", "our-id", "caller-hung-up");
  expect(ladder?.steps.map(({ atMs, what, leg, note }) => [atMs, what, leg, note])).toEqual([
    [0, "INVITE", undefined, undefined],
    [300, "INVITE", true, undefined],
    [300, "180 Ringing", true, undefined],
  ]);
  invite();
  ladders.received(leg, pbx);
  expect(ladders.close("one", "our-id", "caller-hung-up")?.steps).toHaveLength(1);
});
