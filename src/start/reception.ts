/** Fourth stage: where calls arrive, and all that one call may reach. */
import type { CachedAgencyView } from "../agency/agency-view.ts";
import { createBookViewing } from "../agency/book-viewing.ts";
import { toLocal } from "../agency/local-time.ts";
import { createTakeMessage } from "../agency/take-message.ts";
import type { LiveCalls } from "../calls/live.ts";
import type { CallDesk } from "../calls/ports.ts";
import { runCall } from "../calls/run-call.ts";
import { createSwitchboard, type Switchboard } from "../calls/switchboard.ts";
import { masterBytes } from "../media/srtp-suites.ts";
import type { CallLimit } from "../ops/capacity/limit.ts";
import { viewingFlow } from "../receptionist/flows/viewing.ts";
import { createTalk } from "../receptionist/talk.ts";
import type { Records } from "../store/open-store.ts";
import type { Base } from "./base.ts";
import type { Sound } from "./sound.ts";

export type ReceptionParts = Sound & { records: Records; view: CachedAgencyView; live: LiveCalls; limit: CallLimit };

export function openReception(base: Base, parts: ReceptionParts): Switchboard {
  const { config, log, schedule } = base;
  const { media, fingerprint } = parts;
  const desk = openDesk(base, parts);
  const ports = callPorts(base, parts);
  return createSwitchboard({
    media,
    schedule,
    failed: (callId, error) => log.error("a call failed", error, { callId }),
    lines: config.lines,
    codecs: config.media.codecs,
    srtp: {
      policyOf: (trunk) => config.trunks.find(({ name }) => name === trunk)?.srtp ?? config.media.srtp,
      evenInClear: config.media.srtpKeysInClear,
      newKey: (suite) => crypto.getRandomValues(new Uint8Array(masterBytes(suite))),
      fingerprint,
      newTlsId: () => crypto.randomUUID(),
    },
    maxCalls: parts.limit.atMost,
    mediaAddress: config.media.address,
    runCall: (call, negotiated, line, after) =>
      runCall(call, negotiated, line, { ...ports, desk: desk(call.id) }, after),
  });
}

/** What every call is given, besides a desk in its own caller's name. */
function callPorts({ log, clock, schedule }: Base, { records, view, speech, media, prompts, live }: ReceptionParts) {
  return {
    talk: createTalk(viewingFlow, view),
    media,
    speech,
    prompts,
    schedule,
    failed: (callId: string, error: unknown) => log.error("a call failed", error, { callId }),
    publish: live.publish,
    log: records.callLog,
    now: () => ({ utc: clock().toISOString(), local: toLocal(clock()) }),
    record: (callId: string) => records.recordings.start(callId, clock()),
  };
}

/** What a caller may change in the agency's books: the same use cases as everybody's, in the caller's name. */
function openDesk(
  { clock }: Base,
  { records, view }: Pick<ReceptionParts, "records" | "view">,
): (callId: string) => CallDesk {
  const books = {
    work: records.store,
    catalogue: view.catalogue,
    diary: records.agency,
    contacts: records.contacts,
    viewings: records.viewings,
    messages: records.messages,
    audit: records.audit,
    newId: () => crypto.randomUUID(),
  };
  const bookViewing = createBookViewing(books);
  const takeMessage = createTakeMessage(books);
  return (callId) => {
    const caller = { kind: "caller", callId } as const;
    return {
      bookViewing: (request) => bookViewing(request, caller, clock()),
      takeMessage: (message) => void takeMessage(message, caller, clock()),
      noteEmergency: ({ emergency }) => records.callLog.noteEmergency({ callId, emergency, at: clock() }),
    };
  };
}
