/**
 * Where a call's keys come from: nowhere, its descriptions (SDES), or handshakes over its own ports (DTLS-SRTP,
 * RFC 5764). One association for RTP and, where RTCP has a port of its own, one for that. Clock passed in.
 */
import { type CallEncryption, createCallEncryption } from "./call-encryption.ts";
import { type Association, createAssociation, type DtlsEffects } from "./dtls/association.ts";
import type { DtlsIdentity } from "./dtls/certificates.ts";
import type { NegotiatedDtls, NegotiatedMedia, Protection } from "./messages.ts";
import { isSamePeer } from "./sdp-dtls.ts";
import { isUnspecified } from "./sdp-read.ts";
import type { Source } from "./source-latch.ts";
import type { Opened } from "./srtp.ts";

export type MediaChannel = "rtp" | "rtcp";

export type ProtectionPorts = {
  identity: DtlsIdentity | undefined;
  send(channel: MediaChannel, datagram: Uint8Array, to: Source): void;
  drop(reason: string): void;
  /** No sound will ever come of this. */
  failed(): void;
};

export type CallProtection = {
  start(media: NegotiatedMedia, nowMs: number): void;
  /** False while there is no key: nothing may leave. */
  canSend(channel: MediaChannel): boolean;
  sealRtp(packet: Uint8Array): Uint8Array;
  sealRtcp(packet: Uint8Array): Uint8Array;
  openRtp(datagram: Uint8Array): Opened;
  openRtcp(datagram: Uint8Array): Opened;
  dtls(channel: MediaChannel, datagram: Uint8Array, source: Source, nowMs: number): void;
  /** Says again what was not answered. */
  tick(nowMs: number): void;
  /** How sound is protected now. */
  readonly kind: Protection;
};

/** `encryption` is undefined until the first handshake is through; a later one leaves it as it was until then. */
type Path = {
  association: Association | undefined;
  encryption: CallEncryption | undefined;
  /** What came before we knew with whom we talk: the latest only. */
  early: { datagram: Uint8Array; source: Source } | undefined;
};

/** As long as the host that the description names has to make itself heard before another may try (a NAT). */
const foreignGraceMs = 500;
const notKeyed: Opened = { dropped: "srtp-without-key" };

export function createCallProtection(ports: ProtectionPorts): CallProtection {
  const clear = createCallEncryption(undefined);
  const paths: Record<MediaChannel, Path> = {
    rtp: { association: undefined, encryption: clear, early: undefined },
    rtcp: { association: undefined, encryption: clear, early: undefined },
  };
  let current: NegotiatedDtls | undefined;
  let expected: Source = { address: "", port: 0 };
  let sinceMs = 0;
  let isMuxed = false;
  let isStarted = false;
  let kind: Protection = "none";

  const pathOf = (channel: MediaChannel): Path => (isMuxed ? paths.rtp : paths[channel]);

  function start(media: NegotiatedMedia, nowMs: number): void {
    const hasMoved = expected.address !== media.remote.address || expected.port !== media.remote.port;
    isMuxed = media.rtcpMux === true;
    isStarted = true;
    expected = media.remote;
    if (media.dtls === undefined) return startWithoutHandshake(media);
    // RFC 8842 §4: same role, same certificates, same tls-id: the same association, wherever it has moved to; one that
    // is not there yet has nothing to keep.
    const isUnderway = paths.rtp.encryption === undefined && hasMoved;
    if (current !== undefined && isSame(current, media.dtls) && !isUnderway) return;
    current = media.dtls;
    sinceMs = nowMs;
    begin("rtp", media.remote, nowMs);
    const { address, port } = media.remote;
    if (!isMuxed) begin("rtcp", { address, port: media.remoteRtcpPort ?? port + 1 }, nowMs);
  }

  /** RTP and RTCP under one pair of keys, as SDES has it. */
  function startWithoutHandshake({ srtp }: NegotiatedMedia): void {
    current = undefined;
    kind = srtp === undefined ? "none" : "sdes";
    const encryption = (paths.rtp.encryption ?? clear).goOn(srtp);
    for (const path of [paths.rtp, paths.rtcp]) {
      path.association = undefined;
      path.encryption = encryption;
    }
  }

  function begin(channel: MediaChannel, target: Source, nowMs: number): void {
    const path = paths[channel];
    const { identity } = ports;
    if (current === undefined || identity === undefined) return ports.failed();
    path.association = createAssociation(current.role, { identity, fingerprints: current.fingerprints }, target);
    // Nothing in the clear from here on, in neither direction; but keys that were good are, until there are others.
    if (kind === "none") path.encryption = undefined;
    carryOut(channel, path.association.start(nowMs));
    const { early } = path;
    path.early = undefined;
    if (early !== undefined) receive(channel, early.datagram, early.source, nowMs);
  }

  function receive(channel: MediaChannel, datagram: Uint8Array, source: Source, nowMs: number): void {
    const path = paths[channel];
    // RFC 5763 §5: who answers our offer may begin at once, and his hello overtakes his answer. Said again, it would
    // come a second later.
    if (!isStarted) path.early = { datagram: datagram.slice(), source };
    if (path.association === undefined) return isStarted ? ports.drop("dtls") : undefined;
    const isLate = nowMs - sinceMs >= foreignGraceMs && path.encryption === undefined;
    if (source.address !== expected.address && !isLate) return ports.drop("dtls-source");
    carryOut(channel, path.association.receive(datagram, source, nowMs));
  }

  function carryOut(channel: MediaChannel, { send, dropped, keys, failed }: DtlsEffects): void {
    // RFC 3264 §8.4: nothing goes to 0.0.0.0; whoever begins on hold shakes hands when he has an address.
    for (const { bytes, to } of send) if (!isUnspecified(to.address)) ports.send(channel, bytes, to);
    if (dropped !== undefined) ports.drop(dropped);
    if (keys !== undefined) {
      paths[channel].encryption = (paths[channel].encryption ?? clear).goOn(keys);
      kind = "dtls";
    }
    if (failed === true && channel === "rtp") ports.failed();
  }

  return {
    start,
    canSend: (channel) => pathOf(channel).encryption !== undefined,
    sealRtp: (packet) => keyed(paths.rtp).sealRtp(packet),
    sealRtcp: (packet) => keyed(pathOf("rtcp")).sealRtcp(packet),
    openRtp: (datagram) => paths.rtp.encryption?.openRtp(datagram) ?? notKeyed,
    openRtcp: (datagram) => pathOf("rtcp").encryption?.openRtcp(datagram) ?? notKeyed,
    dtls: receive,
    tick(nowMs) {
      for (const channel of ["rtp", "rtcp"] as const) {
        const { association } = paths[channel];
        if (association !== undefined) carryOut(channel, association.tick(nowMs));
      }
    },
    get kind() {
      return kind;
    },
  };
}

function keyed({ encryption }: Path): CallEncryption {
  if (encryption === undefined) throw new Error("a packet was to leave before there was a key");
  return encryption;
}

function isSame(a: NegotiatedDtls, b: NegotiatedDtls): boolean {
  return a.role === b.role && a.tlsId === b.tlsId && isSamePeer(a, b);
}
