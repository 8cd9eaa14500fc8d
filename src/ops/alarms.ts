/** What somebody must see to before a date: said in the log, by `gatehouse status` and on the web page. Never ends calls. */
import type { LocalDate } from "../agency/types.ts";

export type Alarm = {
  readonly kind: "tls-exception" | "sip-certificate";
  /** Whether its date has passed. */
  readonly over: boolean;
  readonly until: LocalDate;
  /** What it is and what to do, for IT. */
  readonly text: string;
};

export type Dated = {
  readonly tlsException: { readonly name: string; readonly until: LocalDate } | undefined;
  /** The last whole day of the certificate for SIP over TLS. */
  readonly sipCertificateUntil: LocalDate | undefined;
};

/** From so many days before. */
export const alarmDays = 30;
const dayMs = 86_400_000;

/** @param today In the agency's own time. A date itself is not over before its day has ended. */
export function alarmsOf({ tlsException, sipCertificateUntil }: Dated, today: LocalDate): Alarm[] {
  const alarms: Alarm[] = [];
  const due = (until: LocalDate) => daysBetween(today, until) <= alarmDays;
  if (tlsException !== undefined && due(tlsException.until)) {
    const { name, until } = tlsException;
    const over = daysBetween(today, until) < 0;
    const when = over ? `ended on ${until} and is still in force` : `ends on ${until}`;
    const text = `The TLS exception "${name}" ${when}: mend the PBX and take sip.tlsException away, or decide anew.`;
    alarms.push({ kind: "tls-exception", over, until, text });
  }
  if (sipCertificateUntil !== undefined && due(sipCertificateUntil)) {
    const over = daysBetween(today, sipCertificateUntil) < 0;
    const text = `The certificate for SIP over TLS ${over ? "ended" : "ends"} on ${sipCertificateUntil}: put a new one into sip.tls.certFile and keyFile.`;
    alarms.push({ kind: "sip-certificate", over, until: sipCertificateUntil, text });
  }
  return alarms;
}

function daysBetween(from: LocalDate, until: LocalDate): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}
