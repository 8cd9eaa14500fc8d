/** RTCP of one call, both ways: where it comes from, where it goes, when. No socket, no clock. */
import type { CallProtection, MediaChannel } from "./call-protection.ts";
import type { Incoming } from "./incoming.ts";
import type { NegotiatedMedia } from "./messages.ts";
import type { Outgoing } from "./outgoing.ts";
import { parseRtcp } from "./rtcp.ts";
import { isUnspecified } from "./sdp-read.ts";
import type { Source } from "./source-latch.ts";

export type CallReports = {
  /** A session was (re)negotiated: the peer's RTCP may come from elsewhere now. */
  start(): void;
  /** @returns why the datagram is dropped, or undefined. */
  receive(datagram: Uint8Array, source: Source): string | undefined;
  /** Sends the report that is due, if one is. */
  tick(media: NegotiatedMedia): void;
  farewell(media: NegotiatedMedia): void;
};

export function createCallReports(
  parts: { incoming: Incoming; outgoing: Outgoing; protection: CallProtection },
  ports: {
    send(channel: MediaChannel, packet: Uint8Array, to: Source): void;
    times(): { nowMs: number; unixMs: number };
  },
): CallReports {
  const { incoming, outgoing, protection } = parts;
  let rtcpSource: Source | undefined;

  function target({ remote, remoteRtcpPort, rtcpMux }: NegotiatedMedia): Source | undefined {
    if (rtcpMux) return incoming.target;
    if (rtcpSource !== undefined) return rtcpSource;
    const { address, port } = incoming.latched ?? remote;
    const isAsNegotiated = address === remote.address && port === remote.port;
    return { address, port: (isAsNegotiated ? remoteRtcpPort : undefined) ?? port + 1 };
  }

  function send(packet: Uint8Array, media: NegotiatedMedia): void {
    const to = target(media);
    if (to === undefined || isUnspecified(to.address) || to.port > 65_535) return;
    if (!protection.canSend("rtcp")) return;
    ports.send(media.rtcpMux ? "rtp" : "rtcp", protection.sealRtcp(packet), to);
  }

  return {
    start() {
      rtcpSource = undefined;
    },
    receive(datagram, source) {
      if (!incoming.isKnownHost(source.address)) return "source";
      const opened = protection.openRtcp(datagram);
      if ("dropped" in opened) return opened.dropped;
      const packets = parseRtcp(opened.clear);
      if (packets === undefined) return "malformed";
      rtcpSource = source;
      outgoing.heard(packets, ports.times());
      return undefined;
    },
    tick(media) {
      const packet = outgoing.report(ports.times(), incoming.reception);
      if (packet !== undefined) send(packet, media);
    },
    farewell: (media) => send(outgoing.farewell(ports.times(), incoming.reception), media),
  };
}
