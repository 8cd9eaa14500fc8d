/** When an appointment can start: one day's hours, rotas and diary, asked for single starts. Pure. */
import { cellOf, cellsFor, staffResource } from "./diary-cells.ts";
import { atClock, clockFromMinutes, clockOf, dateOf, minutesOfDay, toInstant } from "./local-time.ts";
import { hoursOfWeek, hoursOn } from "./opening-hours.ts";
import type { Catalogue, Cell, DiaryRecords } from "./ports.ts";
import type { Clock, Department, LocalDate, LocalTime, Staff } from "./types.ts";

const startEveryMinutes = 5;

/** Why an appointment cannot start then. `taken` and `nobody-free` may change any minute, the others are rules. */
export type Refusal =
  | "not-viewable"
  | "odd-start"
  | "past"
  | "notice"
  | "closed"
  | "outside-hours"
  | "taken"
  | "nobody-free";

export type Verdict = { free: true; negotiators: Staff[] } | { free: false; refusal: Refusal };

/** What an appointment needs of a day. */
export type Visit = {
  minutes: number;
  noticeHours: number;
  department: Department;
  /** What is taken beside the negotiator: the property. */
  place: string | undefined;
  /** Not at any time. */
  refusal: Refusal | undefined;
};

export type DayPlan = {
  visit: Visit;
  day: LocalDate;
  travelMinutes: number;
  /** Minutes since midnight. */
  hours: { opens: number; closes: number } | undefined;
  /** Who may come that day, least busy first. */
  negotiators: { staff: Staff; from: number; until: number }[];
  taken: Set<string>;
};

/** Sales do sales and lettings lettings; an agency whose departments are called otherwise sends anybody. */
function mayCome(staff: readonly Staff[], { department }: Visit): Staff[] {
  const named = department === "sales" ? /sale/i : /let/i;
  const own = staff.filter((person) => named.test(person.department));
  return own.length > 0 ? own : [...staff];
}

/** Reads the diary of that day once. */
export function planDay(catalogue: Catalogue, diary: DiaryRecords, visit: Visit, day: LocalDate): DayPlan {
  const open = hoursOn(catalogue, day);
  const candidates = open === undefined ? [] : mayCome(catalogue.staff, visit).flatMap((staff) => shift(staff, day));
  const places = visit.place === undefined ? [] : [visit.place];
  const resources = [...places, ...candidates.map(({ staff }) => staffResource(staff.id))];
  const midnight = cellOf(atClock(day, "00:00"));
  const cells = candidates.length === 0 ? [] : diary.taken(resources, midnight, midnight + cellsFor(25 * 60));
  return {
    visit,
    day,
    travelMinutes: catalogue.agency.travelMinutes,
    hours: open && { opens: minutesOfDay(open.opens), closes: minutesOfDay(open.closes) },
    negotiators: leastBusyFirst(candidates, cells),
    taken: new Set(cells.map(({ resource, cell }) => `${resource} ${cell}`)),
  };
}

function shift(staff: Staff, day: LocalDate): DayPlan["negotiators"] {
  const hours = hoursOfWeek(staff.rota, day);
  return hours === undefined ? [] : [{ staff, from: minutesOfDay(hours.opens), until: minutesOfDay(hours.closes) }];
}

function leastBusyFirst(candidates: DayPlan["negotiators"], cells: Cell[]): DayPlan["negotiators"] {
  const load = new Map<string, number>();
  for (const { resource } of cells) load.set(resource, (load.get(resource) ?? 0) + 1);
  const of = ({ staff }: { staff: Staff }) => load.get(staffResource(staff.id)) ?? 0;
  return [...candidates].sort((a, b) => of(a) - of(b)); // stable: the order of entry decides among equals
}

/** @param now What the clock in London shows. */
export function judgeStart(plan: DayPlan, start: LocalTime, now: LocalTime): Verdict {
  const rule = brokenRule(plan, start, now);
  if (rule !== undefined) return { free: false, refusal: rule };
  const first = cellOf(start);
  const isFree = (resource: string, during: number) => {
    for (let cell = first; cell < first + cellsFor(during); cell++) {
      if (plan.taken.has(`${resource} ${cell}`)) return false;
    }
    return true;
  };
  const { place, minutes } = plan.visit;
  if (place !== undefined && !isFree(place, minutes)) return { free: false, refusal: "taken" };
  const from = minutesOfDay(clockOf(start));
  const negotiators = plan.negotiators
    .filter((shift) => shift.from <= from && from + minutes <= shift.until)
    .filter(({ staff }) => isFree(staffResource(staff.id), minutes + plan.travelMinutes))
    .map(({ staff }) => staff);
  return negotiators.length > 0 ? { free: true, negotiators } : { free: false, refusal: "nobody-free" };
}

function brokenRule({ visit, day, hours }: DayPlan, start: LocalTime, now: LocalTime): Refusal | undefined {
  if (visit.refusal !== undefined) return visit.refusal;
  if (dateOf(start) !== day) throw new Error("asked about another day");
  const from = minutesOfDay(clockOf(start));
  if (from % startEveryMinutes !== 0) return "odd-start";
  const leadMs = toInstant(start).getTime() - toInstant(now).getTime();
  if (leadMs <= 0) return "past";
  if (leadMs < visit.noticeHours * 3_600_000) return "notice";
  if (hours === undefined) return "closed";
  if (from < hours.opens || from + visit.minutes > hours.closes) return "outside-hours";
  return undefined;
}

/** The earliest free starts of the day at or after `notBefore`, at most `limit`. */
export function freeStartsOf(plan: DayPlan, notBefore: Clock, limit: number, now: LocalTime): LocalTime[] {
  const { hours, day, visit } = plan;
  if (hours === undefined || visit.refusal !== undefined) return [];
  const earliest = Math.max(hours.opens, minutesOfDay(notBefore));
  const found: LocalTime[] = [];
  for (
    let from = Math.ceil(earliest / startEveryMinutes) * startEveryMinutes;
    found.length < limit && from + visit.minutes <= hours.closes;
    from += startEveryMinutes
  ) {
    const start = atClock(day, clockFromMinutes(from));
    if (judgeStart(plan, start, now).free) found.push(start);
  }
  return found;
}
