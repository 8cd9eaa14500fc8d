/** RTCP (RFC 3550 §6): what a receptionist's line needs of it. Everything unknown in a compound packet is skipped. */
export type ReportBlock = {
  ssrc: number;
  /** Of 256, since the last report. */
  fractionLost: number;
  /** Signed: duplicates may make it negative. */
  cumulativeLost: number;
  highestSequence: number;
  /** In samples of the media clock. */
  jitter: number;
  /** Middle 32 bits of the NTP time of the last SR, and how long ago it was, in 1/65536 s (0: none seen). */
  lastSenderReport: number;
  delaySinceLast: number;
};

export type SenderInfo = {
  ntpSeconds: number;
  ntpFraction: number;
  timestamp: number;
  packets: number;
  octets: number;
};

export type RtcpPacket =
  | { kind: "sender-report"; ssrc: number; info: SenderInfo; blocks: ReportBlock[] }
  | { kind: "receiver-report"; ssrc: number; blocks: ReportBlock[] }
  | { kind: "bye"; ssrcs: number[] }
  | { kind: "other"; type: number };

const headerBytes = 4;
const blockBytes = 24;
const senderInfoBytes = 20;
const [srType, rrType, sdesType, byeType] = [200, 201, 202, 203];
/** From 1900, where NTP counts, to 1970. */
const ntpEpochSeconds = 2_208_988_800;

/**
 * Parses a compound packet (RFC 3550 §6.1; reduced size, RFC 5506, passes too).
 *
 * @returns Its parts in order, or `undefined` if any length does not add up.
 */
export function parseRtcp(datagram: Uint8Array): RtcpPacket[] | undefined {
  const packets: RtcpPacket[] = [];
  for (let at = 0; at < datagram.length; ) {
    const view = new DataView(datagram.buffer, datagram.byteOffset + at, datagram.byteLength - at);
    if (view.byteLength < headerBytes || view.getUint8(0) >> 6 !== 2) return undefined;
    const bytes = 4 * (view.getUint16(2) + 1);
    if (bytes > view.byteLength) return undefined;
    const packet = parseOne(new DataView(view.buffer, view.byteOffset, bytes));
    if (packet === undefined) return undefined;
    packets.push(packet);
    at += bytes;
  }
  return packets.length === 0 ? undefined : packets;
}

function parseOne(view: DataView): RtcpPacket | undefined {
  const count = view.getUint8(0) & 31;
  const type = view.getUint8(1);
  if (type === byeType) {
    if (view.byteLength < headerBytes + 4 * count) return undefined;
    return { kind: "bye", ssrcs: Array.from({ length: count }, (_, i) => view.getUint32(headerBytes + 4 * i)) };
  }
  if (type !== srType && type !== rrType) return { kind: "other", type };
  const blocksAt = headerBytes + 4 + (type === srType ? senderInfoBytes : 0);
  if (view.byteLength < blocksAt + blockBytes * count) return undefined;
  const ssrc = view.getUint32(headerBytes);
  const blocks = Array.from({ length: count }, (_, i) => parseBlock(view, blocksAt + blockBytes * i));
  if (type === rrType) return { kind: "receiver-report", ssrc, blocks };
  const info: SenderInfo = {
    ntpSeconds: view.getUint32(8),
    ntpFraction: view.getUint32(12),
    timestamp: view.getUint32(16),
    packets: view.getUint32(20),
    octets: view.getUint32(24),
  };
  return { kind: "sender-report", ssrc, info, blocks };
}

function parseBlock(view: DataView, at: number): ReportBlock {
  return {
    ssrc: view.getUint32(at),
    fractionLost: view.getUint8(at + 4),
    cumulativeLost: (view.getUint32(at + 4) << 8) >> 8,
    highestSequence: view.getUint32(at + 8),
    jitter: view.getUint32(at + 12),
    lastSenderReport: view.getUint32(at + 16),
    delaySinceLast: view.getUint32(at + 20),
  };
}

export type Report = {
  ssrc: number;
  /** Random per call (RFC 7022 §4.2), ASCII. */
  cname: string;
  /** Given if we have sent since the last report: makes it an SR (RFC 3550 §6.4). */
  info: SenderInfo | undefined;
  block: ReportBlock | undefined;
  /** Ends with a BYE. */
  leaving: boolean;
};

/** RFC 3550 §6.1: a report always comes first, an SDES with the CNAME is always there, BYE is last. */
export function buildReport(report: Report): Uint8Array {
  const cname = new TextEncoder().encode(report.cname.slice(0, 255));
  const reportBytes = headerBytes + 4 + (report.info ? senderInfoBytes : 0) + (report.block ? blockBytes : 0);
  // The item list ends with at least one zero octet and fills its last word (§6.5).
  const sdesBytes = headerBytes + 4 + 4 * Math.ceil((2 + cname.length + 1) / 4);
  const bytes = new Uint8Array(reportBytes + sdesBytes + (report.leaving ? headerBytes + 4 : 0));
  const view = new DataView(bytes.buffer);
  writeHeader(view, 0, report.block ? 1 : 0, report.info ? srType : rrType, reportBytes);
  view.setUint32(4, report.ssrc);
  if (report.info) writeSenderInfo(view, 8, report.info);
  if (report.block) writeBlock(view, reportBytes - blockBytes, report.block);
  writeHeader(view, reportBytes, 1, sdesType, sdesBytes);
  view.setUint32(reportBytes + 4, report.ssrc);
  bytes.set([1, cname.length], reportBytes + 8); // item 1: CNAME
  bytes.set(cname, reportBytes + 10);
  if (report.leaving) {
    writeHeader(view, reportBytes + sdesBytes, 1, byeType, headerBytes + 4);
    view.setUint32(reportBytes + sdesBytes + 4, report.ssrc);
  }
  return bytes;
}

/** Wall-clock ms since 1970 as NTP's seconds and 2^-32 parts. */
export function ntpTime(unixMs: number): { ntpSeconds: number; ntpFraction: number } {
  const seconds = Math.floor(unixMs / 1000);
  const fraction = Math.floor(((unixMs - 1000 * seconds) / 1000) * 2 ** 32);
  return { ntpSeconds: (seconds + ntpEpochSeconds) >>> 0, ntpFraction: fraction >>> 0 };
}

/** The middle 32 bits, as report blocks quote them (§6.4.1). */
export function middleOf(ntp: { ntpSeconds: number; ntpFraction: number }): number {
  return (((ntp.ntpSeconds & 0xffff) << 16) | (ntp.ntpFraction >>> 16)) >>> 0;
}

function writeHeader(view: DataView, at: number, count: number, type: number, bytes: number): void {
  view.setUint8(at, 0x80 | count);
  view.setUint8(at + 1, type);
  view.setUint16(at + 2, bytes / 4 - 1);
}

function writeSenderInfo(view: DataView, at: number, info: SenderInfo): void {
  [info.ntpSeconds, info.ntpFraction, info.timestamp, info.packets, info.octets].forEach((value, i) => {
    view.setUint32(at + 4 * i, value >>> 0);
  });
}

function writeBlock(view: DataView, at: number, block: ReportBlock): void {
  const lost = Math.max(-0x80_0000, Math.min(0x7f_ffff, block.cumulativeLost));
  view.setUint32(at, block.ssrc);
  view.setUint32(at + 4, ((block.fractionLost << 24) | (lost & 0xff_ffff)) >>> 0);
  view.setUint32(at + 8, block.highestSequence >>> 0);
  view.setUint32(at + 12, Math.round(block.jitter) >>> 0);
  view.setUint32(at + 16, block.lastSenderReport >>> 0);
  view.setUint32(at + 20, block.delaySinceLast >>> 0);
}
