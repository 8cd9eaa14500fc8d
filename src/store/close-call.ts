/** The end of a call's record: its outcome, what is made of it, and the tasks that follow. Inside the caller's transaction. */

import type { OfficeTask } from "../agency/enquiries.ts";
import { toLocal } from "../agency/local-time.ts";
import { hoursOn } from "../agency/opening-hours.ts";
import type { CatalogueRecords, TaskRecords } from "../agency/ports.ts";
import { AppError } from "../app-error.ts";
import { afterCall, outcomeOfCutOff } from "../calls/after/after-call.ts";
import type { CallFacts } from "../calls/after/facts.ts";
import { dueAfter, type FollowUp } from "../calls/after/follow-ups.ts";
import type { Outcome } from "../receptionist/contract.ts";
import type { Audit } from "../security/audit.ts";
import type { AfterCalls } from "./after-calls.ts";
import type { CallBooksReader } from "./call-books.ts";
import type { Calls } from "./calls.ts";
import type { Turns } from "./turns.ts";

export type CloseCallParts = {
  audit: Audit;
  calls: Calls;
  turns: Turns;
  books: CallBooksReader;
  afterCalls: AfterCalls;
  tasks: Pick<TaskRecords, "put">;
  agency: CatalogueRecords;
};

export interface CloseCall {
  /** What a call that was cut off came to, by what it has committed. */
  outcomeOf(callId: string): Outcome;
  /**
   * After its row has been ended. Nothing where its turns cannot be read: the call was erased meanwhile, or tampered
   * with. @returns what went wrong in making it, if anything did: a bug, which must not cost the call its end.
   */
  write(callId: string, how: { at: Date; cutOff: boolean }): { bug: unknown };
}

export function createCloseCall(parts: CloseCallParts): CloseCall {
  const { audit, calls, turns, books, afterCalls, tasks, agency } = parts;

  function factsOf(callId: string, cutOff: boolean): CallFacts | undefined {
    const call = calls.byId(callId);
    if (call === undefined) return undefined;
    return {
      disclosed: call.disclosedAt !== null,
      callerNumber: call.callerNumber,
      outcome: call.outcome ?? "failed",
      emergency: call.emergency,
      cutOff,
      turns: turns.of(callId),
      figures: call.quality ?? {},
      books: books.ofCall(callId),
      addressOf: books.addressOf,
    };
  }

  function follow(callId: string, followUps: readonly FollowUp[], contactId: string | null, at: Date): void {
    if (followUps.length === 0) return;
    const catalogue = agency.catalogue();
    const due = dueAfter(toLocal(at), (day) => hoursOn(catalogue, day));
    for (const one of followUps) writeTask(callId, { ...one, due }, contactId, at);
  }

  type Due = FollowUp & Pick<OfficeTask, "due">;
  function writeTask(callId: string, { kind, about, propertyId, due }: Due, contactId: string | null, at: Date): void {
    const id = crypto.randomUUID();
    const known = propertyId !== undefined && books.addressOf(propertyId) !== undefined ? propertyId : undefined;
    const subjects = { task: id, kind, contact: contactId, property: known ?? null, call: callId };
    audit.record({ at, actor: { kind: "system" }, action: "task.create", subjects });
    const bare = { viewingId: undefined, forWhom: undefined, status: "open" } as const;
    tasks.put({ ...bare, id, kind, contactId: contactId ?? undefined, propertyId: known, about, due, callId }, at);
  }

  return {
    outcomeOf: (callId) =>
      outcomeOfCutOff({ emergency: calls.byId(callId)?.emergency ?? null, books: books.ofCall(callId) }),
    write(callId, { at, cutOff }) {
      const facts = unlessUnreadable(() => factsOf(callId, cutOff));
      if (facts === undefined) return { bug: undefined };
      const made = make(facts);
      if ("bug" in made) return made;
      afterCalls.put(callId, made.after);
      follow(callId, made.followUps, facts.books.contactId, at);
      return { bug: undefined };
    },
  };
}

/** Only what is computed is caught here: a failure of the database ends the transaction. */
function make(facts: CallFacts): ReturnType<typeof afterCall> | { bug: unknown } {
  try {
    return afterCall(facts);
  } catch (bug) {
    return { bug };
  }
}

function unlessUnreadable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError && (error.code === "not_found" || error.code === "database_damaged"))
      return undefined;
    throw error;
  }
}
