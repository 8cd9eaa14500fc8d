import type { CachedAgencyView } from "../agency/agency-view.ts";
import { createBookViewing } from "../agency/book-viewing.ts";
import { createCancelViewing } from "../agency/cancel-viewing.ts";
import { createCreateTask } from "../agency/create-task.ts";
import { createFindAppointments } from "../agency/find-appointments.ts";
import { createMoveViewing } from "../agency/move-viewing.ts";
import { createOpenTicket } from "../agency/open-ticket.ts";
import { createRecordOffer } from "../agency/record-offer.ts";
import { createRegisterApplicant } from "../agency/register-applicant.ts";
import { createReportFault } from "../agency/report-fault.ts";
import { createTakeMessage } from "../agency/take-message.ts";
import { createBookValuation, createCancelValuation, createMoveValuation } from "../agency/valuations.ts";
import type { CallDesk } from "../calls/ports.ts";
import type { Records } from "../store/open-store.ts";
import type { Base } from "./base.ts";
import type { OnCallDesk } from "./on-call.ts";

/** What a caller may change in the agency's books: the same use cases as everybody's, in the caller's name. */
export function openDesk(
  { clock }: Pick<Base, "clock">,
  { records, view, onCall }: { records: Records; view: CachedAgencyView; onCall: Pick<OnCallDesk, "raise"> },
): (callId: string) => CallDesk {
  const books = {
    work: records.store,
    catalogue: view.catalogue,
    diary: records.agency,
    contacts: records.contacts,
    viewings: records.viewings,
    tasks: records.tasks,
    messages: records.messages,
    valuations: records.valuations,
    maintenance: records.maintenance,
    offers: records.offers,
    applicants: records.applicants,
    tickets: records.tickets,
    audit: records.audit,
    newId: () => crypto.randomUUID(),
  };
  const bookViewing = createBookViewing(books);
  const takeMessage = createTakeMessage(books);
  const bookValuation = createBookValuation(books);
  const reportFault = createReportFault(books);
  const createTask = createCreateTask(books);
  const recordOffer = createRecordOffer(books);
  const registerApplicant = createRegisterApplicant(books);
  const openTicket = createOpenTicket(books);
  const findAppointments = createFindAppointments(books);
  const moves = { viewing: createMoveViewing(books), valuation: createMoveValuation(books) };
  const cancels = { viewing: createCancelViewing(books), valuation: createCancelValuation(books) };
  return (callId) => {
    const caller = { kind: "caller", callId } as const;
    return {
      bookViewing: (request) => bookViewing(request, caller, clock()),
      takeMessage: (message) => void takeMessage(message, caller, clock()),
      bookValuation: (request) => bookValuation(request, caller, clock()),
      reportFault: (request) => void reportFault(request, caller, clock()),
      createTask: (request) => void createTask(request, caller, clock()),
      recordOffer: (request) => void recordOffer(request, caller, clock()),
      registerApplicant: (request) => void registerApplicant(request, caller, clock()),
      openTicket: (request) => openTicket(request, caller, clock()),
      findAppointments: (whose) => findAppointments(whose, caller, clock()),
      moveAppointment({ kind, id }, start) {
        const moved = moves[kind](id, start, caller, clock());
        return { start: moved.start, awaiting: "awaiting" in moved ? moved.awaiting : undefined };
      },
      cancelAppointment: ({ kind, id }) => void cancels[kind](id, caller, clock()),
      noteEmergency({ emergency, propertyId, unattended }) {
        records.store.withTransaction(() => {
          // What is unattended has been noted when it was told, and is not what the call was about if there was worse.
          if (!unattended) records.callLog.noteEmergency({ callId, emergency, at: clock() });
          const isDanger = emergency === "gas" || emergency === "fire" || emergency === "life";
          if (isDanger || unattended) onCall.raise({ callId, emergency, propertyId }, caller);
        });
      },
    };
  };
}
