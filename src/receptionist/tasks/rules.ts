/** The rules of each kind of task. */
import { type Draft, slotOf, taskOf } from "../draft.ts";
import type { ActionKind } from "../flow.ts";
import { applicantRules } from "./applicant.ts";
import { cancellingRules, confirmingRules, movingRules } from "./appointment.ts";
import { messageRules } from "./message.ts";
import { offerRules } from "./offer.ts";
import { officeTaskRules } from "./office-task.ts";
import { repairRules } from "./repair.ts";
import type { TaskRules } from "./task-rules.ts";
import { ticketRules } from "./ticket.ts";
import { valuationRules } from "./valuation.ts";
import { viewingRules } from "./viewing.ts";

const rules: Readonly<Record<ActionKind, TaskRules>> = {
  "book-viewing": viewingRules,
  "take-message": messageRules,
  "book-valuation": valuationRules,
  "report-fault": repairRules,
  "create-task": officeTaskRules,
  "find-appointments": confirmingRules,
  "move-appointment": movingRules,
  "cancel-appointment": cancellingRules,
  "open-ticket": ticketRules,
  "record-offer": offerRules,
  "register-applicant": applicantRules,
};

/** Those of the task in progress; undefined: there is none. */
export function rulesOf(draft: Draft): TaskRules | undefined {
  const task = taskOf(draft);
  return task && rules[task.onComplete];
}

/** What is known so far of what the caller wants; undefined: nothing. */
export const aboutTask = (draft: Draft): string | undefined => rulesOf(draft)?.about(draft);

/** As `aboutTask`; undefined as well while no more than the caller is known. */
export const aboutBegun = (draft: Draft): string | undefined =>
  taskOf(draft)?.slots.some(({ name }) => name !== "name" && name !== "phone" && slotOf(draft, name) !== undefined)
    ? aboutTask(draft)
    : undefined;
