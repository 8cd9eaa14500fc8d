/** Calls as rows. Runs inside the caller's transaction: use cases own that and the audit entry. */
import type { LocalTime } from "../agency/types.ts";
import type { Outcome } from "../receptionist/contract.ts";
import type { CallerIdentity } from "../sip/ports.ts";
import type { Store } from "./connection.ts";

/** One call in lists. */
export type StoredCall = {
  id: string;
  line: string;
  /** ISO, UTC. */
  startedAt: string;
  disclosedAt: string | null;
  endedAt: string | null;
  /** E.164; null if withheld, or if the call ended before the disclosure. */
  callerNumber: string | null;
  callerDisplay: string | null;
  withheld: boolean | null;
  outcome: Outcome | null;
  emergency: string | null;
  endedBy: "caller" | "gatehouse" | null;
  quality: Record<string, number> | null;
  turns: number;
  /** "sealed": whole; "open": being written, or cut off by a crash. */
  recording: "sealed" | "open" | null;
  /** The name that the caller gave, where a booking or a message wrote it down. */
  name: string | null;
  /** What was booked in the call, if anything. */
  viewing: { address: string; start: LocalTime } | null;
};

/** Where a page of a list ends: the last one's time and id. */
export type CallCursor = { startedAt: string; id: string };

type Row = Omit<StoredCall, "withheld" | "quality" | "viewing"> & {
  withheld: number | null;
  quality: string | null;
  address: string | null;
  start: LocalTime | null;
};
type End = { id: string; at: string; outcome: string; endedBy: string; quality: string };

export interface Calls {
  add(call: { id: string; line: string; startedAt: Date }): void;
  disclose(callId: string, caller: CallerIdentity, at: Date): void;
  isDisclosed(callId: string): boolean;
  end(callId: string, end: { at: Date; outcome: string; endedBy: string; quality: Record<string, number> }): void;
  byId(callId: string): StoredCall | undefined;
  /** Newest first. */
  list(query: { limit: number; before: CallCursor | undefined; outcome: Outcome | undefined }): StoredCall[];
  noteEmergency(callId: string, emergency: string): void;
  /** Calls that never ended: running, or cut off by a crash; with the last time that is known of them. */
  unended(): { id: string; lastAt: string }[];
}

const columns = `call.id, line, call.started_at AS startedAt, disclosed_at AS disclosedAt, ended_at AS endedAt,
  caller_number AS callerNumber, caller_display AS callerDisplay, withheld, outcome, emergency, ended_by AS endedBy, quality,
  (SELECT count(*) FROM turn WHERE turn.call_id = call.id) AS turns,
  (SELECT iif(finished_at IS NULL, 'open', 'sealed') FROM recording WHERE recording.call_id = call.id) AS recording,
  coalesce(contact.name, (SELECT name FROM message WHERE message.call_id = call.id AND name <> '' LIMIT 1)) AS name,
  property.address, viewing.start`;

/** With the newest viewing that the call booked. */
const source = `call
  LEFT JOIN viewing ON viewing.id = (SELECT id FROM viewing WHERE call_id = call.id ORDER BY booked_at DESC LIMIT 1)
  LEFT JOIN contact ON contact.id = viewing.contact_id
  LEFT JOIN property ON property.id = viewing.property_id`;

export function callRepository({ db }: Store): Calls {
  const add = db.prepare<[string, string, string]>("INSERT INTO call (id, line, started_at) VALUES (?, ?, ?)");
  const disclose = db.prepare<[string, string | null, string | null, number, string]>(
    `UPDATE call SET disclosed_at = ?, caller_number = ?, caller_display = ?, withheld = ? WHERE id = ?`,
  );
  const disclosed = db.prepare<[string], { at: string | null }>("SELECT disclosed_at AS at FROM call WHERE id = ?");
  const end = db.prepare<[End]>(
    "UPDATE call SET ended_at = @at, outcome = @outcome, ended_by = @endedBy, quality = @quality WHERE id = @id",
  );
  const byId = db.prepare<[string], Row>(`SELECT ${columns} FROM ${source} WHERE call.id = ?`);
  const list = db.prepare<[{ at: string; id: string; limit: number; outcome: string | null }], Row>(
    `SELECT ${columns} FROM ${source}
     WHERE (call.started_at, call.id) < (@at, @id) AND (@outcome IS NULL OR outcome = @outcome)
     ORDER BY call.started_at DESC, call.id DESC LIMIT @limit`,
  );
  const emergency = db.prepare<[string, string]>("UPDATE call SET emergency = ? WHERE id = ?");
  const unended = db.prepare<[], { id: string; lastAt: string }>(
    `SELECT id, coalesce((SELECT max(at) FROM turn WHERE call_id = call.id), started_at) AS lastAt
     FROM call WHERE ended_at IS NULL ORDER BY started_at`,
  );
  return {
    add: ({ id, line, startedAt }) => add.run(id, line, startedAt.toISOString()),
    disclose(callId, { number, display, withheld }, at) {
      const [kept, name] = withheld ? [null, null] : [number ?? null, display ?? null];
      mustExist(disclose.run(at.toISOString(), kept, name, withheld ? 1 : 0, callId).changes, callId);
    },
    isDisclosed: (callId) => typeof disclosed.get(callId)?.at === "string",
    end(id, { at, outcome, endedBy, quality }) {
      const row = { id, at: at.toISOString(), outcome, endedBy, quality: JSON.stringify(quality) };
      mustExist(end.run(row).changes, id);
    },
    byId: (callId) => optional(byId.get(callId)),
    list: ({ limit, before, outcome }) =>
      list.all({ at: before?.startedAt ?? "9999", id: before?.id ?? "", limit, outcome: outcome ?? null }).map(callOf),
    noteEmergency: (callId, kind) => mustExist(emergency.run(kind, callId).changes, callId),
    unended: () => unended.all(),
  };
}

const optional = (row: Row | undefined) => (row === undefined ? undefined : callOf(row));

function callOf({ withheld, quality, address, start, ...row }: Row): StoredCall {
  return {
    ...row,
    viewing: address === null || start === null ? null : { address, start },
    withheld: withheld === null ? null : withheld === 1,
    quality: quality === null ? null : (JSON.parse(quality) as Record<string, number>),
  };
}

function mustExist(changes: number, callId: string): void {
  if (changes !== 1) throw new Error(`call ${callId} has no row`);
}
