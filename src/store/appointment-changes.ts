/**
 * Appointments of earlier calls that a call moved or cancelled. They stay with the call that booked them: who changed
 * them since is known from the audit log, within the time of that call.
 */
import type { CallBooks } from "../calls/after/facts.ts";
import type { Store } from "./connection.ts";

type Change = CallBooks["changes"][number];
type Appointment = Pick<Change, "name" | "address" | "start"> & { contactId: string };
type Span = { from: string; until: string };

/** Of a call that was cut off the end is its last turn; what it did then may be a little later. */
const longestAfter = "+60 seconds";

export function appointmentChanges({ db }: Store): { ofCall(callId: string): (Change & { contactId: string })[] } {
  const span = db.prepare<[string, string], Span>(
    `SELECT started_at AS "from", coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', ended_at, ?), '9999') AS until
     FROM call WHERE id = ?`,
  );
  const entries = db.prepare<[Span & { callId: string }], { action: string; id: string }>(
    `SELECT action, coalesce(subjects ->> 'viewing', subjects ->> 'valuation') AS id FROM audit INDEXED BY audit_at
     WHERE at >= @from AND at <= @until AND actor_kind = 'caller' AND actor_id = @callId
       AND action IN ('viewing.move', 'viewing.cancel', 'valuation.move', 'valuation.cancel')
     ORDER BY audit.id`,
  );
  const viewing = db.prepare<[string], Appointment>(
    `SELECT contact.name, contact.id AS contactId, address, start FROM viewing
     JOIN property ON property.id = property_id JOIN contact ON contact.id = contact_id WHERE viewing.id = ?`,
  );
  const valuation = db.prepare<[string], Appointment>(
    `SELECT contact.name, contact.id AS contactId, address, start FROM valuation
     JOIN contact ON contact.id = contact_id WHERE valuation.id = ?`,
  );
  return {
    ofCall(callId) {
      const during = span.get(longestAfter, callId);
      if (during === undefined) return [];
      return entries.all({ ...during, callId }).flatMap(({ action, id }) => {
        const kind = action.startsWith("viewing") ? "viewing" : "valuation";
        const found = (kind === "viewing" ? viewing : valuation).get(id);
        const change = action.endsWith("move") ? "moved" : "cancelled";
        return found === undefined ? [] : [{ kind, change, ...found }];
      });
    },
  };
}
