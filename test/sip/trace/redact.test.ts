import { expect, test } from "bun:test";
import { redactMessage } from "../../../src/sip/trace/redact.ts";
import { createTrace } from "../../../src/sip/trace/trace.ts";
import { inviteFixture, tortureFixtures } from "../fixtures.ts";
import { seeded } from "../random.ts";

const redact = (text: string) => redactMessage(Buffer.from(text.replaceAll("\n", "\r\n"), "latin1"));

/** Each value of a caller or of a secret, wherever one may stand. */
const planted = `INVITE sip:SECRET1:SECRET2@192.0.2.9:5060;user=SECRET3 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport
From: "SECRET4 <x> SECRET5" <sip:SECRET6@192.0.2.1;x=SECRET7>;tag=a1;y=SECRET8
To: SECRET9 <tel:SECRETA>
Contact: sip:SECRETB@192.0.2.1;expires=60;z=SECRETC
P-Asserted-Identity: "SECRETD, Ada" <sip:SECRETE@192.0.2.1>, <tel:SECRETF>
Diversion: <sip:SECRETG@192.0.2.1>;reason=no-answer;counter=1
Refer-To: <sip:SECRETH@192.0.2.1?Replaces=SECRETI>
History-Info: <sip:SECRETJ@192.0.2.1?Reason=SIP%3Bcause%3D302>;index=1
Route: <sip:192.0.2.2;lr>
Record-Route: <urn:SECRETK>
Authorization: Digest username="SECRETL", realm="office", nonce="SECRETM", uri="sip:SECRETN@x", response="SECRETO", algorithm=MD5, qop=auth
Subject: SECRETP
X-Anything: SECRETQ
Call-ID: call-1
CSeq: 1 INVITE
Session-Expires: 90;refresher=uas
Content-Type: application/sdp

v=0
o=SECRETR 1 1 IN IP4 192.0.2.1
s=SECRETS
i=SECRETT
c=IN IP4 192.0.2.1
k=clear:SECRETU
t=0 0
m=audio 40000 RTP/SAVP 8 101
a=rtpmap:8 PCMA/8000
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRETV|2^20
a=ice-pwd:SECRETW
a=SECRETX
`;

test("Nothing that names a person or opens anything is shown; what explains a fault is", () => {
  const shown = redact(planted);
  expect(shown).not.toContain("SECRET");
  expect(shown.split("\n")).toEqual([
    "INVITE sip:***@192.0.2.9:5060 SIP/2.0",
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport",
    "From: <sip:***@192.0.2.1>;tag=a1",
    "To: <tel:***>",
    "Contact: sip:***@192.0.2.1;expires=60",
    "P-Asserted-Identity: <sip:***@192.0.2.1>, <tel:***>",
    "Diversion: <sip:***@192.0.2.1>;reason=no-answer;counter=1",
    "Refer-To: <sip:***@192.0.2.1>",
    "History-Info: <sip:***@192.0.2.1>;index=1",
    "Route: <sip:192.0.2.2;lr>",
    "Record-Route: <urn:***>",
    'Authorization: Digest realm="office", algorithm=MD5, qop=auth, ***',
    "Subject: [7 octets]",
    "x-anything: [7 octets]",
    "Call-ID: call-1",
    "CSeq: 1 INVITE",
    "Session-Expires: 90;refresher=uas",
    "Content-Type: application/sdp",
    "",
    "v=0",
    "o=*** 1 1 IN IP4 192.0.2.1",
    "s=***",
    "i=***",
    "c=IN IP4 192.0.2.1",
    "k=***",
    "t=0 0",
    "m=audio 40000 RTP/SAVP 8 101",
    "a=rtpmap:8 PCMA/8000",
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 ***",
    "a=ice-pwd:***",
    "a=***",
  ]);
});

test("Keys pressed, bodies of other kinds and nonsense are shown as a length", () => {
  expect(redact("INFO sip:a@b SIP/2.0\nContent-Type: application/dtmf-relay\n\nSignal=5\n")).toEndWith(
    "\n\n[10 octets]",
  );
  expect(redact("hello 07700900123\n\n")).toMatch(/^\[[0-9]+ octets, not SIP: start-line\]$/);
  expect(redact("SIP/2.0 200 call 07700900123\nCSeq: 1 BYE\n\n")).toBe("SIP/2.0 200 ***\nCSeq: 1 BYE");
});

test("Whatever is put where, a user or a name does not come through", () => {
  const random = seeded(4_028);
  const seeds = [inviteFixture(), ...tortureFixtures().map(({ datagram }) => datagram), Buffer.from(planted)];
  const pieces = ['"', "<", ">", "@", ";", ",", ":", "?", "%40", "\r\n ", " ", "tag=", "sip:"];
  for (let n = 0; n < 5_000; n += 1) {
    const seed = Buffer.from(random.pick(seeds)).toString("latin1");
    const at = random.below(seed.length);
    expect(() =>
      redactMessage(Buffer.from(seed.slice(0, at) + random.pick(pieces) + seed.slice(at), "latin1")),
    ).not.toThrow();
    // The needle as the user of an address, with nonsense around it.
    const address = `${random.pick(pieces)}<sip:${random.pick(pieces)}NEEDLE${random.pick(pieces)}@192.0.2.1>`;
    const shown = redactMessage(Buffer.from(`BYE sip:x SIP/2.0\r\nFrom: ${address}\r\n\r\n`, "latin1"));
    if (!/tag=|sip:sip:/.test(address)) expect(shown).not.toMatch(/From:[^\n]*NEEDLE[^\n]*@/);
  }
});

test("The trace keeps nothing until it is on, forgets when it is off, and has an end", () => {
  const trace = createTrace(() => "2026-01-01T00:00:00.000Z");
  const note = () =>
    trace.note("in", Buffer.from("OPTIONS sip:a@b SIP/2.0\r\n\r\n"), { address: "2001:db8::1", port: 5060 });
  note();
  expect(trace.show()).toEqual({ on: false, messages: [] });
  trace.set(true);
  for (let n = 0; n < 1_500; n += 1) note();
  expect(trace.show().messages).toHaveLength(1_000);
  expect(trace.show().messages[0]).toEqual({
    at: "2026-01-01T00:00:00.000Z",
    direction: "in",
    peer: "[2001:db8::1]:5060",
    text: "OPTIONS sip:***@b SIP/2.0",
  });
  trace.set(false);
  expect(trace.show()).toEqual({ on: false, messages: [] });
});
