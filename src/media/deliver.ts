/** A datagram of a call's media ports to the part of the session that it is for (RFC 7983); the rest is counted. */
import type { CallSession } from "./call-session.ts";
import { demultiplex, largestDatagramBytes } from "./demultiplex.ts";
import type { Source } from "./source-latch.ts";

/** @param channel the port of ours that it came to; RTCP may come to either (RFC 5761). */
export function deliver(session: CallSession, channel: "rtp" | "rtcp", bytes: Uint8Array, source: Source): void {
  if (bytes.length > largestDatagramBytes) return session.drop("size");
  const kind = demultiplex(bytes);
  if (kind === "rtcp") session.rtcp(bytes, source);
  else if (kind === "dtls") session.dtls(channel, bytes, source);
  else if (kind === "rtp" && channel === "rtp") session.rtp(bytes, source);
  else session.drop(kind === "rtp" ? "rtp-on-rtcp-port" : kind);
}
