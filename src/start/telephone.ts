/** Last stage: the SIP port. From here on somebody can call. */
import { hostname, networkInterfaces } from "node:os";
import type { Switchboard } from "../calls/switchboard.ts";
import type { Config } from "../config/schema.ts";
import { outboundSettings } from "../config/transfers.ts";
import { trunkSettings } from "../config/trunks.ts";
import type { CallLimit } from "../ops/capacity/limit.ts";
import { createSipSecurity, type SipSecurity } from "../ops/sip-security.ts";
import type { Ladder, UserAgent } from "../sip/ports.ts";
import { createUserAgent } from "../sip/user-agent.ts";
import type { Records } from "../store/open-store.ts";
import { webHostNames } from "../web/api/host-names.ts";
import type { Base } from "./base.ts";

/** Who we are to a PBX that connects by TLS, and the dates to keep. Before the doors open: they show them. */
export async function secureSip(base: Base, records: Records): Promise<SipSecurity> {
  const { config, closing, clock, log, schedule } = base;
  const hostNames = webHostNames(config.sip.address, hostname(), networkInterfaces());
  const security = await createSipSecurity({ config: config.sip, records, hostNames, clock, schedule, log });
  closing.add("dates", security.watch());
  return security;
}

/** @throws AppError "port_taken" or "invalid_config", saying what to do. */
export async function openTelephone(
  base: Base,
  {
    records,
    security,
    switchboard,
    limit,
  }: { records: Records; security: SipSecurity; switchboard: Switchboard; limit: CallLimit },
): Promise<UserAgent> {
  const { config, closing, log } = base;
  const userAgent = await createUserAgent({
    listen: listenSettings(config.sip, security),
    ...(config.sip.tlsException === undefined ? {} : { tlsWeakness: config.sip.tlsException }),
    peers: config.sip.peers,
    ...trunkSettings(config.trunks),
    outbound: outboundSettings(config),
    maxLegs: limit.atMost,
    minSessionSeconds: config.sip.minSessionSeconds,
    limits: {
      invitesPerSecond: config.sip.invitesPerSecond,
      othersPerSecond: config.sip.othersPerSecond,
      earlyDialogs: limit.atMost,
    },
    onInvite: switchboard.onInvite,
    admit: switchboard.admit,
    ended: (callId, ladder) => keepSignalling(base, records, callId, ladder),
    log,
  });
  closing.add("sip", () => userAgent.close());
  return userAgent;
}

/** The call is over: what cannot be written is lost to IT, and to nobody else. */
function keepSignalling({ clock, log }: Base, { callLog }: Records, callId: string, ladder: Ladder): void {
  try {
    callLog.signalling(callId, ladder, clock());
  } catch (error) {
    log.error("the signalling of a call could not be kept", error, { callId });
  }
}

function listenSettings({ address, port, tlsPort, transports }: Config["sip"], { certificate }: SipSecurity) {
  const tls = certificate === undefined ? {} : { tls: { port: tlsPort, certificate } };
  return { address, port, tcp: transports.includes("tcp"), ...tls };
}
