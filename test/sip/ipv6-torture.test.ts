/** The cases of RFC 5118 §4, in messages of our own: what each must parse to, and what we answer. */
import { expect, test } from "bun:test";
import { answerOffer, type OurSide } from "../../src/media/sdp.ts";
import type { Endpoint } from "../../src/sip/endpoint.ts";
import { headerList, type SipMessage } from "../../src/sip/message/message.ts";
import { parseNameAddr } from "../../src/sip/message/name-addr.ts";
import { parseMessage } from "../../src/sip/message/parse.ts";
import { parseSipUri } from "../../src/sip/message/uri.ts";
import { parseVia } from "../../src/sip/message/via.ts";
import { sameAddress } from "../../src/sip/peers.ts";
import { createBench, type Parts, request } from "./bench.ts";

const phone: Endpoint = { address: "2001:db8::9:1", port: 5060 };
const via = (text: string) => `Via: SIP/2.0/UDP ${text}`;
const own = via("[2001:db8::9:1];branch=z9hG4bK-v6");

function parsed(parts: Parts): SipMessage {
  const read = parseMessage(Buffer.from(request(parts), "latin1"));
  if (!read.ok) throw new Error(read.fault);
  return read.message;
}

/** Status of our last answer, and all of it. */
function answered(parts: Parts, from: Endpoint = phone) {
  const bench = createBench({ onCall: ({ call }) => call.reject(486, "Busy Here") });
  bench.receive(request(parts), from);
  expect(bench.failures).toEqual([]);
  return bench.sent.at(-1);
}

const hostOf = (uri: string) => parseSipUri(uri)?.host;

test("4.1: IPv6 references in Request-URI, Via and Contact", () => {
  const parts = { method: "REGISTER", uri: "sip:[2001:db8::10]", via: own, contact: "<sip:user@[2001:db8::1]>" };
  const message = parsed(parts);
  expect(message.kind === "request" && hostOf(message.uri)).toBe("2001:db8::10");
  expect(message.via.host).toBe("[2001:db8::9:1]");
  expect(headerList(message, "contact").map((value) => hostOf(parseNameAddr(value)?.uri ?? ""))).toEqual([
    "2001:db8::1",
  ]);
  expect(answered(parts)).toMatchObject({ status: 405, to: phone }); // understood: we are no registrar
});

test("4.2: an address without brackets is no host: 400", () => {
  expect(answered({ method: "REGISTER", uri: "sip:2001:db8::10", via: own })?.status).toBe(400);
  expect(answered({ method: "OPTIONS", uri: "sip:2001:db8::10", via: own })?.status).toBe(400);
});

test("4.3, 4.4: what looks like a port is one only behind the bracket", () => {
  const [within, behind] = ["sip:[2001:db8::10:5070]", "sip:[2001:db8::10]:5070"].map(parseSipUri);
  expect(within).toMatchObject({ host: "2001:db8::10:5070", port: undefined });
  expect(behind).toMatchObject({ host: "2001:db8::10", port: 5070 });
  for (const uri of ["sip:[2001:db8::10:5070]", "sip:[2001:db8::10]:5070"]) {
    expect(answered({ method: "OPTIONS", uri, via: own })?.status).toBe(200);
  }
});

test("4.5: `received` with and without brackets; we write it as its grammar has it, without", () => {
  for (const received of ["[2001:db8::9:255]", "2001:db8::9:255"]) {
    const line = via(`[2001:db8::9:1];received=${received};branch=z9hG4bK-v6`);
    expect(parsed({ method: "OPTIONS", via: line }).via.params.get("received")).toBe(received);
    // What the sender wrote there is not believed (RFC 3261 §18.2.1): its address is where the datagram came from.
    const answer = answered({ method: "OPTIONS", via: line }, { ...phone, address: "2001:db8::7" });
    expect(answer?.status).toBe(200);
    expect(answer?.message.via.params.get("received")).toBe("2001:db8::7");
    expect(answer?.to).toEqual({ address: "2001:db8::7", port: 5060 });
  }
});

test("An address spelt otherwise is the same: no `received` says that it was not", () => {
  const answer = answered({ method: "OPTIONS", via: via("[2001:DB8:0:0::9:1];branch=z9hG4bK-v6") });
  expect(answer?.message.via.params.has("received")).toBe(false);
});

const session = (lines: readonly string[]) => `${["v=0", ...lines].join("\r\n")}\r\n`;
const ours: OurSide = { address: "2001:db8::99", port: 40_000, codecs: ["PCMA", "PCMU"], sessionId: 1, version: 1 };
function remoteOf(offer: string) {
  const answer = answerOffer(offer, ours);
  if (!answer.ok) throw new Error(answer.reason);
  return { remote: answer.media.remote, sdp: answer.sdp };
}

test("4.6: addresses in SDP stand without brackets", () => {
  const body = session([
    "o=assistant 971731711378798081 0 IN IP6 2001:db8::20",
    "s=-",
    "c=IN IP6 2001:db8::20",
    "t=0 0",
    "m=audio 6000 RTP/AVP 0 2",
  ]);
  expect(remoteOf(body).remote).toMatchObject({ address: "2001:db8::20", port: 6000 });
  expect(answered({ via: own, contact: "<sip:user@[2001:db8::20]>", body })?.status).toBe(486); // it became a call
});

test("4.7: IPv6 and IPv4 side by side in Via; the answer goes to the topmost", () => {
  const vias = [own, via("192.0.2.1;branch=z9hG4bK-v4"), via("[2001:db8::9:255];branch=z9hG4bK-more")];
  const answer = answered({ method: "OPTIONS", via: vias.join("\r\n") });
  expect(answer).toMatchObject({ status: 200, to: phone });
  const hosts = answer && headerList(answer.message, "via").map((value) => parseVia(value)?.host);
  expect(hosts).toEqual(["[2001:db8::9:1]", "192.0.2.1", "[2001:db8::9:255]"]);
});

test("4.8: one medium by IPv6, another by IPv4: each has its own; the video is refused and stays in its place", () => {
  const { remote, sdp } = remoteOf(
    session([
      "o=bob 280744730 28977631 IN IP4 host.example.com",
      "s=-",
      "t=0 0",
      "m=audio 22334 RTP/AVP 0",
      "c=IN IP6 2001:db8::1",
      "m=video 6024 RTP/AVP 107",
      "c=IN IP4 192.0.2.1",
      "a=rtpmap:107 H263-1998/90000",
    ]),
  );
  expect(remote).toMatchObject({ address: "2001:db8::1", port: 22_334 });
  expect(sdp).toMatch(/m=audio 40000 RTP\/AVP 0[\s\S]*m=video 0 RTP\/AVP 107/);
});

test("4.9: IPv4 in IPv6's clothes, in Via, Contact and SDP", () => {
  const body = session([
    "o=assistant 971731711378798081 0 IN IP6 ::ffff:192.0.2.2",
    "s=-",
    "c=IN IP6 ::ffff:192.0.2.2",
    "t=0 0",
    "m=audio 6000 RTP/AVP 8",
  ]);
  const parts = {
    via: via("[::ffff:192.0.2.10]:19823;branch=z9hG4bK-mapped"),
    contact: '"T. desk phone" <sip:ted@[::ffff:192.0.2.2]>',
    body,
  };
  expect(parsed(parts).via).toMatchObject({ host: "[::ffff:192.0.2.10]", port: 19_823 });
  expect(answered(parts, { address: "192.0.2.10", port: 19_823 })).toMatchObject({
    status: 486,
    to: { address: "192.0.2.10", port: 19_823 },
  });
  expect(sameAddress(remoteOf(body).remote.address, "192.0.2.2")).toBe(true);
});

test("4.10: three colons before an IPv4 address, which RFC 3261's grammar gives rise to, are borne", () => {
  for (const uri of ["sip:user@[2001:db8:::192.0.2.1]", "sip:user@[2001:db8::192.0.2.1]"]) {
    const message = parsed({ method: "OPTIONS", uri, via: own });
    expect(message.kind === "request" && message.uri).toBe(uri);
    expect(answered({ method: "OPTIONS", uri, via: own })?.status).toBe(200);
  }
  expect(hostOf("sip:user@[2001:db8:::192.0.2.1]")).toBe("2001:db8::192.0.2.1");
  expect(hostOf("sip:user@[2001:db8:::1]")).toBe("2001:db8:::1"); // nobody's address: nothing is sent there
});
