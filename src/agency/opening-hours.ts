import { bankHolidayOn } from "./bank-holidays.ts";
import { weekdayOf } from "./local-time.ts";
import type { Catalogue } from "./ports.ts";
import type { Branch, Clock, Hours, Jurisdiction, LocalDate } from "./types.ts";

export type Open = { opens: Clock; closes: Clock };

/** The hours of that weekday; undefined: none. */
export function hoursOfWeek(hours: Hours, day: LocalDate): Open | undefined {
  const found = hours[weekdayOf(day)];
  return found ? { opens: found[0], closes: found[1] } : undefined;
}

/** Closed on its own closures, and on bank holidays and their substitutes. */
function branchHoursOn(branch: Branch, jurisdiction: Jurisdiction, day: LocalDate): Open | undefined {
  if (branch.closed.includes(day) || bankHolidayOn(day, jurisdiction) !== undefined) return undefined;
  return hoursOfWeek(branch.hours, day);
}

/** When the agency can be visited that day: from the first branch to open until the last to close. */
export function hoursOn(
  { agency, branches }: Pick<Catalogue, "agency" | "branches">,
  day: LocalDate,
): Open | undefined {
  let widest: Open | undefined;
  for (const branch of branches) {
    const open = branchHoursOn(branch, agency.jurisdiction, day);
    if (open === undefined) continue;
    widest = {
      opens: widest === undefined || open.opens < widest.opens ? open.opens : widest.opens,
      closes: widest === undefined || open.closes > widest.closes ? open.closes : widest.closes,
    };
  }
  return widest;
}
