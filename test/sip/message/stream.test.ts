import { expect, test } from "bun:test";
import { createStreamFramer, type Framed } from "../../../src/sip/message/stream.ts";
import { seeded } from "../random.ts";

const limits = { headerBytes: 1_024, messageBytes: 2_048 };
const message = (body: string, length = `Content-Length: ${body.length}`) =>
  `OPTIONS sip:a@b SIP/2.0\r\nTo: <sip:a@b>\r\n${length}\r\n\r\n${body}`;

function frames(...chunks: string[]): (string | Framed["kind"])[] {
  const framer = createStreamFramer(limits);
  return chunks.flatMap((chunk) => framer.push(Buffer.from(chunk, "latin1"))).map(said);
}

function said(framed: Framed): string {
  if (framed.kind === "message") return Buffer.from(framed.bytes).toString("latin1");
  return framed.kind === "bad" ? `bad ${framed.reason}` : framed.kind;
}

test("Messages in one piece, in two, and octet by octet are the same messages", () => {
  const [one, two] = [message("body"), message("")];
  expect(frames(one + two)).toEqual([one, two]);
  expect(frames((one + two).slice(0, 20), (one + two).slice(20))).toEqual([one, two]);
  expect(frames(...(one + two))).toEqual([one, two]);
});

test("Any cutting of a stream gives the same messages (500 seeds)", () => {
  const whole = [message("x".repeat(100)), message(""), message("\r\n\r\n")];
  for (let seed = 1; seed <= 500; seed += 1) {
    const random = seeded(seed);
    const text = whole.join("");
    const chunks: string[] = [];
    for (let at = 0; at < text.length; ) {
      const length = 1 + random.below(90);
      chunks.push(text.slice(at, at + length));
      at += length;
    }
    expect(frames(...chunks)).toEqual(whole);
  }
});

test("Two line ends between messages are a ping, one is a pong; within a head they end it", () => {
  const one = message("");
  expect(frames("\r\n\r\n")).toEqual(["ping"]);
  expect(frames("\r\n", "\r\n")).toEqual(["pong", "pong"]); // a ping in two segments is two pongs: neither is owed more
  expect(frames(`\r\n${one}`)).toEqual(["pong", one]);
  expect(frames(`${one}\r\n\r\n${one}`)).toEqual([one, "ping", one]);
});

test("Content-Length: compact, folded in case, leading zeros; without it, or with two that differ, nothing can be cut", () => {
  expect(frames(message("body", "l:  0004"))).toHaveLength(1);
  expect(frames(message("body", "CONTENT-LENGTH : 4"))).toHaveLength(1);
  expect(frames(message("body", "Content-Length: 4\r\nl: 4"))).toHaveLength(1);
  expect(frames(message("body", "Content-Length: 4\r\nl: 0"))).toEqual(["bad no-content-length"]);
  expect(frames(message("body", "Subject: x"))).toEqual(["bad no-content-length"]);
  expect(frames(message("body", "Content-Length: -4"))).toEqual(["bad no-content-length"]);
  expect(frames(message("body", "Content-Length: 4x"))).toEqual(["bad no-content-length"]);
});

test("A head or a message that is too large ends it, and nothing more is kept", () => {
  const framer = createStreamFramer(limits);
  expect(framer.push(Buffer.alloc(1_024, "a"))).toEqual([]);
  expect(framer.push(Buffer.from("a")).map(said)).toEqual(["bad header-bytes"]);
  expect(framer.push(Buffer.from(message("")))).toEqual([]);
  expect(framer.pending()).toBe(0);
  expect(frames(message("", "Content-Length: 2000"))).toEqual(["bad message-bytes"]);
});
