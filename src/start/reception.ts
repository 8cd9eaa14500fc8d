/** Fourth stage: where calls arrive, and all that one call may reach. */
import type { CachedAgencyView } from "../agency/agency-view.ts";
import { toLocal } from "../agency/local-time.ts";
import { measureAnswers } from "../calls/answer-delay.ts";
import type { SrtpPorts } from "../calls/call-keys.ts";
import type { LiveCalls } from "../calls/live.ts";
import { runCall, type TransferDesk } from "../calls/run-call.ts";
import { createSwitchboard, type Switchboard } from "../calls/switchboard.ts";
import { createLegSide } from "../calls/transfer/leg-side.ts";
import type { LegSide } from "../calls/transfer/ports.ts";
import type { Config } from "../config/schema.ts";
import { legsByTls, transfersOf } from "../config/transfers.ts";
import { masterBytes } from "../media/srtp-suites.ts";
import { type Admission, answered, raised, startAdmission } from "../ops/capacity/admission.ts";
import type { CallLimit } from "../ops/capacity/limit.ts";
import { receptionFlow } from "../receptionist/flows/reception.ts";
import { type BoundTalk, createTalk } from "../receptionist/talk.ts";
import type { Legs } from "../sip/leg-ports.ts";
import type { Records } from "../store/open-store.ts";
import type { Base } from "./base.ts";
import { openDesk } from "./desk.ts";
import type { OnCallDesk } from "./on-call.ts";
import type { Sound } from "./sound.ts";

export type ReceptionParts = Sound & {
  records: Records;
  view: CachedAgencyView;
  live: LiveCalls;
  limit: CallLimit;
  /** What places legs. Calls come only when it is there. */
  legs: () => Legs;
  onCall: OnCallDesk;
};

/** `atMost`: calls at once, right now. */
export type Reception = Switchboard & { atMost(): number };

export function openReception(base: Base, parts: ReceptionParts): Reception {
  const { config, log, schedule } = base;
  const { media, fingerprint } = parts;
  const desk = openDesk(base, parts);
  const ports = callPorts(base, parts);
  const admission = openAdmission(base, parts.limit);
  const talkOf = openTalks(config, parts.view);
  const legs: Legs = {
    placeLeg: (request, handlers) => parts.legs().placeLeg(request, handlers),
    refer: (callId, target, handlers) => parts.legs().refer(callId, target, handlers),
  };
  const transfersFor = (trunk: string | undefined, newLegSide: () => LegSide): TransferDesk => ({
    media,
    legs,
    newLegSide,
    mode: transfersOf(config, trunk)?.mode ?? "consult",
    newId: () => crypto.randomUUID(),
    nowMs: () => performance.now(),
  });
  const srtp: SrtpPorts = {
    policyOf: (trunk) => config.trunks.find(({ name }) => name === trunk)?.srtp ?? config.media.srtp,
    legsByTls: (trunk) => legsByTls(config, trunk),
    evenInClear: config.media.srtpKeysInClear,
    newKey: (suite) => crypto.getRandomValues(new Uint8Array(masterBytes(suite))),
    fingerprint,
    newTlsId: () => crypto.randomUUID(),
  };
  const switchboard = createSwitchboard({
    media,
    schedule,
    failed: (callId, error) => log.error("a call failed", error, { callId }),
    lines: config.lines,
    codecs: config.media.codecs,
    srtp,
    maxCalls: admission.atMost,
    mediaAddress: config.media.address,
    runCall(call, negotiated, line, after, newLegSide) {
      const own = {
        talk: talkOf(call.trunk),
        desk: desk(call.id),
        transfers: transfersFor(call.trunk, newLegSide),
        answers: measureAnswers(
          () => performance.now(),
          (delayMs) => admission.answered(delayMs, switchboard.calls().length),
        ),
      };
      return runCall(call, negotiated, line, { ...ports, ...own }, after);
    },
  });
  parts.onCall.ringBy({
    ...ports,
    legs,
    newId: () => crypto.randomUUID(),
    newLegSide: (trunk) =>
      createLegSide(trunk, config.media.address ?? config.sip.address, { codecs: config.media.codecs, srtp }),
    failed: (error) => log.error("the on-call ring failed", error),
  });
  return { ...switchboard, atMost: admission.atMost };
}

/** A limit that is measured goes on being measured. */
function openAdmission({ config, log }: Base, limit: CallLimit) {
  let state = startAdmission(limit.atMost);
  const become = (next: Admission) => {
    if (next.limit !== state.limit) log.info("so many calls are taken at once", { calls: next.limit });
    state = next;
  };
  return {
    answered(delayMs: number, calls: number) {
      if (config.sip.callLimit === "measured") become(answered(state, delayMs, calls, performance.now()));
    },
    atMost() {
      become(raised(state, performance.now()));
      return state.limit;
    },
  };
}

/** The receptionist; for callers of a trunk that reaches people, with those people. */
function openTalks(config: Config, view: CachedAgencyView): (trunk: string | undefined) => BoundTalk {
  const alone = createTalk(receptionFlow, view);
  const withPeople = new Map(
    ["peers", ...config.trunks.map(({ name }) => name)].flatMap((trunk) => {
      const people = transfersOf(config, trunk)?.people ?? [];
      return people.length === 0
        ? []
        : [[trunk, createTalk(receptionFlow, { ...view, people: () => people })] as const];
    }),
  );
  return (trunk = "peers") => withPeople.get(trunk) ?? alone;
}

/** What every call is given, besides a desk in its own caller's name. */
function callPorts({ log, clock, schedule }: Base, { records, speech, media, prompts, live }: ReceptionParts) {
  return {
    media,
    speech,
    hearing: {
      works: () => speech.health().hearing.state === "works",
      onChange: (listener: (works: boolean) => void) =>
        speech.onHealth(({ hearing }) => listener(hearing.state === "works")),
    },
    prompts,
    filler: receptionFlow.prompts.moment[0] ?? "",
    schedule,
    failed: (callId: string, error: unknown) => log.error("a call failed", error, { callId }),
    publish: live.publish,
    log: records.callLog,
    now: () => ({ utc: clock().toISOString(), local: toLocal(clock()) }),
    record: (callId: string) => records.recordings.start(callId, clock()),
  };
}
