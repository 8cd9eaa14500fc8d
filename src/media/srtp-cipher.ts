/** Seals and opens single packets of SRTP and SRTCP, given their index. No memory: see srtp.ts for that. */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";
import type { SrtpSuite } from "./messages.ts";
import { type SessionKeys, srtpSuites } from "./srtp-suites.ts";

export type SrtpCipher = {
  /** What sealing adds to a packet. */
  readonly overheadBytes: number;
  /** @param clearBytes that are authenticated only; `index` as RFC 3711 §3.3.1 has it, 48 bits (SRTCP: 31). */
  seal(packet: Uint8Array, clearBytes: number, ssrc: number, index: number): Uint8Array;
  /** @returns undefined if it was not made with our key. */
  open(packet: Uint8Array, clearBytes: number, ssrc: number, index: number): Uint8Array | undefined;
};

/** The flag that an SRTCP packet is encrypted, over its 31 bits of index (RFC 3711 §3.4). */
export const encryptedFlag = 0x8000_0000;
export const rtcpIndexBytes = 4;

/** @param keys of this suite and stream (`deriveKeys`). */
export function createSrtpCipher(suite: SrtpSuite, keys: SessionKeys, stream: "rtp" | "rtcp"): SrtpCipher {
  return srtpSuites[suite].isAead ? gcmCipher(suite, keys, stream) : cmCipher(suite, keys, stream);
}

/** RFC 3711 §4.1.1 and §4.2.1. */
function cmCipher(suite: SrtpSuite, keys: SessionKeys, stream: "rtp" | "rtcp"): SrtpCipher {
  const { key, salt, authentication } = keys;
  const { keyBytes, tagBytes: rtpTagBytes, rtcpTagBytes } = srtpSuites[suite];
  const isRtcp = stream === "rtcp";
  const tagBytes = isRtcp ? rtcpTagBytes : rtpTagBytes;
  const trailerBytes = isRtcp ? rtcpIndexBytes : 0;
  const algorithm = keyBytes === 32 ? "aes-256-ctr" : "aes-128-ctr";

  /** The keystream is its own inverse. */
  function crypt(bytes: Uint8Array, ssrc: number, index: number): Uint8Array {
    const counter = new Uint8Array(16);
    counter.set(salt);
    const view = new DataView(counter.buffer);
    view.setUint32(4, (view.getUint32(4) ^ ssrc) >>> 0);
    view.setUint16(8, view.getUint16(8) ^ Math.floor(index / 2 ** 32));
    view.setUint32(10, (view.getUint32(10) ^ (index >>> 0)) >>> 0);
    return createCipheriv(algorithm, key, counter).update(bytes);
  }

  /** RTP is authenticated with its rollover counter behind it, which is not sent; RTCP with its index, which is. */
  function tagOf(authenticated: Uint8Array, index: number): Uint8Array {
    const hmac = createHmac("sha1", authentication).update(authenticated);
    if (!isRtcp) hmac.update(uint32(Math.floor(index / 65_536)));
    return hmac.digest().subarray(0, tagBytes);
  }

  return {
    overheadBytes: trailerBytes + tagBytes,
    seal(packet, clearBytes, ssrc, index) {
      const sealed = new Uint8Array(packet.length + trailerBytes + tagBytes);
      sealed.set(packet.subarray(0, clearBytes));
      sealed.set(crypt(packet.subarray(clearBytes), ssrc, index), clearBytes);
      if (isRtcp) sealed.set(uint32(encryptedFlag + index), packet.length);
      const end = packet.length + trailerBytes;
      sealed.set(tagOf(sealed.subarray(0, end), index), end);
      return sealed;
    },
    open(packet, clearBytes, ssrc, index) {
      const end = packet.length - tagBytes;
      if (end - trailerBytes < clearBytes) return undefined;
      if (!timingSafeEqual(tagOf(packet.subarray(0, end), index), packet.subarray(end))) return undefined;
      const clear = packet.slice(0, end - trailerBytes);
      clear.set(crypt(clear.subarray(clearBytes), ssrc, index), clearBytes);
      return clear;
    },
  };
}

/** RFC 7714 §8 (RTP) and §9 (RTCP: tag before the index, which is authenticated as well). */
function gcmCipher(suite: SrtpSuite, { key, salt }: SessionKeys, stream: "rtp" | "rtcp"): SrtpCipher {
  const { keyBytes, tagBytes } = srtpSuites[suite];
  const isRtcp = stream === "rtcp";
  const trailerBytes = isRtcp ? rtcpIndexBytes : 0;
  const algorithm = keyBytes === 32 ? "aes-256-gcm" : "aes-128-gcm";

  function nonce(ssrc: number, index: number): Uint8Array {
    const bytes = new Uint8Array(12);
    const view = new DataView(bytes.buffer);
    view.setUint32(2, ssrc);
    view.setUint16(6, Math.floor(index / 2 ** 32));
    view.setUint32(8, index >>> 0);
    for (let i = 0; i < 12; i++) bytes[i] = (bytes[i] ?? 0) ^ (salt[i] ?? 0);
    return bytes;
  }

  function associated(head: Uint8Array, index: number): Uint8Array {
    return isRtcp ? Buffer.concat([head, uint32(encryptedFlag + index)]) : head;
  }

  return {
    overheadBytes: tagBytes + trailerBytes,
    seal(packet, clearBytes, ssrc, index) {
      const head = packet.subarray(0, clearBytes);
      const cipher = createCipheriv(algorithm, key, nonce(ssrc, index)).setAAD(associated(head, index));
      const sealed = new Uint8Array(packet.length + tagBytes + trailerBytes);
      sealed.set(head);
      sealed.set(cipher.update(packet.subarray(clearBytes)), clearBytes);
      cipher.final();
      sealed.set(cipher.getAuthTag(), packet.length);
      if (isRtcp) sealed.set(uint32(encryptedFlag + index), packet.length + tagBytes);
      return sealed;
    },
    open(packet, clearBytes, ssrc, index) {
      const tagAt = packet.length - trailerBytes - tagBytes;
      if (tagAt < clearBytes) return undefined;
      const head = packet.subarray(0, clearBytes);
      const decipher = createDecipheriv(algorithm, key, nonce(ssrc, index), { authTagLength: tagBytes })
        .setAAD(associated(head, index))
        .setAuthTag(packet.subarray(tagAt, tagAt + tagBytes));
      const clear = packet.slice(0, tagAt);
      clear.set(decipher.update(packet.subarray(clearBytes, tagAt)), clearBytes);
      try {
        decipher.final();
        return clear;
      } catch {
        return undefined; // node's way of saying that the tag is wrong
      }
    },
  };
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value >>> 0);
  return bytes;
}
