/** RTP packets (RFC 3550 §5.1). */
export type RtpPacket = {
  marker: boolean;
  payloadType: number;
  /** 0…65535; 0 is as good as any. */
  sequence: number;
  /** In samples (G.711: 8000 a second), modulo 2^32. */
  timestamp: number;
  ssrc: number;
  payload: Uint8Array;
};

export const rtpHeaderBytes = 12;

/**
 * Parses one RTP packet (RFC 3550 §5.1).
 *
 * @param datagram One whole UDP payload. Not copied: `payload` is a view of it.
 * @returns `undefined` if malformed: network input is counted and dropped, never thrown.
 */
export function parseRtp(datagram: Uint8Array): RtpPacket | undefined {
  const from = rtpHeaderLength(datagram);
  if (from === undefined) return undefined;
  const first = datagram[0] ?? 0;
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  let to = datagram.length;
  if ((first & 0x20) !== 0) {
    // §5.1: the last octet counts the padding, itself included; so 0 is an error.
    const padding = datagram[to - 1] ?? 0;
    if (padding === 0) return undefined;
    to -= padding;
  }
  if (to < from) return undefined;
  const second = datagram[1] ?? 0;
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: datagram.subarray(from, to),
  };
}

/** Bytes before the payload: header, contributing sources (of no use to us) and extension. */
export function rtpHeaderLength(datagram: Uint8Array): number | undefined {
  const first = datagram[0] ?? 0;
  if (datagram.length < rtpHeaderBytes || first >> 6 !== 2) return undefined;
  let length = rtpHeaderBytes + 4 * (first & 15);
  if ((first & 0x10) !== 0) {
    if (datagram.length < length + 4) return undefined;
    length += 4 + 4 * (((datagram[length + 2] ?? 0) << 8) | (datagram[length + 3] ?? 0));
  }
  return length > datagram.length ? undefined : length;
}

/**
 * Writes header and payload into `into` (at least 12 bytes longer than the payload).
 *
 * @returns The part of `into` that is the packet.
 */
export function writeRtp(packet: RtpPacket, into: Uint8Array): Uint8Array {
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  view.setUint8(0, 0x80);
  view.setUint8(1, (packet.marker ? 0x80 : 0) | packet.payloadType);
  view.setUint16(2, packet.sequence & 0xffff);
  view.setUint32(4, packet.timestamp >>> 0);
  view.setUint32(8, packet.ssrc >>> 0);
  into.set(packet.payload, rtpHeaderBytes);
  return into.subarray(0, rtpHeaderBytes + packet.payload.length);
}
