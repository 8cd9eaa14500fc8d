/** The parsers by themselves: each input to one function or two, and what must hold of whatever they return. */
import { parseRtcp } from "../../../src/media/rtcp.ts";
import { parseRtp, rtpHeaderLength, writeRtp } from "../../../src/media/rtp.ts";
import { readCrypto, writeCrypto } from "../../../src/media/sdes.ts";
import { masterBytes } from "../../../src/media/srtp-suites.ts";
import { sdpOf } from "../../../src/sip/message/body.ts";
import { parseDtmfInfo } from "../../../src/sip/message/dtmf-info.ts";
import { formatParams, parseParams, splitList, textOf } from "../../../src/sip/message/grammar.ts";
import { headerList } from "../../../src/sip/message/message.ts";
import { parseNameAddr } from "../../../src/sip/message/name-addr.ts";
import { parseMessage } from "../../../src/sip/message/parse.ts";
import { serialise } from "../../../src/sip/message/serialise.ts";
import { createStreamFramer, type Framed } from "../../../src/sip/message/stream.ts";
import { asRequestUri, hasLr, parseSipUri, schemeOf, transportOf, userOf } from "../../../src/sip/message/uri.ts";
import { formatVia, parseVia, topViaOf } from "../../../src/sip/message/via.ts";
import { parseAddress } from "../../../src/sip/peers.ts";
import { chooseChallenge } from "../../../src/sip/registration/digest.ts";
import { redactMessage } from "../../../src/sip/trace/redact.ts";
import { calledOf, callerOf } from "../../../src/sip/uas/identity.ts";
import type { Random } from "../../sip/random.ts";
import { mutateBytes, mutateLines, mutatePacket } from "../mutate.ts";
import { cryptoSeeds, rtcpSeeds, rtpSeeds, sipSeeds, straySeeds, uriSeeds } from "../seeds.ts";
import { rule, type Target } from "../target.ts";

/** A target without memory. */
function pure(name: string, make: (random: Random) => Uint8Array, check: (bytes: Uint8Array) => void): Target {
  return {
    name,
    inputs: 500,
    open: () => ({
      next: (random) => ({ kind: "input", bytes: make(random), from: 0 }),
      feed: (step) => (step.kind === "input" ? check(step.bytes) : undefined),
      settle: () => undefined,
    }),
  };
}

export const sipMessages = pure(
  "sip-parser",
  (random) => (random.below(2) === 0 ? mutateBytes(sipSeeds, random) : mutateLines(sipSeeds, random)),
  (bytes) => {
    // The shortest of a list, a comma alone, becomes "***, ".
    rule(redactMessage(bytes).length <= 8 * bytes.length + 4_096, "a trace grows beyond what it shows");
    const parsed = parseMessage(bytes);
    if (!parsed.ok) return;
    const { message } = parsed;
    for (const name of ["contact", "route", "record-route", "via", "require"]) headerList(message, name);
    chooseChallenge(
      [...message.headers].map(({ value }) => value),
      false,
    );
    sdpOf(message);
    if (message.kind === "request") {
      const caller = callerOf(message);
      const called = calledOf(message, ["diversion", "history-info", "p-called-party-id", "to", "request-uri"]);
      for (const text of [caller.number ?? "", caller.display ?? "", called]) {
        rule(text.length <= 256 && !/\p{Cc}/u.test(text), "a name or number is no plain, short text");
      }
      const key = parseDtmfInfo(message);
      rule(key === undefined || /^[0-9*#A-D]$/.test(key.digit), "INFO presses something that is no key");
    }
    const start =
      message.kind === "request"
        ? `${message.method} ${message.uri} SIP/2.0`
        : `SIP/2.0 ${message.status} ${message.reason}`;
    // What we copy of it into messages of ours must mean the same to whoever reads those.
    const essential = message.headers.filter(({ name }) => ["via", "from", "to", "call-id", "cseq"].includes(name));
    const again = parseMessage(serialise(start, essential));
    rule(again.ok && again.message.callId === message.callId, "a message that was read cannot be read once written");
  },
);

export const addresses = pure(
  "uri",
  (random) => mutateBytes(uriSeeds, random),
  (bytes) => {
    const text = Buffer.from(bytes).toString("latin1");
    for (const part of splitList(text)) {
      const address = parseNameAddr(part);
      if (address === undefined) continue;
      rule(!/[ \t<>"]/.test(address.uri), "a URI holds what would end it");
      const params = parseParams(formatParams(address.params));
      rule(params?.size === address.params.size, "parameters that were read cannot be read once written");
      userOf(address.uri);
    }
    const uri = parseSipUri(text);
    if (uri !== undefined) {
      rule(uri.port === undefined || uri.port <= 65_535, "a port beyond 65535");
      transportOf(uri);
    }
    const target = asRequestUri(text);
    hasLr(target);
    schemeOf(target);
    textOf(text);
    parseAddress(text);
    const via = parseVia(topViaOf(text));
    if (via !== undefined)
      rule(parseVia(formatVia(via)) !== undefined, "a Via that was read cannot be read once written");
  },
);

export const sdesLines = pure(
  "sdes",
  (random) => mutateBytes(cryptoSeeds, random),
  (bytes) => {
    const line = readCrypto(Buffer.from(bytes).toString("latin1"));
    if (line === undefined) return;
    rule(line.key.length === masterBytes(line.suite), "a key of another length than its suite's");
    const again = readCrypto(writeCrypto(line).slice("a=crypto:".length));
    rule(again !== undefined && again.tag === line.tag, "a crypto line that was read cannot be read once written");
  },
);

export const mediaPackets = pure(
  "rtp-rtcp",
  (random) => mutatePacket(random.pick([rtpSeeds, rtcpSeeds, straySeeds]), random),
  (bytes) => {
    const head = rtpHeaderLength(bytes);
    rule(head === undefined || head <= bytes.length, "an RTP header longer than its packet");
    const packet = parseRtp(bytes);
    if (packet !== undefined) {
      const again = parseRtp(writeRtp(packet, new Uint8Array(12 + packet.payload.length)));
      rule(Bun.deepEquals(again, packet), "a packet that was read is another one once written");
    }
    const reports = parseRtcp(bytes) ?? [];
    rule(4 * reports.length <= bytes.length, "more reports than the packet has room for");
  },
);

const streamLimits = { headerBytes: 4_096, messageBytes: 16_384 };

/** What a stream was cut into must not depend on how the network cut it. */
export const streams = pure(
  "stream-framer",
  (random) => {
    const parts = Array.from({ length: 1 + random.below(4) }, () =>
      random.below(3) === 0 ? Buffer.from("\r\n\r\n") : mutateLines(sipSeeds, random),
    );
    return Buffer.concat(parts);
  },
  (bytes) => {
    const whole = createStreamFramer(streamLimits);
    const cut = createStreamFramer(streamLimits);
    const expected = whole.push(bytes);
    const found: Framed[] = [];
    for (let at = 0, length = 1; at < bytes.length; at += length) {
      length = 1 + (Number(Bun.hash(bytes.subarray(at, at + 8))) % 700);
      found.push(...cut.push(bytes.subarray(at, at + length)));
      rule(cut.pending() <= streamLimits.messageBytes, "more is held back than a message may be long");
    }
    // A ping whose halves come apart is two pongs: either is no message.
    const messages = (all: Framed[]) => all.flatMap((one) => (one.kind === "message" ? [one.bytes] : []));
    const [one, other] = [messages(expected), messages(found)];
    rule(one.length === other.length, "a stream in pieces holds other messages than in one");
    rule(
      one.every((message, i) => Buffer.compare(message, other[i] ?? new Uint8Array(0)) === 0),
      "a message differs",
    );
  },
);
