/** When a property can be viewed: one day's hours, rotas and diary, asked for single starts. Pure. */
import { cellOf, cellsFor, propertyResource, staffResource } from "./diary-cells.ts";
import { atClock, clockFromMinutes, clockOf, dateOf, minutesOfDay, toInstant } from "./local-time.ts";
import { hoursOfWeek, hoursOn } from "./opening-hours.ts";
import type { Catalogue, Cell, DiaryRecords } from "./ports.ts";
import type { Clock, LocalDate, LocalTime, Property, Staff } from "./types.ts";

export const viewingMinutes = 30;
const startEveryMinutes = 5;

/** Why a viewing cannot start then. `taken` and `nobody-free` may change any minute, the others are rules. */
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

export type ViewingDay = {
  property: Property;
  day: LocalDate;
  travelMinutes: number;
  /** Minutes since midnight. */
  hours: { opens: number; closes: number } | undefined;
  /** Who may show it that day, least busy first. */
  negotiators: { staff: Staff; from: number; until: number }[];
  taken: Set<string>;
};

/** Only what is on the market; under offer, sold, let agreed, withdrawn and occupied ones are for a person. */
export const isViewable = (property: Property): boolean => property.status === "available";

/** Sales show sales and lettings lettings; an agency whose departments are called otherwise sends anybody. */
function mayShow(staff: readonly Staff[], property: Property): Staff[] {
  const department = property.kind === "sale" ? /sale/i : /let/i;
  const own = staff.filter((person) => department.test(person.department));
  return own.length > 0 ? own : [...staff];
}

/** Reads the diary of that day once. */
export function viewingDay(catalogue: Catalogue, diary: DiaryRecords, property: Property, day: LocalDate): ViewingDay {
  const open = hoursOn(catalogue, day);
  const candidates = open === undefined ? [] : mayShow(catalogue.staff, property).flatMap((staff) => shift(staff, day));
  const resources = [propertyResource(property.id), ...candidates.map(({ staff }) => staffResource(staff.id))];
  const midnight = cellOf(atClock(day, "00:00"));
  const cells = candidates.length === 0 ? [] : diary.taken(resources, midnight, midnight + cellsFor(25 * 60));
  return {
    property,
    day,
    travelMinutes: catalogue.agency.travelMinutes,
    hours: open && { opens: minutesOfDay(open.opens), closes: minutesOfDay(open.closes) },
    negotiators: leastBusyFirst(candidates, cells),
    taken: new Set(cells.map(({ resource, cell }) => `${resource} ${cell}`)),
  };
}

function shift(staff: Staff, day: LocalDate): ViewingDay["negotiators"] {
  const hours = hoursOfWeek(staff.rota, day);
  return hours === undefined ? [] : [{ staff, from: minutesOfDay(hours.opens), until: minutesOfDay(hours.closes) }];
}

function leastBusyFirst(candidates: ViewingDay["negotiators"], cells: Cell[]): ViewingDay["negotiators"] {
  const load = new Map<string, number>();
  for (const { resource } of cells) load.set(resource, (load.get(resource) ?? 0) + 1);
  const of = ({ staff }: { staff: Staff }) => load.get(staffResource(staff.id)) ?? 0;
  return [...candidates].sort((a, b) => of(a) - of(b)); // stable: the order of entry decides among equals
}

/** @param now What the clock in London shows. */
export function judgeStart(plan: ViewingDay, start: LocalTime, now: LocalTime): Verdict {
  const rule = brokenRule(plan, start, now);
  if (rule !== undefined) return { free: false, refusal: rule };
  const first = cellOf(start);
  const isFree = (resource: string, minutes: number) => {
    for (let cell = first; cell < first + cellsFor(minutes); cell++) {
      if (plan.taken.has(`${resource} ${cell}`)) return false;
    }
    return true;
  };
  if (!isFree(propertyResource(plan.property.id), viewingMinutes)) return { free: false, refusal: "taken" };
  const from = minutesOfDay(clockOf(start));
  const negotiators = plan.negotiators
    .filter((shown) => shown.from <= from && from + viewingMinutes <= shown.until)
    .filter(({ staff }) => isFree(staffResource(staff.id), viewingMinutes + plan.travelMinutes))
    .map(({ staff }) => staff);
  return negotiators.length > 0 ? { free: true, negotiators } : { free: false, refusal: "nobody-free" };
}

function brokenRule({ property, day, hours }: ViewingDay, start: LocalTime, now: LocalTime): Refusal | undefined {
  if (!isViewable(property)) return "not-viewable";
  if (dateOf(start) !== day) throw new Error("asked about another day");
  const from = minutesOfDay(clockOf(start));
  if (from % startEveryMinutes !== 0) return "odd-start";
  const leadMs = toInstant(start).getTime() - toInstant(now).getTime();
  if (leadMs <= 0) return "past";
  if (leadMs < property.noticeHours * 3_600_000) return "notice";
  if (hours === undefined) return "closed";
  if (from < hours.opens || from + viewingMinutes > hours.closes) return "outside-hours";
  return undefined;
}

/** The earliest free starts of the day at or after `notBefore`, at most `limit`. */
export function freeStartsOf(plan: ViewingDay, notBefore: Clock, limit: number, now: LocalTime): LocalTime[] {
  const { hours, day } = plan;
  if (hours === undefined || !isViewable(plan.property)) return [];
  const earliest = Math.max(hours.opens, minutesOfDay(notBefore));
  const found: LocalTime[] = [];
  for (
    let from = Math.ceil(earliest / startEveryMinutes) * startEveryMinutes;
    found.length < limit && from + viewingMinutes <= hours.closes;
    from += startEveryMinutes
  ) {
    const start = atClock(day, clockFromMinutes(from));
    if (judgeStart(plan, start, now).free) found.push(start);
  }
  return found;
}
