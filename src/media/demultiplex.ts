/** What a datagram on a media port is, by its first bytes (RFC 7983 §7; RTCP apart by RFC 5761 §4). */
export type DatagramKind = "rtp" | "rtcp" | "stun" | "zrtp" | "dtls" | "turn" | "unknown";

/** Ethernet's MTU: no RTP of ours or of a PBX is longer, and what is longer is not worth parsing. */
export const largestDatagramBytes = 1500;

export function demultiplex(datagram: Uint8Array): DatagramKind {
  const first = datagram[0];
  if (first === undefined) return "unknown";
  if (first <= 3) return "stun";
  if (first >= 16 && first <= 19) return "zrtp";
  if (first >= 20 && first <= 63) return "dtls";
  if (first >= 64 && first <= 79) return "turn";
  if (first < 128 || first > 191) return "unknown";
  const second = datagram[1] ?? 0;
  return second >= 192 && second <= 223 ? "rtcp" : "rtp";
}
