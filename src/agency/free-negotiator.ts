import { AppError } from "../app-error.ts";
import { judgeStart, planDay, type Visit } from "./day-plan.ts";
import { dateOf, isLocalTime, toLocal } from "./local-time.ts";
import type { Catalogue, DiaryRecords } from "./ports.ts";
import type { LocalTime, Staff } from "./types.ts";
import { refusalTexts } from "./visits.ts";

export function checkStart(start: LocalTime): void {
  if (!isLocalTime(start)) throw new AppError("invalid_input", "A start is needed as YYYY-MM-DDTHH:MM.");
}

/**
 * Who comes: every rule again, inside the transaction, as the diary may have changed since the caller was offered the
 * time. @param preferred Whom the caller knows already: taken if free.
 * @throws AppError("conflict") if the time was taken meanwhile, "invalid_input" if a rule forbids it.
 */
export function freeNegotiator(
  { catalogue, diary }: { catalogue: Catalogue; diary: DiaryRecords },
  visit: Visit,
  start: LocalTime,
  now: Date,
  preferred?: string,
): Staff {
  const verdict = judgeStart(planDay(catalogue, diary, visit, dateOf(start)), start, toLocal(now));
  const refusal = verdict.free ? "nobody-free" : verdict.refusal;
  const free = verdict.free ? verdict.negotiators : [];
  const staff = free.find(({ id }) => id === preferred) ?? free[0];
  if (staff !== undefined) return staff;
  const mayChange = refusal === "taken" || refusal === "nobody-free";
  throw new AppError(mayChange ? "conflict" : "invalid_input", refusalTexts[refusal]);
}
