/**
 * SRTP and SRTCP of one call (RFC 3711): rollover counters, replay windows, and a memory for each SSRC that the peer
 * sends from. Nothing is believed and no memory changes before a packet is authenticated.
 */
import type { SrtpSuite } from "./messages.ts";
import { rtpHeaderLength } from "./rtp.ts";
import { createSrtpCipher, encryptedFlag, rtcpIndexBytes } from "./srtp-cipher.ts";
import { deriveKeys, srtpSuites } from "./srtp-suites.ts";

export type SrtpRefusal = "srtp-malformed" | "srtp-replayed" | "srtp-unauthentic" | "srtp-without-key";
export type Opened = { clear: Uint8Array } | { dropped: SrtpRefusal };

export type SrtpSender = { rtp(packet: Uint8Array): Uint8Array; rtcp(packet: Uint8Array): Uint8Array };
export type SrtpReceiver = { rtp(packet: Uint8Array): Opened; rtcp(packet: Uint8Array): Opened };

const sequences = 2 ** 16;
const rtcpHeadBytes = 8;
/** Packets that may come later than others and still be taken (RFC 3711 §3.3.2 asks for 64 at least). */
const windowPackets = 128;
/** Streams of one peer that are remembered; more than a few are a fault or an attack, but one that has our key. */
const mostStreams = 8;

export function createSrtpSender(suite: SrtpSuite, master: Uint8Array): SrtpSender {
  const rtp = createSrtpCipher(suite, deriveKeys(suite, master, "rtp"), "rtp");
  const rtcp = createSrtpCipher(suite, deriveKeys(suite, master, "rtcp"), "rtcp");
  let ssrc: number | undefined;
  let rollovers = 0;
  let last = 0;
  let rtcpIndex = 0;
  return {
    rtp(packet) {
      const view = viewOf(packet);
      const sequence = view.getUint16(2);
      // RFC 3711 §3.2.3: each SSRC has a rollover counter of its own. None comes back after another.
      if (ssrc !== view.getUint32(8)) rollovers = 0;
      else if (sequence < last) rollovers++;
      ssrc = view.getUint32(8);
      last = sequence;
      return rtp.seal(packet, rtpHeaderLength(packet) ?? 12, ssrc, rollovers * sequences + sequence);
    },
    rtcp(packet) {
      // §3.4: one more with each packet, whatever the SSRC; 2^31 of them take centuries.
      const index = rtcpIndex++;
      return rtcp.seal(packet, rtcpHeadBytes, viewOf(packet).getUint32(4), index);
    },
  };
}

type Stream = { rtpHighest: number; rtpSeen: Float64Array; rtcpHighest: number; rtcpSeen: Float64Array };

export function createSrtpReceiver(suite: SrtpSuite, master: Uint8Array): SrtpReceiver {
  const { rtcpTagBytes, isAead } = srtpSuites[suite];
  const rtp = createSrtpCipher(suite, deriveKeys(suite, master, "rtp"), "rtp");
  const rtcp = createSrtpCipher(suite, deriveKeys(suite, master, "rtcp"), "rtcp");
  /** By SSRC, the one heard last at the end. */
  const streams = new Map<number, Stream>();

  function remember(ssrc: number, stream: Stream): void {
    streams.delete(ssrc);
    streams.set(ssrc, stream);
    const [oldest] = streams.keys();
    if (streams.size > mostStreams && oldest !== undefined) streams.delete(oldest);
  }

  return {
    rtp(packet) {
      const clearBytes = rtpHeaderLength(packet);
      if (clearBytes === undefined) return { dropped: "srtp-malformed" };
      const view = viewOf(packet);
      const ssrc = view.getUint32(8);
      const stream = streams.get(ssrc) ?? newStream();
      const index = estimateIndex(stream.rtpHighest, view.getUint16(2));
      if (isReplayed(index, stream.rtpHighest, stream.rtpSeen)) return { dropped: "srtp-replayed" };
      const clear = rtp.open(packet, clearBytes, ssrc, index);
      if (clear === undefined) return { dropped: "srtp-unauthentic" };
      stream.rtpHighest = Math.max(stream.rtpHighest, index);
      stream.rtpSeen[index % windowPackets] = index;
      remember(ssrc, stream);
      return { clear };
    },
    rtcp(packet) {
      const indexAt = packet.length - rtcpIndexBytes - (isAead ? 0 : rtcpTagBytes);
      if (indexAt < rtcpHeadBytes) return { dropped: "srtp-malformed" };
      const view = viewOf(packet);
      const word = view.getUint32(indexAt);
      // We never agree to RTCP in the clear (UNENCRYPTED_SRTCP of RFC 4568 §6.3.2).
      if (word < encryptedFlag) return { dropped: "srtp-malformed" };
      const index = word - encryptedFlag;
      const ssrc = view.getUint32(4);
      const stream = streams.get(ssrc) ?? newStream();
      if (isReplayed(index, stream.rtcpHighest, stream.rtcpSeen)) return { dropped: "srtp-replayed" };
      const clear = rtcp.open(packet, rtcpHeadBytes, ssrc, index);
      if (clear === undefined) return { dropped: "srtp-unauthentic" };
      stream.rtcpHighest = Math.max(stream.rtcpHighest, index);
      stream.rtcpSeen[index % windowPackets] = index;
      remember(ssrc, stream);
      return { clear };
    },
  };
}

/** RFC 3711 §3.3.1: a stream that we have not heard before has not rolled over. */
function newStream(): Stream {
  const seen = () => new Float64Array(windowPackets).fill(-1);
  return { rtpHighest: -1, rtpSeen: seen(), rtcpHighest: -1, rtcpSeen: seen() };
}

/** RFC 3711 appendix A: the index nearest to the highest so far. */
function estimateIndex(highest: number, sequence: number): number {
  if (highest < 0) return sequence;
  const near = Math.floor(highest / sequences) * sequences + sequence;
  if (near - highest > sequences / 2 && near >= sequences) return near - sequences;
  if (highest - near > sequences / 2) return near + sequences;
  return near;
}

function isReplayed(index: number, highest: number, seen: Float64Array): boolean {
  return index <= highest - windowPackets || seen[index % windowPackets] === index;
}

function viewOf(packet: Uint8Array): DataView {
  return new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
}
