/** What the mutations begin with: messages of our own writing, and the corpora that a checkout may have beside it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildReport, ntpTime } from "../../src/media/rtcp.ts";
import { writeRtp } from "../../src/media/rtp.ts";
import { srtpSuites } from "../../src/media/srtp-suites.ts";
import { offer, request } from "../sip/bench.ts";
import { inviteFixture, tortureFixtures } from "../sip/fixtures.ts";

const shared = join(import.meta.dir, "../../../shared/data");

/** Files of a folder of the corpora; none where it is not there. */
function corpus(name: string): Buffer[] {
  const folder = join(shared, name);
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ name: file }) => readFileSync(join(folder, file)));
}

const lines = (...all: string[]) => Buffer.from(`${all.join("\r\n")}\r\n`, "latin1");
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

const methods = ["INVITE", "ACK", "BYE", "CANCEL", "UPDATE", "INFO", "REFER", "NOTIFY", "PRACK", "OPTIONS", "MESSAGE"];

const headers = [
  'Record-Route: <sip:192.0.2.2;lr>, "Far" <sips:[2001:db8::2]:5061;transport=tls>',
  "Route: <sip:192.0.2.9:5060;lr>",
  'P-Asserted-Identity: "Ada" <sip:+442079460100@192.0.2.1>, <tel:+442079460100>',
  "Remote-Party-ID: <sip:100@192.0.2.1>;party=calling;privacy=off;screen=yes",
  "Diversion: <sip:200@192.0.2.1>;reason=no-answer;counter=1",
  "History-Info: <sip:300@192.0.2.1>;index=1, <sip:301@192.0.2.1?Reason=SIP%3Bcause%3D302>;index=1.1",
  "Supported: timer, 100rel, replaces, path",
  "Session-Expires: 1800;refresher=uac",
  "Min-SE: 90",
  "Require: 100rel",
  "RAck: 1 1 INVITE",
  "Privacy: id;critical",
  "Replaces: call-9;to-tag=a;from-tag=b;early-only",
  "Refer-To: <sip:200@192.0.2.1?Replaces=call-9%3Bto-tag%3Da%3Bfrom-tag%3Db>",
  'Referred-By: <sip:100@192.0.2.1>;cid="1@2"',
  "Subscription-State: active;expires=60",
  "Event: refer;id=2",
  'Authorization: Digest username="a", realm="pbx.test", nonce="n,1\\"2", uri="sip:pbx.test", response="0", qop=auth',
  "Content-Disposition: session;handling=optional",
  "Date: Sat, 21 Nov 2026 12:00:00 GMT",
  "Subject: folded\r\n  over two lines",
];

const infoBodies = ["Signal=5\r\nDuration=160\r\n", "Signal= #\r\n", "11", ""];

const compact = lines(
  "INVITE sip:02071234567@192.0.2.9 SIP/2.0",
  "v: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKcompact;rport;received=192.0.2.1",
  "f: Ada <sip:a@192.0.2.1>;tag=1",
  "t: sip:02071234567@192.0.2.9",
  "i: compact@192.0.2.1",
  "CSeq: 1 INVITE",
  'm: <sip:a@192.0.2.1;transport=udp>;+sip.instance="<urn:uuid:1>"',
  "c: application/sdp",
  "k: timer",
  "x: 90",
  `l: ${offer.length}`,
  "",
  offer.trimEnd(),
);

const multipart = Buffer.from(
  request({
    type: 'multipart/mixed;boundary="-b"',
    body: `---b\r\nContent-Type: application/sdp\r\n\r\n${offer}\r\n---b\r\nContent-Type: text/plain\r\n\r\nx\r\n---b--\r\n`,
  }),
);

const responses = [200, 100, 180, 183, 302, 401, 407, 408, 481, 491, 500].map((status) =>
  lines(
    `SIP/2.0 ${status} Some Words`,
    "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK1;rport=5060;received=192.0.2.9",
    "From: <sip:02071234567@192.0.2.9>;tag=ours",
    "To: <sip:a@192.0.2.1>;tag=theirs",
    "Call-ID: call-1",
    "CSeq: 1 BYE",
    "Contact: <sip:a@192.0.2.1>;expires=60",
    "Content-Length: 0",
    "",
  ),
);

/** Whole SIP messages. */
export const sipSeeds: readonly Buffer[] = [
  inviteFixture(),
  compact,
  multipart,
  ...responses,
  ...tortureFixtures().map(({ datagram }) => datagram),
  ...methods.map((method) => Buffer.from(request({ method, body: offer, branch: "z9hG4bK-f", headers }))),
  ...infoBodies.map((body) =>
    Buffer.from(request({ method: "INFO", toTag: "t", body, type: "application/dtmf-relay", branch: "z9hG4bK-i" })),
  ),
  ...corpus("rfc4475"),
  ...corpus("fuzz/sip"),
  ...corpus("fuzz/sip-dialog"),
];

const key = (bytes: number) => Buffer.alloc(bytes, 7).toString("base64");
const crypto = Object.entries(srtpSuites).map(
  ([suite, { keyBytes, saltBytes }], i) => `a=crypto:${i + 1} ${suite} inline:${key(keyBytes + saltBytes)}`,
);
const session = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", "c=IN IP4 192.0.2.1", "t=0 0"];

export const sdpSeeds: readonly Buffer[] = [
  Buffer.from(offer),
  lines(
    ...session,
    "m=audio 40000 RTP/AVP 9 111 8 0 101 13",
    "a=rtpmap:9 G722/8000",
    "a=rtpmap:111 opus/48000/2",
    "a=fmtp:111 useinbandfec=1;stereo=0",
    "a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-16",
    "a=ptime:20",
    "a=maxptime:150",
    "a=rtcp:40001 IN IP4 192.0.2.1",
    "a=sendrecv",
    "m=video 40002 RTP/AVP 96",
    "a=rtpmap:96 H264/90000",
  ),
  lines(...session, "m=audio 40000 RTP/SAVP 8 101", ...crypto, "a=rtpmap:101 telephone-event/8000"),
  lines(
    ...session,
    `m=audio 40000 RTP/SAVP 0`,
    `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key(30)}|2^31|1:4 WSH=64 KDR=0 UNENCRYPTED_SRTCP`,
  ),
  lines(
    "v=0",
    "o=- 1 1 IN IP6 2001:db8::1",
    "s=-",
    "t=0 0",
    "m=audio 40000 UDP/TLS/RTP/SAVPF 0 8",
    "c=IN IP6 2001:db8::1/3",
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => "AB").join(":")}`,
    "a=setup:actpass",
    "a=ice-ufrag:abcd",
    "a=ice-pwd:abcdefghijklmnopqrstuv",
    "a=candidate:1 1 UDP 2130706431 192.0.2.1 40000 typ host",
    "a=rtcp-mux",
    "a=inactive",
  ),
  lines(...session, "m=image 40000 udptl t38", "a=T38FaxVersion:0", "m=audio 0 RTP/AVP 8", "m=audio 9/2 RTP/AVP 8"),
  lines("v=0", "o=- 1 2 IN IP4 0.0.0.0", "s=-", "c=IN IP4 0.0.0.0", "t=0 0", "m=audio 40000 RTP/AVPF 8", "a=sendonly"),
  ...corpus("fuzz/sdp"),
  ...corpus("fuzz/sdes"),
];

export const cryptoSeeds: readonly Buffer[] = crypto.map((line) => Buffer.from(line.slice("a=crypto:".length)));

const uris = [
  "sip:ada%40home:secret@[2001:db8::1]:5060;transport=tcp;lr;maddr=192.0.2.1?Subject=x&a=b",
  "sips:example.com",
  "tel:0100;phone-context=+4420794;isub=1",
  "tel:+44-20-7946-0100",
  '"Ada \\"x\\" Example" <sip:100@192.0.2.1;user=phone>;tag=1;q=0.5;+sip.instance="<urn:uuid:1>"',
  "Ada Example <sip:100@192.0.2.1>, <sip:200@192.0.2.1>;expires=3600",
  "sip:100@192.0.2.1;tag=2",
  ';a=b;c;d="e\\"f"',
  "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport;received=192.0.2.2",
];
export const uriSeeds: readonly Buffer[] = [...uris.map((text) => Buffer.from(text, "latin1")), ...corpus("fuzz/uri")];

const payload = Uint8Array.from({ length: 160 }, (_, n) => (n * 37) & 0xff);
const rtp = (fields: Partial<Parameters<typeof writeRtp>[0]>) => {
  const packet = { marker: false, payloadType: 8, sequence: 0, timestamp: 0, ssrc: 7, payload, ...fields };
  return writeRtp(packet, new Uint8Array(12 + packet.payload.length)).slice();
};

export const rtpSeeds: readonly Uint8Array[] = [
  rtp({}),
  rtp({ sequence: 65_535, timestamp: 2 ** 32 - 160, marker: true }),
  rtp({ payloadType: 0 }),
  rtp({ payloadType: 9 }),
  rtp({ payloadType: 13, payload: Uint8Array.of(64) }),
  rtp({ payloadType: 101, payload: hex("05 0a 00a0") }),
  rtp({ payloadType: 101, payload: hex("0b 8a ffff") }),
  // padding; extension of one word; two contributing sources
  hex("a0 08 0001 00000000 00000007 d5d5d5d5 00000004"),
  hex("90 08 0002 000000a0 00000007 bede0001 10ff0000 d5d5d5d5"),
  hex("82 08 0003 00000140 00000007 00000001 00000002 d5d5d5d5"),
  ...corpus("fuzz/rtp"),
];

const block = {
  ...{ ssrc: 7, fractionLost: 3, cumulativeLost: -2, highestSequence: 70_000, jitter: 12 },
  ...{ lastSenderReport: 0x1234_5678, delaySinceLast: 65_536 },
};
const info = { ...ntpTime(1_750_000_000_000), timestamp: 160, packets: 1, octets: 160 };

export const rtcpSeeds: readonly Uint8Array[] = [
  buildReport({ ssrc: 9, cname: "a", info, block, leaving: false }),
  buildReport({ ssrc: 9, cname: "abc", info: undefined, block, leaving: true }),
  buildReport({ ssrc: 9, cname: "", info: undefined, block: undefined, leaving: false }),
  hex("81cd0003 00000009 00000007 00010000"), // NACK
  hex("80cc0002 00000009 41424344"), // APP
  ...corpus("fuzz/rtcp"),
];

/** What else comes to a media port: STUN, a DTLS ClientHello's head and an alert, ZRTP, a TURN channel, nothing. */
export const straySeeds: readonly Uint8Array[] = [
  hex("0001 0008 2112a442 0102030405060708090a0b0c 0006 0004 61626364"),
  hex("0101 000c 2112a442 0102030405060708090a0b0c 0020 0008 0001 a147 e112a643"),
  hex("16 fefd 0000 000000000000 001c 01 000010 0000 000000000010 fefd 00000000000000000000000000000000"),
  hex("15 fefd 0001 000000000001 0002 0100"),
  hex("14 fefd 0000 000000000002 0001 01"),
  hex("1000 0001 5a525450 00000007 505a 0003 48656c6c6f202020 00000000"),
  hex("4000 0004 61626364"),
  new Uint8Array(0),
  ...corpus("fuzz/srtp"),
];
