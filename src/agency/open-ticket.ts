import { bankHolidayOn } from "./bank-holidays.ts";
import { checkedIfGiven, checkLengths, contactIfGiven } from "./callers.ts";
import type { OpenTicket, Ticket, TicketKind } from "./enquiries.ts";
import { addDays, dateOf, toLocal, weekdayOf } from "./local-time.ts";
import type { AuditTrail, Catalogue, ContactRecords, TicketRecords, UnitOfWork } from "./ports.ts";
import type { Jurisdiction, LocalDate } from "./types.ts";

/** Contract: see `OpenTicket`. A person verifies who asks and does what is asked: the call only starts the clock. */
export function createOpenTicket(parts: {
  work: UnitOfWork;
  catalogue(): Catalogue;
  contacts: ContactRecords;
  tickets: TicketRecords;
  audit: AuditTrail;
  newId(): string;
  opened?: (ticket: Ticket) => void;
}): OpenTicket {
  return (request, actor, now) => {
    const { name, phone, kind, about, callId } = checkedIfGiven(request);
    checkLengths({ about });
    const { ticket, isNew } = parts.work.withTransaction(() => {
      const known = (callId ? parts.tickets.ofCall(callId) : []).find((one) => one.kind === kind);
      if (known !== undefined) return { ticket: known, isNew: false };
      const contactId = contactIfGiven(parts, { name, phone })?.id;
      const due = ticketDue(kind, dateOf(toLocal(now)), parts.catalogue().agency.jurisdiction);
      const ticket = { id: parts.newId(), kind, contactId, due, about, callId, openedAt: now.toISOString() };
      const hashed = phone === "" ? null : parts.audit.hash("phone", phone);
      const subjects = { ticket: ticket.id, kind, contact: contactId ?? null, due, phone: hashed };
      parts.audit.record({ at: now, actor, action: "ticket.open", subjects });
      parts.tickets.add(ticket);
      return { ticket, isNew: true };
    });
    const { opened } = parts;
    if (isNew && opened !== undefined) queueMicrotask(() => opened(ticket));
    return ticket;
  };
}

const erasedEverywhereWithinDays = 30;
/** The Property Ombudsman's codes of practice: acknowledged within three working days. */
const complaintWorkingDays = 3;

/**
 * UK GDPR article 12(3): one month from receipt, for access and objection; an erasure must also be everywhere within 30
 * days. A last day that is no working day is not moved on, as the law would allow: early is safe.
 */
export function ticketDue(kind: TicketKind, received: LocalDate, jurisdiction: Jurisdiction): LocalDate {
  const month = oneMonthAfter(received);
  switch (kind) {
    case "access":
    case "objection":
      return month;
    case "erasure":
      return [month, addDays(received, erasedEverywhereWithinDays)].sort()[0] ?? month;
    case "complaint":
      return workingDaysAfter(received, complaintWorkingDays, jurisdiction);
  }
}

/** The same day of the next month; where that has none, its last day. */
function oneMonthAfter(date: LocalDate): LocalDate {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(day, last))).toISOString().slice(0, 10);
}

function workingDaysAfter(date: LocalDate, count: number, jurisdiction: Jurisdiction): LocalDate {
  let day = date;
  for (let left = count; left > 0; ) {
    day = addDays(day, 1);
    const weekday = weekdayOf(day);
    if (weekday !== "sat" && weekday !== "sun" && bankHolidayOn(day, jurisdiction) === undefined) left--;
  }
  return day;
}
