/** SIP over TLS as the appliance runs it: its certificate, and the dates that somebody must keep. */
import { dateOf, toLocal } from "../agency/local-time.ts";
import { AppError } from "../app-error.ts";
import type { Config } from "../config/schema.ts";
import type { Log } from "../log.ts";
import { type FiledIdentity, watchCertificateFiles } from "../security/certificate-files.ts";
import { tlsIdentity } from "../security/tls-identity.ts";
import type { Records } from "../store/open-store.ts";
import { type Alarm, alarmsOf } from "./alarms.ts";

export type SipSecurity = {
  /** Asked for each connection; undefined where TLS is not listened on. */
  readonly certificate: (() => FiledIdentity) | undefined;
  alarms(): Alarm[];
  /** Says every alarm in the log, now and once a day. */
  watch(): () => void;
};

const dayMs = 86_400_000;

type Ports = {
  config: Config["sip"];
  records: Pick<Records, "store" | "keys">;
  /** For a certificate of our own. */
  hostNames: readonly string[];
  clock(): Date;
  schedule(afterMs: number, fire: () => void): () => void;
  log: Log;
};

/** @throws AppError("invalid_config") where the configured certificate does not serve. */
export async function createSipSecurity(ports: Ports): Promise<SipSecurity> {
  const { config, clock, log } = ports;
  const certificate = config.transports.includes("tls") ? await openCertificate(ports) : undefined;

  function alarms(): Alarm[] {
    const endsAt = certificate?.().endsAt;
    const dated = {
      tlsException: config.tlsException,
      // The day before its last one: on that day it may end in the morning.
      sipCertificateUntil: endsAt && dateOf(toLocal(new Date(endsAt.getTime() - dayMs))),
    };
    return alarmsOf(dated, dateOf(toLocal(clock())));
  }

  function watch(): () => void {
    let stop: () => void = () => undefined;
    const look = () => {
      for (const { kind, over, until } of alarms()) log.warn("SIP: a date needs attention", { kind, until, over });
      stop = ports.schedule(dayMs, look);
    };
    look();
    return () => stop();
  }

  return { certificate, alarms, watch };
}

async function openCertificate({ config, records, hostNames, clock, log }: Ports): Promise<() => FiledIdentity> {
  if (config.tls !== undefined) {
    return watchCertificateFiles(config.tls, (error) => {
      const code = error instanceof AppError ? error.code : "unknown";
      log.warn("SIP: the new certificate does not serve, the old one goes on", { code });
    });
  }
  const own = await tlsIdentity(records.store.db, records.keys, hostNames, clock(), "sip");
  if (own.made) log.info("SIP: a certificate was made; a PBX that trusts by fingerprint must be told");
  return () => own;
}
