import { expect, test } from "bun:test";
import { header, headerList } from "../../../src/sip/message/message.ts";
import { type Parsed, parseMessage } from "../../../src/sip/message/parse.ts";
import { serialise } from "../../../src/sip/message/serialise.ts";
import { inviteFixture } from "../fixtures.ts";

const bytes = (text: string) => Buffer.from(text.replace(/\r?\n/g, "\r\n"), "latin1");
const parse = (text: string): Parsed => parseMessage(bytes(text));

function fault(text: string): string | undefined {
  const parsed = parse(text);
  return parsed.ok ? undefined : `${parsed.fault} ${parsed.refusal?.status ?? "dropped"}`;
}

const options = `OPTIONS sip:desk@192.0.2.9 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa
From: "Ada" <sip:ada@192.0.2.1;user=phone>;tag=1;x="a;b,\\"c"
To: sip:desk@192.0.2.9
Call-ID: 1
CSeq: 7 OPTIONS
Content-Length: 0

`;

test("Compact names, folded lines, odd spacing and case are one message", () => {
  const parsed = parse(`INVITE sip:02071234567@192.0.2.9 SIP/2.0
v :  SIP / 2.0 / udp
   192.0.2.1 : 5070 ; branch = z9hG4bKa;rport ,
 SIP/2.0/TCP [2001:db8::1];branch=z9hG4bKb
F:"Ada \\"Q\\" Example"  <sip:ada@192.0.2.1>
\t;tag\t=\tx1
t:sip:desk@192.0.2.9;tag=y
I: a b
cSEQ: 0009
  INVITE
c: application/sdp
l: 5

v=0
xthis is not of the body`);
  if (!parsed.ok) throw new Error(parsed.fault);
  const { message } = parsed;
  expect(message).toMatchObject({
    kind: "request",
    method: "INVITE",
    callId: "a b",
    cseq: { number: 9, method: "INVITE" },
  });
  expect(message.via).toMatchObject({ transport: "UDP", host: "192.0.2.1", port: 5070 });
  expect([...message.via.params]).toEqual([
    ["branch", "z9hG4bKa"],
    ["rport", undefined],
  ]);
  expect(message.from).toMatchObject({ display: 'Ada "Q" Example', uri: "sip:ada@192.0.2.1" });
  expect(message.from.params.get("tag")).toBe("x1");
  expect(message.to.params.get("tag")).toBe("y");
  expect(headerList(message, "via")).toHaveLength(2);
  expect(header(message, "content-type")).toBe("application/sdp");
  expect(Buffer.from(message.body).toString()).toBe("v=0\r\n");
});

test("Octets above 0x7F come out as they went in, 0xA0 at the end of a value too", () => {
  const text = options
    .replace('"Ada"', '"\xc3\xa0"')
    .replace("Call-ID: 1", "Call-ID: \xa0x\xa0")
    .replace(/\n/g, "\r\n");
  const parsed = parseMessage(Buffer.from(text, "latin1"));
  if (!parsed.ok) throw new Error(parsed.fault);
  expect(parsed.message.callId).toBe("\xa0x\xa0");
  expect(parsed.message.from.display).toBe("\xc3\xa0");
  expect(
    Buffer.from(serialise("OPTIONS sip:desk@192.0.2.9 SIP/2.0", parsed.message.headers.slice(0, -1))).toString(
      "latin1",
    ),
  ).toBe(text);
});

test("Without Content-Length the body is the rest; with more than there is the request is refused", () => {
  const bare = options.replace("Content-Length: 0\n", "");
  const parsed = parse(`${bare}hello`);
  expect(parsed.ok && Buffer.from(parsed.message.body).toString()).toBe("hello");
  expect(fault(options.replace("Length: 0", "Length: 1"))).toBe("content-length 400");
  expect(fault(options.replace("Length: 0", "Length: -1"))).toBe("content-length 400");
  expect(fault(options.replace("Length: 0", "Length: 0x0"))).toBe("content-length 400");
});

test("Each fault has its name, and its answer where there can be one", () => {
  expect(fault(options)).toBeUndefined();
  expect(fault("\n\n")).toBe("keep-alive dropped");
  expect(fault("hello\n\n")).toBe("start-line dropped");
  expect(fault(options.slice(0, 100))).toBe("unended dropped");
  expect(fault(options.replace("SIP/2.0\nVia", "SIP/2.1\nVia"))).toBe("version 505");
  expect(fault(options.replace("OPTIONS sip:", "OPTIONS  sip:"))).toBe("request-uri 400");
  expect(fault(options.replace("sip:desk@192.0.2.9 SIP", "sip:desk@192.0.2.9 SIP".replace(" ", " x ")))).toBe(
    "request-uri 400",
  );
  expect(fault(options.replace("sip:desk@192.0.2.9 SIP", "sip:desk@192.0.2.9?a=b SIP"))).toBe("request-uri 400");
  expect(fault(options.replace("192.0.2.1;branch", "192.0.2.1;;branch"))).toBe("via dropped");
  expect(fault(options.replace("Call-ID: 1\n", ""))).toBe("missing-header 400");
  expect(fault(options.replace("Call-ID: 1", "Call-ID: 1\ni: 1"))).toBe("repeated-header 400");
  expect(fault(options.replace('"Ada"', '"Ada'))).toBe("from 400");
  expect(fault(options.replace("sip:desk@192.0.2.9\nCall", "<sip:desk@192.0.2.9\nCall"))).toBe("to 400");
  // A tag without a value: an answer would give it a second one, and could not be read.
  expect(fault(options.replace("sip:desk@192.0.2.9\nCall", "<sip:desk@192.0.2.9>;tag\nCall"))).toBe("to 400");
  expect(fault(options.replace("7 OPTIONS", "7 INVITE"))).toBe("cseq-method 400");
  expect(fault(options.replace("7 OPTIONS", "2147483648 OPTIONS"))).toBe("cseq 400");
  expect(fault(options.replace("7 OPTIONS", "2147483647 OPTIONS"))).toBeUndefined();
  expect(fault(options.replace("CSeq", "Max-Forwards: 256\nCSeq"))).toBe("max-forwards 400");
  expect(fault(options.replace("CSeq", "Max-Forwards: 255\nCSeq"))).toBeUndefined();
  expect(fault(options.replace("CSeq", "Bad Name: x\nCSeq"))).toBe("header-line dropped");
  expect(fault(options.replace("CSeq", `${"X: y\n".repeat(130)}CSeq`))).toBe("too-many-headers dropped");
});

test("A lone CR or LF within a header is no line break and no header text", () => {
  for (const lone of ["\r", "\n"]) {
    const text = options.replace(/\n/g, "\r\n").replace("Call-ID: 1", `Call-ID: 1${lone}X: y`);
    const parsed = parseMessage(Buffer.from(text, "latin1"));
    expect(parsed).toEqual({ ok: false, fault: "line-break", refusal: undefined });
  }
});

test("Responses: three digits from 100 to 699, and a reason that may be empty", () => {
  const response = (line: string) => fault(`${line}\n${options.slice(options.indexOf("Via"))}`);
  expect(response("SIP/2.0 200 OK")).toBeUndefined();
  expect(response("SIP/2.0 200 ")).toBeUndefined();
  expect(response("SIP/2.0 200")).toBeUndefined();
  expect(response("SIP/2.0 99 x")).toBe("status-code dropped");
  expect(response("SIP/2.0 4294967301 x")).toBe("status-code dropped");
});

test("What is written can begin no header of its own", () => {
  const written = Buffer.from(serialise("SIP/2.0 200 O\r\nX: 1", [{ name: "to", value: "a\r\nEvil: 1" }])).toString();
  expect(written).toBe("SIP/2.0 200 O X: 1\r\nTo: a Evil: 1\r\nContent-Length: 0\r\n\r\n");
});

test("Content-Length counts octets of UTF-8", () => {
  const written = Buffer.from(serialise("SIP/2.0 200 OK", [], { contentType: "application/sdp", text: "s=é\r\n" }));
  expect(written.toString()).toBe(
    "SIP/2.0 200 OK\r\nContent-Type: application/sdp\r\nContent-Length: 6\r\n\r\ns=é\r\n",
  );
});

test("An INVITE as an office PBX sends it is parsed whole, and in microseconds", () => {
  const datagram = inviteFixture();
  const parsed = parseMessage(datagram);
  if (!parsed.ok) throw new Error(parsed.fault);
  expect(parsed.message.headers).toHaveLength(15);
  expect(parsed.message.body.length).toBe(269);
  const rounds = 5_000;
  const microseconds = () => {
    const startedAt = performance.now();
    for (let n = 0; n < rounds; n += 1) parseMessage(datagram);
    return ((performance.now() - startedAt) * 1_000) / rounds;
  };
  // The best of several: the machine may be busy with something else.
  const best = Math.min(...Array.from({ length: 6 }, microseconds));
  expect(best).toBeLessThan(20);
});
