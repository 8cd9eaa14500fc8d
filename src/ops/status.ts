/** What the appliance holds right now, as counts: for the command line and, in short, for the web pages. */
import type { OnCallAlert } from "../calls/on-call/ports.ts";
import type { Config } from "../config/schema.ts";
import type { ListStatus, Status } from "../control/ports.ts";
import type { MediaStatus } from "../media/messages.ts";
import type { TlsIdentity } from "../security/tls-identity.ts";
import { hostPort } from "../sip/endpoint.ts";
import type { SipStatus } from "../sip/ports.ts";
import type { ImportedList, ImportedLists } from "../store/imported-lists.ts";
import type { AppStatus } from "../web/api/ports.ts";
import { type Alarm, onCallAlarms, speechAlarms } from "./alarms.ts";
import type { CallLimit } from "./capacity/limit.ts";
import type { SipSecurity } from "./sip-security.ts";
import { stateOf, type Work } from "./work.ts";

type Parts = {
  version: string;
  config: Config;
  startedAt: Date;
  clock(): Date;
  tls: TlsIdentity;
  security: Pick<SipSecurity, "certificate" | "alarms">;
  lists: Pick<ImportedLists, "latest">;
  onCall: { open(): readonly OnCallAlert[] };
  webhooks: { alarms(): Alarm[] };
  work(): Work;
};

const listsShown = 5;
const rejectsShown = 20;

function listStatus({ file, at, problem, report }: ImportedList): ListStatus {
  const { added = 0, changed = 0, withdrawn = 0, rejects = [] } = report ?? {};
  const shown = rejects.slice(0, rejectsShown);
  return { file, at, problem, added, changed, withdrawn, rejected: rejects.length, rejects: shown };
}

export function createStatus(parts: Parts) {
  const { version, config, tls, security } = parts;
  const uptimeSeconds = () => (parts.clock().getTime() - parts.startedAt.getTime()) / 1000;

  async function now() {
    const work = parts.work();
    const { userAgent, media, speech, prompts, switchboard, limit } = work.answering ?? {};
    return {
      state: stateOf(work),
      sip: userAgent?.status() ?? noSip,
      sipAddress: hostPort(userAgent?.address ?? config.sip),
      sipTls: sipTls(userAgent?.tlsPort),
      registrations: userAgent?.registrations() ?? [],
      media: (await media?.status()) ?? noMedia,
      calls: switchboard?.calls() ?? [],
      onCall: { open: parts.onCall.open().length },
      limit: { ...limitNow(limit, switchboard?.atMost()), refused: switchboard?.refusedFull() ?? 0 },
      speech: speech?.status() ?? [],
      prompts: prompts?.status(),
    };
  }

  function limitNow(limit: CallLimit | undefined, atMost: number | undefined): Omit<Status["limit"], "refused"> {
    const usual = limit ?? { atMost: config.sip.maxCalls, by: "configured" };
    if (atMost === undefined || atMost >= usual.atMost) return usual;
    return { ...usual, atMost, by: "load" };
  }

  /** What is wrong now before what will be. */
  function alarms() {
    const health = parts.work().answering?.speech.health();
    return [
      ...onCallAlarms(parts.onCall.open()),
      ...(health === undefined ? [] : speechAlarms(health)),
      ...parts.webhooks.alarms(),
      ...security.alarms(),
    ];
  }

  function sipTls(port: number | undefined): Status["sip"]["tls"] {
    const ours = security.certificate?.();
    if (port === undefined || ours === undefined) return undefined;
    return { port, fingerprint: ours.fingerprint, certificateEndsAt: ours.endsAt.toISOString() };
  }

  return {
    async forControl(url: string): Promise<Status> {
      const { sip, sipAddress, sipTls, registrations, ...held } = await now();
      const memory = process.memoryUsage();
      return {
        version,
        uptimeSeconds: uptimeSeconds(),
        ...held,
        alarms: alarms(),
        sip: { ...sip, address: sipAddress, transports: config.sip.transports, tls: sipTls, registrations },
        lists: parts.lists.latest(listsShown).map(listStatus),
        web: { url, fingerprint: tls.fingerprint },
        memory: { rssBytes: memory.rss, heapBytes: memory.heapUsed },
      };
    },
    async forWeb(): Promise<AppStatus> {
      const { state, sip, sipAddress, sipTls, registrations, media, calls, limit, speech } = await now();
      return {
        version,
        uptimeSeconds: uptimeSeconds(),
        state,
        alarms: alarms(),
        calls: { running: calls.length, atMost: limit.atMost, limitedBy: limit.by, refused: limit.refused },
        sip: {
          address: sipAddress,
          transport: config.sip.transports.join(", ").toUpperCase(),
          tls: sipTls,
          registrations,
          tracing: parts.work().answering?.userAgent.trace.show().on ?? false,
          dropped: sip.dropped,
          rejected: sip.rejected,
        },
        speech,
        media: { sockets: media.sockets, latenessP99Ms: media.latenessP99Ms, dropped: media.dropped },
        memory: { rssBytes: process.memoryUsage().rss },
        web: { fingerprint: tls.fingerprint, certificateEndsAt: tls.endsAt.toISOString() },
      };
    },
  };
}

const noSip: SipStatus = { sockets: 0, timers: 0, transactions: 0, dialogs: 0, legs: 0, dropped: {}, rejected: [] };
const noMedia: MediaStatus = {
  sockets: 0,
  calls: 0,
  timers: 0,
  heapBytes: 0,
  dropped: {},
  unheard: {},
  latenessP99Ms: 0,
};
