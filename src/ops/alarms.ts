/** What somebody must see to, now or before a date: said in the log, by `gatehouse status` and on the web page. Never ends calls. */

import { toLocal } from "../agency/local-time.ts";
import type { LocalDate } from "../agency/types.ts";
import type { OnCallAlert } from "../calls/on-call/ports.ts";
import type { SpeechHealth } from "../speech/ports.ts";

export type Alarm = {
  readonly kind: "tls-exception" | "sip-certificate" | "hearing" | "voice" | "on-call" | "webhook";
  /** Whether its date has passed, or it is so already. */
  readonly over: boolean;
  /** Undefined: it is so now. */
  readonly until?: LocalDate;
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

/** What callers do without now. */
export function speechAlarms({ hearing, speaking }: SpeechHealth): Alarm[] {
  const alarms: Alarm[] = [];
  const because = ({ failure }: SpeechHealth["hearing"]) => (failure === undefined ? "" : ` ${failure}`);
  if (hearing.state === "lost") {
    const text = `Callers cannot be heard: they are served by keys and leave messages.${because(hearing)}`;
    alarms.push({ kind: "hearing", over: true, text });
  }
  if (hearing.state === "off") {
    const text = 'speech.whisper.model is "none": callers are served by keys and leave messages.';
    alarms.push({ kind: "hearing", over: false, text });
  }
  if (speaking.state === "last-resort") {
    const text = `espeak-ng speaks in place of the configured voice: mend it and start again.${because(speaking)}`;
    alarms.push({ kind: "voice", over: true, text });
  }
  if (speaking.state === "lost") {
    const text = `Nothing can be said but what was made before.${because(speaking)}`;
    alarms.push({ kind: "voice", over: true, text });
  }
  return alarms;
}

/** Emergencies that nobody has taken: nothing is more urgent. Nothing of the caller is in it. */
export function onCallAlarms(open: readonly Pick<OnCallAlert, "id" | "emergency" | "raisedAt" | "tries">[]): Alarm[] {
  return open.map(({ id, emergency, raisedAt, tries }) => ({
    kind: "on-call",
    over: true,
    text: `An emergency (${emergency}) of ${toLocal(new Date(raisedAt)).replace("T", " ")} has been taken by nobody, after ${tries} telephones rung: see gatehouse on-call list, then gatehouse on-call acknowledge ${id}.`,
  }));
}

/** A host that has taken nothing for so long is down, or wrong. */
const webhookLateMs = 3_600_000;

/** @param hosts What waits for each, since when (ms since 1970), and how many were given up of late. */
export function webhookAlarms(
  hosts: readonly { host: string; waiting: number; oldestMs: number | null; givenUp: number }[],
  nowMs: number,
): Alarm[] {
  const alarms: Alarm[] = [];
  for (const { host, waiting, oldestMs, givenUp } of hosts) {
    if (givenUp > 0) {
      const text = `${givenUp} webhooks for ${host} were given up in the last 7 days: what happened must be entered there by hand.`;
      alarms.push({ kind: "webhook", over: true, text });
    }
    if (oldestMs !== null && nowMs - oldestMs >= webhookLateMs) {
      const text = `${waiting} webhooks wait for ${host}, which has not taken one for more than an hour: the log says why.`;
      alarms.push({ kind: "webhook", over: false, text });
    }
  }
  return alarms;
}

function daysBetween(from: LocalDate, until: LocalDate): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}
