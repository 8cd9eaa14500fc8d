/** Session descriptions (RFC 8866) as far as an audio line needs them. Reads leniently, believes little, never throws. */

import { type ParsedMedia, type ParsedSession, parse } from "sdp-transform";
import { codecs } from "./codecs.ts";
import { canonicalAddress, ipVersion } from "./ip-address.ts";
import type { CodecName, NegotiatedMedia, OpusTerms } from "./messages.ts";
import { readOpusTerms } from "./opus-sdp.ts";
import { type CryptoLine, readCrypto } from "./sdes.ts";
import { type DtlsLine, readDtls } from "./sdp-dtls.ts";

export type Direction = NegotiatedMedia["direction"];

export type OfferedFormat = { payloadType: number; codec: CodecName; opus?: OpusTerms };

/** A telephone-event (RFC 4733 §2.1): of the clock of the sound that it goes with. */
export type OfferedEvent = { payloadType: number; clockHz: number };

/** One m-line. */
export type MediaLine = {
  type: string;
  port: number;
  protocol: string;
  /** As written, for mirroring a refused line. */
  payloads: string;
  address: string | undefined;
  rtcpPort: number | undefined;
  /** The sender's own view of it. */
  direction: Direction;
  ptimeMs: number;
  /** The sounds that we could take, and the telephone-events, in the sender's order. */
  formats: OfferedFormat[];
  events: OfferedEvent[];
  /** Keys of SRTP that we could use, in the sender's order. */
  crypto: CryptoLine[];
  /** Or the means to get them by a handshake. */
  dtls: DtlsLine | undefined;
  /** RTCP by the port of RTP (RFC 5761), which is offered or agreed to. */
  hasRtcpMux: boolean;
};

export type SessionLines = { timing: string; media: MediaLine[] };

type Parsed = NonNullable<ParsedMedia["crypto"]>[number];

const longestSdp = 16_384;
const mostLines = 32;
const codecNames = ["PCMA", "PCMU", "G722", "opus"] as const;
const staticCodecs: Readonly<Record<number, CodecName>> = { 0: "PCMU", 8: "PCMA", 9: "G722" };
const [shortestPtimeMs, usualPtimeMs, longestPtimeMs] = [10, 20, 60];

/** @returns undefined if it is no session description that could be answered line for line. */
export function readSession(sdp: string): SessionLines | undefined {
  if (sdp.length > longestSdp || !/^v=0\s*$/m.test(sdp)) return undefined;
  // RFC 8866 §5.14: `port/number` asks for several ports; we take the first, and the parser knows only one.
  const session = parse(sdp.replace(/^(m=\w+ \d+)\/\d+ /gm, "$1 "));
  if (session.media.length === 0 || session.media.length > mostLines) return undefined;
  const media: MediaLine[] = [];
  const [head = [], ...sections] = splitSections(sdp);
  for (const [i, line] of session.media.entries()) {
    const read = readLine(session, line, head, sections[i] ?? []);
    if (read === undefined) return undefined;
    media.push(read);
  }
  return { timing: `${natural(session.timing?.start) ?? 0} ${natural(session.timing?.stop) ?? 0}`, media };
}

/** As the parser has them: what stands before the first m-line, and from each to the next. It keeps one value of a kind. */
function splitSections(sdp: string): string[][] {
  const sections: string[][] = [[]];
  for (const line of sdp.split(/\r\n|\r|\n/)) {
    if (line.startsWith("m=")) sections.push([]);
    sections.at(-1)?.push(line);
  }
  return sections;
}

function readLine(
  session: ParsedSession,
  line: ParsedMedia,
  head: readonly string[],
  section: readonly string[],
): MediaLine | undefined {
  const port = natural(line.port);
  const payloads = String(line.payloads ?? "").trim();
  if (line.type === undefined || line.type === "" || port === undefined || port > 65_535) return undefined;
  if (!/^[\w.+-]+( [\w.+-]+)*$/.test(payloads)) return undefined;
  const address = (line.connection ?? session.connection)?.ip;
  return {
    type: String(line.type).toLowerCase(),
    port,
    protocol: String(line.protocol ?? ""),
    payloads,
    address: address === undefined ? undefined : canonicalAddress(String(address).split("/")[0] ?? ""),
    rtcpPort: portOf(line.rtcp?.port),
    direction: directionOf(line.direction ?? session.direction),
    ptimeMs: packetTime(natural(line.ptime), natural(line.maxptime)),
    ...formatsOf(line, payloads),
    crypto: (line.crypto ?? []).flatMap((attribute) => readCrypto(cryptoText(attribute)) ?? []),
    dtls: readDtls(head, section),
    hasRtcpMux: section.includes("a=rtcp-mux"),
  };
}

function cryptoText({ id = "", suite = "", config = "", sessionConfig = "" }: Parsed): string {
  return `${id} ${suite} ${config} ${sessionConfig}`;
}

function formatsOf(line: ParsedMedia, payloads: string): Pick<MediaLine, "formats" | "events"> {
  const formats: OfferedFormat[] = [];
  const events: OfferedEvent[] = [];
  for (const text of payloads.split(" ")) {
    const payloadType = natural(text);
    if (payloadType === undefined || payloadType > 127) continue;
    const map = line.rtp.find((entry) => natural(entry.payload) === payloadType);
    const codec = map === undefined ? staticCodecs[payloadType] : codecOf(map);
    if (codec !== undefined) {
      const config = line.fmtp?.find((entry) => natural(entry.payload) === payloadType)?.config;
      formats.push({ payloadType, codec, ...(codec === "opus" && { opus: readOpusTerms(String(config ?? "")) }) });
    }
    const clockHz = map && eventClock(map);
    if (clockHz !== undefined) events.push({ payloadType, clockHz });
  }
  return { formats, events };
}

type RtpMap = ParsedMedia["rtp"][number];

/** RFC 3551 §6: the old numbers need no rtpmap, but one that is there is what counts. Names are of either case. */
function codecOf({ codec, rate, encoding }: RtpMap): CodecName | undefined {
  const wanted = String(codec ?? "").toUpperCase();
  const name = codecNames.find((known) => known.toUpperCase() === wanted);
  if (name === undefined || Number(rate) !== codecs[name].clockHz) return undefined;
  return Number(encoding ?? 1) <= codecs[name].channels ? name : undefined;
}

function eventClock({ codec, rate }: RtpMap): number | undefined {
  const clockHz = Number(rate);
  const isOurs = clockHz === codecs.PCMA.clockHz || clockHz === codecs.opus.clockHz;
  return isOurs && String(codec ?? "").toUpperCase() === "TELEPHONE-EVENT" ? clockHz : undefined;
}

function directionOf(value: string | number | undefined): Direction {
  return value === "sendonly" || value === "recvonly" || value === "inactive" ? value : "sendrecv";
}

/** Whole tens of ms between 10 and 60: what is asked for, brought within these bounds. */
function packetTime(asked: number | undefined, longest: number | undefined): number {
  const wanted = Math.min(asked ?? usualPtimeMs, longest ?? longestPtimeMs, longestPtimeMs);
  return Math.max(shortestPtimeMs, 10 * Math.floor(wanted / 10));
}

function natural(value: string | number | undefined): number | undefined {
  return value !== undefined && /^\d{1,10}$/.test(String(value)) ? Number(value) : undefined;
}

/** One that can be sent to; undefined for 0 and for what is none. */
function portOf(value: string | number | undefined): number | undefined {
  const port = natural(value);
  return port === undefined || port === 0 || port > 65_535 ? undefined : port;
}

/** An address that sound may be sent to: one host, known by number. */
export function isUnicast(address: string): boolean {
  const version = ipVersion(address);
  if (version === 4) {
    const first = Number(address.split(".")[0]);
    return first > 0 && first < 224;
  }
  return version === 6 && !/^ff/i.test(address) && !isUnspecified(address);
}

/** 0.0.0.0 or ::, the hold of RFC 2543 (RFC 3264 §8.4). */
export function isUnspecified(address: string): boolean {
  return address === "0.0.0.0" || (ipVersion(address) === 6 && /^[0:]+$/.test(address));
}

export function isSameFamily(a: string, b: string): boolean {
  return ipVersion(a) !== 0 && ipVersion(a) === ipVersion(b);
}
