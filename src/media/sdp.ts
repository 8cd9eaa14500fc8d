/** Offer and answer for one audio stream (RFC 3264). Pure; a description of a stranger is never thrown at. */
import { codecs, packetTimeOf } from "./codecs.ts";
import { ipVersion } from "./ip-address.ts";
import type { CodecName, NegotiatedMedia } from "./messages.ts";
import { ourOpusTerms } from "./opus-sdp.ts";
import {
  type Direction,
  isSameFamily,
  isUnicast,
  isUnspecified,
  type MediaLine,
  type OfferedEvent,
  type OfferedFormat,
  readSession,
  type SessionLines,
} from "./sdp-read.ts";
import {
  concludeSecurity,
  type Encryption,
  hasKeys,
  isPlain,
  type Secured,
  secureAnswer,
  secureOffer,
  whyNotSecured,
} from "./sdp-security.ts";

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

export type Answered = { ok: true; sdp: string; media: NegotiatedMedia } | { ok: false; status: 488; reason: string };

export type Concluded = { ok: true; media: NegotiatedMedia } | { ok: false; reason: string };

/** One for each clock (RFC 7587 §4.1 wants events of Opus at 48000 Hz). */
const ourEvents: readonly OfferedEvent[] = [
  { payloadType: 101, clockHz: 8000 },
  { payloadType: 102, clockHz: 48_000 },
];
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
  const secured = secureAnswer(line, ours.encryption);
  const lines = session.media.flatMap((other, i) =>
    i === chosen ? acceptedLine(line, format, direction, ours, secured) : refusedLine(other),
  );
  return {
    ok: true,
    // RFC 3264 §6: the answer's t= line is the offer's, and it has as many m= lines in the same order.
    sdp: describe(ours, session.timing, lines),
    media: {
      ...soundOf(format, line),
      receivePayloadType: format.payloadType,
      ...numbered(eventFor(format.codec, line.events)),
      direction,
      ...remote,
      ...secured.media,
    },
  };
}

/** Our offer, for an INVITE that came without one (RFC 3261 §13.2.1). */
export function makeOffer(ours: OurSide): string {
  const formats = ours.codecs.map((codec) => ({ payloadType: codecs[codec].payloadType, codec }));
  const clocks = ours.codecs.map((codec) => codecs[codec].clockHz);
  const events = ourEvents.filter(({ clockHz }) => clocks.some((clock) => clock === clockHz));
  const { protocol, attributes } = secureOffer(ours.encryption);
  const audio = audioLine(protocol, formats, { ptimeMs: ourPtimeMs, events }, "sendrecv", ours, attributes);
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
  const secured = concludeSecurity(line, ours.encryption);
  if (secured === undefined) return { ok: false, reason: "the answer's media transport is not the one offered" };
  const remote = remoteOf(line);
  if (remote === undefined || !isReachable(line, ours)) {
    return { ok: false, reason: "the answer's connection address is missing or out of reach" };
  }
  return {
    ok: true,
    media: {
      ...soundOf(format, line),
      // RFC 3264 §6.1: the answerer sends with the numbers of the offer, which may differ from the answer's.
      receivePayloadType: codecs[format.codec].payloadType,
      ...sendDtmfOf(eventFor(format.codec, line.events)),
      direction: ourDirection(line),
      ...remote,
      ...secured,
    },
  };
}

/** As for sound: theirs is sent with, ours is accepted. */
function sendDtmfOf(theirs: OfferedEvent | undefined): Partial<NegotiatedMedia> {
  const ours = ourEvents.find(({ clockHz }) => clockHz === theirs?.clockHz);
  if (theirs === undefined || ours === undefined) return {};
  const isSame = theirs.payloadType === ours.payloadType;
  return { ...numbered(ours), ...(isSame ? {} : { sendDtmfPayloadType: theirs.payloadType }) };
}

/** @returns the place of the line to answer, or −1: an encrypted one before a plain one, if encryption is wanted. */
function choose(lines: readonly MediaLine[], ours: OurSide): number {
  const secure = lines.findIndex((line) => !isPlain(line) && isUsable(line, ours));
  if (secure >= 0 || ours.encryption?.policy === "require") return secure;
  return lines.findIndex((line) => isPlain(line) && isUsable(line, ours));
}

function isUsable(line: MediaLine, ours: OurSide): boolean {
  return (
    line.type === "audio" &&
    line.port !== 0 &&
    (isPlain(line) || hasKeys(line, ours.encryption)) &&
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
  const insecure = whyNotSecured(audio, ours.encryption);
  if (insecure !== undefined) return insecure;
  if (audio.every((line) => formatFor(line, ours) === undefined)) return "no codec in common";
  return "the connection address is missing, a name, or of another family than ours";
}

function formatFor(line: MediaLine, ours: OurSide): OfferedFormat | undefined {
  return line.formats.find(({ codec }) => ours.codecs.includes(codec));
}

function soundOf({ codec, payloadType, opus }: OfferedFormat, { ptimeMs }: MediaLine) {
  return { codec, sendPayloadType: payloadType, ...(opus && { opus }), ptimeMs: packetTimeOf(codec, ptimeMs) };
}

/** Of the sound's own clock (RFC 4733 §2.1); where there is none, that of old, which some send beside Opus. */
function eventFor(codec: CodecName, events: readonly OfferedEvent[]): OfferedEvent | undefined {
  return (
    events.find(({ clockHz }) => clockHz === codecs[codec].clockHz) ?? events.find(({ clockHz }) => clockHz === 8000)
  );
}

function numbered(event: OfferedEvent | undefined): Pick<NegotiatedMedia, "dtmfPayloadType" | "dtmfClockHz"> {
  if (event === undefined) return {};
  const { payloadType, clockHz } = event;
  return { dtmfPayloadType: payloadType, ...(clockHz === 8000 ? {} : { dtmfClockHz: clockHz }) };
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
  { attributes }: Secured,
): string[] {
  const event = eventFor(format.codec, line.events);
  const ptimeMs = packetTimeOf(format.codec, line.ptimeMs);
  return audioLine(line.protocol, [format], { ptimeMs, events: event ? [event] : [] }, direction, ours, attributes);
}

function audioLine(
  protocol: string,
  formats: readonly OfferedFormat[],
  { ptimeMs, events }: Pick<MediaLine, "ptimeMs" | "events">,
  direction: Direction,
  ours: OurSide,
  attributes: readonly string[],
): string[] {
  const numbers = [...formats, ...events].map(({ payloadType }) => payloadType);
  return [
    `m=audio ${ours.port} ${protocol} ${numbers.join(" ")}`,
    ...attributes,
    ...formats.flatMap(formatLines),
    ...events.flatMap(({ payloadType, clockHz }) => [
      `a=rtpmap:${payloadType} telephone-event/${clockHz}`,
      `a=fmtp:${payloadType} 0-15`,
    ]),
    `a=ptime:${ptimeMs}`,
    `a=${direction}`,
  ];
}

function formatLines({ payloadType, codec }: OfferedFormat): string[] {
  const { clockHz, channels } = codecs[codec];
  const map = `a=rtpmap:${payloadType} ${codec}/${clockHz}${channels === 1 ? "" : `/${channels}`}`;
  return codec === "opus" ? [map, `a=fmtp:${payloadType} ${ourOpusTerms}`] : [map];
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
