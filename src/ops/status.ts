/** What the appliance holds right now, as counts: for the command line and, in short, for the web pages. */
import type { Switchboard } from "../calls/switchboard.ts";
import type { Config } from "../config/schema.ts";
import type { Status } from "../control/ports.ts";
import type { MediaStatus } from "../media/messages.ts";
import type { TlsIdentity } from "../security/tls-identity.ts";
import type { UserAgent } from "../sip/ports.ts";
import type { Speech } from "../speech/ports.ts";
import type { AppStatus } from "../web/api/ports.ts";
import type { SipSecurity } from "./sip-security.ts";

type Parts = {
  version: string;
  config: Config;
  startedAt: Date;
  clock(): Date;
  userAgent: UserAgent;
  media: { status(): Promise<MediaStatus> };
  speech: Speech;
  switchboard: Switchboard;
  tls: TlsIdentity;
  security: Pick<SipSecurity, "certificate" | "alarms">;
};

export function createStatus(parts: Parts) {
  const { version, config, userAgent, speech, switchboard, tls, security } = parts;
  const uptimeSeconds = () => (parts.clock().getTime() - parts.startedAt.getTime()) / 1000;
  const sipAddress = `${userAgent.address.address}:${userAgent.address.port}`;

  function sipTls(): Status["sip"]["tls"] {
    const { tlsPort: port } = userAgent;
    const ours = security.certificate?.();
    if (port === undefined || ours === undefined) return undefined;
    return { port, fingerprint: ours.fingerprint, certificateEndsAt: ours.endsAt.toISOString() };
  }

  return {
    async forControl(url: string): Promise<Status> {
      const memory = process.memoryUsage();
      return {
        version,
        uptimeSeconds: uptimeSeconds(),
        draining: userAgent.draining(),
        alarms: security.alarms(),
        sip: {
          ...userAgent.status(),
          address: sipAddress,
          transports: config.sip.transports,
          tls: sipTls(),
          registrations: userAgent.registrations(),
        },
        media: await parts.media.status(),
        calls: switchboard.calls(),
        speech: speech.status(),
        web: { url, fingerprint: tls.fingerprint },
        memory: { rssBytes: memory.rss, heapBytes: memory.heapUsed },
      };
    },
    async forWeb(): Promise<AppStatus> {
      const { sockets, latenessP99Ms } = await parts.media.status();
      return {
        version,
        uptimeSeconds: uptimeSeconds(),
        draining: userAgent.draining(),
        alarms: security.alarms(),
        calls: { running: switchboard.calls().length, atMost: config.sip.maxCalls },
        sip: { address: sipAddress, transport: config.sip.transports.join(", ").toUpperCase(), tls: sipTls() },
        speech: speech.status(),
        media: { sockets, latenessP99Ms },
        memory: { rssBytes: process.memoryUsage().rss },
        web: { fingerprint: tls.fingerprint, certificateEndsAt: tls.endsAt.toISOString() },
      };
    },
  };
}
