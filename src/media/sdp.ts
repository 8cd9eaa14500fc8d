/** Offer and answer for one audio stream (RFC 3264). Pure; a description of a stranger is never thrown at. */
import { ipVersion } from "./ip-address.ts";
import type { CodecName, NegotiatedMedia, SrtpSuite } from "./messages.ts";
import { type CryptoLine, writeCrypto } from "./sdes.ts";
import {
  type Direction,
  isSameFamily,
  isUnicast,
  isUnspecified,
  type MediaLine,
  type OfferedFormat,
  readSession,
  type SessionLines,
} from "./sdp-read.ts";
import { isSrtpSuite, srtpSuites } from "./srtp-suites.ts";

export type OurSide = {
  /** Where we want to be sent to: an address by number, and our RTP port (RTCP is the next one). */
  address: string;
  port: number;
  /** Those that may be used; in an offer, the first is preferred. */
  codecs: readonly CodecName[];
  /** Of the `o=` line: the same `sessionId` for the whole dialog, `version` one more whenever our SDP changes. */
  sessionId: number | string;
  version: number;
  /** What to do about SRTP; left out: plain RTP only. */
  encryption?: Encryption;
};

/**
 * Whether sound may, should or must be encrypted. `keyFor` gives our key: the same one for the same suite throughout a
 * call, so that a re-INVITE does not begin a stream anew that the other side goes on with.
 */
export type Encryption = { policy: "prefer" | "require"; keyFor(suite: SrtpSuite): Uint8Array };

export type Answered = { ok: true; sdp: string; media: NegotiatedMedia } | { ok: false; status: 488; reason: string };

export type Concluded = { ok: true; media: NegotiatedMedia } | { ok: false; reason: string };

const ourPayloadTypes: Readonly<Record<CodecName, number>> = { PCMU: 0, PCMA: 8, G722: 9 };
const ourDtmfPayloadType = 101;
const ourPtimeMs = 20;

/**
 * Answers an offer: exactly one sound format, the first of the offer's that we allow, and its telephone-event. Every
 * other line is refused with port 0.
 *
 * @returns 488 with the reason (RFC 3261 §21.4.26) if there is nothing to talk over.
 */
export function answerOffer(offer: string, ours: OurSide): Answered {
  const session = readSession(offer);
  if (session === undefined) return refuse("the session description cannot be read");
  const chosen = choose(session.media, ours);
  const line = session.media[chosen];
  const format = line && formatFor(line, ours);
  if (line === undefined || format === undefined) return refuse(whyNot(session, ours));
  const remote = remoteOf(line);
  if (remote === undefined) return refuse("the connection address is missing or no host's address");
  const direction = ourDirection(line);
  const crypto = isSecure(line) ? line.crypto[0] : undefined;
  const ourKey = crypto && ours.encryption?.keyFor(crypto.suite);
  // RFC 4568 §5.1.2: the answer names the one line taken, by its tag, with our own key.
  const ourCrypto = crypto && ourKey ? [{ ...crypto, key: ourKey }] : [];
  const lines = session.media.flatMap((other, i) =>
    i === chosen ? acceptedLine(line, format, direction, ours, ourCrypto) : refusedLine(other),
  );
  return {
    ok: true,
    // RFC 3264 §6: the answer's t= line is the offer's, and it has as many m= lines in the same order.
    sdp: describe(ours, session.timing, lines),
    media: {
      codec: format.codec,
      sendPayloadType: format.payloadType,
      receivePayloadType: format.payloadType,
      ...(line.dtmfPayloadType === undefined ? {} : { dtmfPayloadType: line.dtmfPayloadType }),
      ptimeMs: line.ptimeMs,
      direction,
      ...remote,
      ...(crypto && ourKey && { srtp: { suite: crypto.suite, sendKey: ourKey, receiveKey: crypto.key } }),
    },
  };
}

/** Our offer, for an INVITE that came without one (RFC 3261 §13.2.1). */
export function makeOffer(ours: OurSide): string {
  const formats = ours.codecs.map((codec) => ({ payloadType: ourPayloadTypes[codec], codec }));
  const dtmfPayloadType = ourDtmfPayloadType;
  // One line only: encrypted where it must be. Who merely prefers it offers what everybody takes.
  const crypto = ours.encryption?.policy === "require" ? offeredCrypto(ours.encryption) : [];
  const protocol = crypto.length > 0 ? "RTP/SAVP" : "RTP/AVP";
  const audio = audioLine(protocol, formats, { ptimeMs: ourPtimeMs, dtmfPayloadType }, "sendrecv", ours, crypto);
  return describe(ours, "0 0", audio);
}

/** What the answer to `makeOffer(ours)` has settled. */
export function readAnswer(answer: string, ours: OurSide): Concluded {
  const session = readSession(answer);
  const line = session?.media[0];
  if (session === undefined || line === undefined) return { ok: false, reason: "the answer cannot be read" };
  const format = formatFor(line, ours);
  if (line.port === 0 || line.type !== "audio" || format === undefined) {
    return { ok: false, reason: "the answer refuses the audio stream" };
  }
  const crypto = line.crypto[0];
  const ourKey = crypto && ours.encryption?.keyFor(crypto.suite);
  const mustEncrypt = ours.encryption?.policy === "require";
  if (mustEncrypt !== isSecure(line) || (mustEncrypt && !ourKey)) {
    return { ok: false, reason: "the answer's media transport is not the one offered" };
  }
  const remote = remoteOf(line);
  if (remote === undefined || !isReachable(line, ours)) {
    return { ok: false, reason: "the answer's connection address is missing or out of reach" };
  }
  return {
    ok: true,
    media: {
      codec: format.codec,
      sendPayloadType: format.payloadType,
      // RFC 3264 §6.1: the answerer sends with the numbers of the offer, which may differ from the answer's.
      receivePayloadType: ourPayloadTypes[format.codec],
      ...(line.dtmfPayloadType === undefined ? {} : { dtmfPayloadType: ourDtmfPayloadType }),
      ...sendDtmfOf(line),
      ptimeMs: line.ptimeMs,
      direction: ourDirection(line),
      ...remote,
      ...(mustEncrypt &&
        crypto &&
        ourKey && { srtp: { suite: crypto.suite, sendKey: ourKey, receiveKey: crypto.key } }),
    },
  };
}

function sendDtmfOf({ dtmfPayloadType }: MediaLine): Pick<NegotiatedMedia, "sendDtmfPayloadType"> {
  if (dtmfPayloadType === undefined || dtmfPayloadType === ourDtmfPayloadType) return {};
  return { sendDtmfPayloadType: dtmfPayloadType };
}

/** AVPF adds RTCP feedback that we never send, and is echoed (RFC 4585 §8). */
const isPlain = ({ protocol }: MediaLine) => protocol === "RTP/AVP" || protocol === "RTP/AVPF";
/** Keys by SDES; those of DTLS have a profile of their own. */
const isSecure = ({ protocol }: MediaLine) => protocol === "RTP/SAVP" || protocol === "RTP/SAVPF";

/** @returns the place of the line to answer, or −1: an encrypted one before a plain one, if encryption is wanted. */
function choose(lines: readonly MediaLine[], ours: OurSide): number {
  const secure = ours.encryption ? lines.findIndex((line) => isSecure(line) && isUsable(line, ours)) : -1;
  if (secure >= 0 || ours.encryption?.policy === "require") return secure;
  return lines.findIndex((line) => isPlain(line) && isUsable(line, ours));
}

function isUsable(line: MediaLine, ours: OurSide): boolean {
  return (
    line.type === "audio" &&
    line.port !== 0 &&
    (isPlain(line) || line.crypto.length > 0) &&
    formatFor(line, ours) !== undefined &&
    isReachable(line, ours)
  );
}

function isReachable(line: MediaLine, ours: OurSide): boolean {
  return line.address !== undefined && isSameFamily(line.address, ours.address);
}

function whyNot(session: SessionLines, ours: OurSide): string {
  const audio = session.media.filter((line) => line.type === "audio" && line.port !== 0);
  if (audio.length === 0) return "no audio is offered";
  const fit = audio.filter(ours.encryption?.policy === "require" ? isSecure : ours.encryption ? isKnown : isPlain);
  if (fit.length === 0) return `no media transport that is allowed here (${wantedBy(ours)}) is offered`;
  if (fit.every((line) => isSecure(line) && line.crypto.length === 0)) return "no SRTP suite in common";
  if (fit.every((line) => formatFor(line, ours) === undefined)) return "no codec in common";
  return "the connection address is missing, a name, or of another family than ours";
}

const isKnown = (line: MediaLine) => isPlain(line) || isSecure(line);

function wantedBy({ encryption }: OurSide): string {
  if (encryption === undefined) return "only unencrypted";
  return encryption.policy === "require" ? "only SRTP by SDES" : "SRTP by SDES or unencrypted";
}

/** One line for each suite, the strongest first. */
function offeredCrypto({ keyFor }: Encryption): CryptoLine[] {
  return Object.keys(srtpSuites)
    .filter(isSrtpSuite)
    .map((suite, i) => ({ tag: i + 1, suite, key: keyFor(suite) }));
}

function formatFor(line: MediaLine, ours: OurSide): OfferedFormat | undefined {
  return line.formats.find(({ codec }) => ours.codecs.includes(codec));
}

function remoteOf(line: MediaLine): Pick<NegotiatedMedia, "remote" | "remoteRtcpPort"> | undefined {
  const { address, port, rtcpPort } = line;
  if (address === undefined || !(isUnicast(address) || isUnspecified(address))) return undefined;
  return { remote: { address, port }, ...(rtcpPort === undefined ? {} : { remoteRtcpPort: rtcpPort }) };
}

/** RFC 3264 §6.1: what the other side sends we receive, and the reverse; we ourselves never want less. */
function ourDirection(line: MediaLine): Direction {
  const mirrored: Record<Direction, Direction> = {
    sendrecv: "sendrecv",
    sendonly: "recvonly",
    recvonly: "sendonly",
    inactive: "inactive",
  };
  const direction = mirrored[line.direction];
  if (line.address === undefined || !isUnspecified(line.address)) return direction;
  // §8.4: a connection address of zeros means that nothing is to be sent to the other side.
  return direction === "sendrecv" || direction === "recvonly" ? "recvonly" : "inactive";
}

function acceptedLine(
  line: MediaLine,
  format: OfferedFormat,
  direction: Direction,
  ours: OurSide,
  crypto: readonly CryptoLine[],
): string[] {
  return audioLine(line.protocol, [format], line, direction, ours, crypto);
}

function audioLine(
  protocol: string,
  formats: readonly OfferedFormat[],
  line: Pick<MediaLine, "ptimeMs" | "dtmfPayloadType">,
  direction: Direction,
  ours: OurSide,
  crypto: readonly CryptoLine[],
): string[] {
  const dtmf = line.dtmfPayloadType;
  const numbers = [...formats.map(({ payloadType }) => payloadType), ...(dtmf === undefined ? [] : [dtmf])];
  return [
    `m=audio ${ours.port} ${protocol} ${numbers.join(" ")}`,
    ...crypto.map(writeCrypto),
    // RFC 3551 §4.5.2: 8000 for G.722 as well, a mistake of old that must be kept.
    ...formats.map(({ payloadType, codec }) => `a=rtpmap:${payloadType} ${codec}/8000`),
    ...(dtmf === undefined ? [] : [`a=rtpmap:${dtmf} telephone-event/8000`, `a=fmtp:${dtmf} 0-15`]),
    `a=ptime:${line.ptimeMs}`,
    `a=${direction}`,
  ];
}

/** §6: a stream is refused by port 0; the rest of its line says nothing but must be well-formed. */
function refusedLine(line: MediaLine): string[] {
  return [`m=${line.type} 0 ${line.protocol} ${line.payloads}`];
}

function describe(ours: OurSide, timing: string, lines: readonly string[]): string {
  const address = `IN IP${ipVersion(ours.address) === 6 ? 6 : 4} ${ours.address}`;
  const head = ["v=0", `o=- ${ours.sessionId} ${ours.version} ${address}`, "s=-", `c=${address}`, `t=${timing}`];
  return `${[...head, ...lines].join("\r\n")}\r\n`;
}

function refuse(reason: string): Answered {
  return { ok: false, status: 488, reason };
}
