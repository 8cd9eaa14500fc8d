/** UDP over IPv4 out of a capture as tcpdump writes it (pcap, nanoseconds or microseconds, Ethernet frames). */
export type CapturedDatagram = {
  /** When the kernel had it, ms. */
  atMs: number;
  fromPort: number;
  toPort: number;
  payload: Uint8Array;
};

const fileHeadBytes = 24;
const recordHeadBytes = 16;
const ethernet = { linkType: 1, headBytes: 14, ipv4: 0x0800 };
const udp = { protocol: 17, headBytes: 8 };
/** Fraction of a second → ms, by the file's first four octets. */
const fractions: Readonly<Record<number, number>> = { 2712812621: 1e-6, 2712847316: 1e-3 }; // 0xa1b23c4d, 0xa1b2c3d4

/** @throws Error if the file is not a capture of Ethernet frames; what is not UDP over IPv4 is left out. */
export function readPcap(file: Uint8Array): CapturedDatagram[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const fraction = file.length < fileHeadBytes ? undefined : fractions[view.getUint32(0, true)];
  if (fraction === undefined) throw new Error("not a capture in pcap format, little-endian");
  if (view.getUint32(20, true) !== ethernet.linkType) throw new Error("not a capture of Ethernet frames");
  const found: CapturedDatagram[] = [];
  for (let at = fileHeadBytes; at + recordHeadBytes <= file.length; ) {
    const bytes = view.getUint32(at + 8, true);
    const frame = at + recordHeadBytes;
    if (frame + bytes > file.length) break; // cut off as the capture ended
    const atMs = view.getUint32(at, true) * 1000 + view.getUint32(at + 4, true) * fraction;
    const datagram = datagramOf(file.subarray(frame, frame + bytes));
    if (datagram !== undefined) found.push({ atMs, ...datagram });
    at = frame + bytes;
  }
  return found;
}

function datagramOf(frame: Uint8Array): Omit<CapturedDatagram, "atMs"> | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const ip = ethernet.headBytes;
  if (frame.length < ip + 20 || view.getUint16(12) !== ethernet.ipv4) return undefined;
  const head = ip + ((frame[ip] ?? 0) & 0x0f) * 4;
  if (frame[ip + 9] !== udp.protocol || frame.length < head + udp.headBytes) return undefined;
  const end = Math.min(frame.length, head + view.getUint16(head + 4));
  return {
    fromPort: view.getUint16(head),
    toPort: view.getUint16(head + 2),
    payload: frame.subarray(head + udp.headBytes, end),
  };
}
