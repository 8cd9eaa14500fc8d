/** What the receptionist asks of the agency's books, done by the use case that it belongs to. One place for every kind of call. */
import { AppError } from "../app-error.ts";
import type { Action, DeskAnswer, Done, Effect, Refusal } from "../receptionist/contract.ts";
import type { CallDesk } from "./ports.ts";

/** @param report Told of what should not have happened. Whatever it was: the caller is told that nothing is saved. */
export function deskAnswer(
  desk: CallDesk,
  action: Action,
  callId: string,
  report: (error: unknown) => void,
): DeskAnswer {
  try {
    return { kind: "done", done: carryOut(desk, action, callId) };
  } catch (error) {
    const reason = refusalOf(error);
    if (reason === "storage_failed" || !refusable.has(action.kind)) report(error);
    return { kind: "refused", action: action.kind, reason };
  }
}

/** The diary may have changed since a time was offered; of the others a refusal is a fault of ours. */
const refusable: ReadonlySet<Action["kind"]> = new Set(["book-viewing", "book-valuation", "move-appointment"]);

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof AppError)) return "storage_failed";
  return error.code === "conflict" || error.code === "invalid_input" ? error.code : "storage_failed";
}

function carryOut(desk: CallDesk, action: Action, callId: string): Done {
  switch (action.kind) {
    case "book-viewing": {
      const { id, start, awaiting } = desk.bookViewing({ ...action.request, callId });
      return { action: action.kind, id, start, awaiting };
    }
    case "take-message": {
      const { kind, ...message } = action;
      desk.takeMessage({ ...message, callId });
      return { action: kind };
    }
    case "book-valuation":
      return { action: action.kind, start: desk.bookValuation({ ...action.request, callId }).start };
    case "report-fault":
      desk.reportFault({ ...action.request, callId });
      return { action: action.kind };
    case "create-task":
      desk.createTask({ ...action.request, callId });
      return { action: action.kind };
    case "record-offer":
      desk.recordOffer({ ...action.request, callId });
      return { action: action.kind };
    case "register-applicant":
      desk.registerApplicant({ ...action.request, callId });
      return { action: action.kind };
    case "open-ticket":
      return { action: action.kind, due: desk.openTicket({ ...action.request, callId }).due };
    case "find-appointments":
      return { action: action.kind, found: desk.findAppointments({ name: action.name, phone: action.phone }) };
    case "move-appointment":
      return { action: action.kind, ...desk.moveAppointment(action.appointment, action.start) };
    case "cancel-appointment":
      desk.cancelAppointment(action.appointment);
      return { action: action.kind };
  }
}

/** An `emergency` as the desk takes it. */
export const emergencyOf = ({ emergency, property, unattended }: Extract<Effect, { kind: "emergency" }>) => ({
  emergency,
  propertyId: property,
  unattended: unattended === true,
});
