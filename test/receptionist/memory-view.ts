/** A small agency in memory, with a diary that tests can fill. Same rules as the real one where `step` can see them. */
import { clockFromMinutes, clockOf, dateOf, minutesOfDay, weekdayOf } from "../../src/agency/local-time.ts";
import type { Agency, AgencyView, LocalTime, Property } from "../../src/agency/types.ts";

export const listing = (id: string, address: string, more: Partial<Property> = {}): Property => ({
  id,
  address,
  postcode: "M21 4WB",
  kind: "sale",
  status: "available",
  managed: false,
  price: 395_000,
  beds: 3,
  type: "semi",
  noticeHours: 0,
  facts: {},
  ...more,
});

export const LISTINGS: readonly Property[] = [
  listing("p1", "14 Maple Road"),
  listing("p2", "7 Castle Street", { beds: 2, type: "flat", postcode: "M21 9AA" }),
  listing("p3", "12 Castle Street", { beds: 3, type: "terrace", postcode: "M21 9AB" }),
  listing("p4", "22 Victoria Road"),
  listing("p5", "35 Church Lane"),
  listing("p6", "9 Station Road", { status: "under-offer" }),
  listing("p7", "3 Park Avenue"),
  listing("p8", "18 High Street"),
  listing("p9", "41 Mill Lane", { status: "let-agreed", kind: "let" }),
  listing("p10", "6 Albert Road"),
  listing("p11", "12 Queen Street"),
  listing("p12", "Rose Cottage, Ivy Lane"),
  listing("p13", "Flat 2, 14A Alma Place"),
];

export type MemoryView = AgencyView & { taken: Set<LocalTime> };

/** Open Monday to Friday 9:00–17:30, Saturday 9:00–16:00; `taken` starts are not free, whatever the property. */
export function memoryView(
  taken: readonly LocalTime[] = [],
  agency: Partial<Agency> = {},
  properties: readonly Property[] = LISTINGS,
): MemoryView {
  const busy = new Set(taken);
  const byId = new Map(properties.map((property) => [property.id, property]));
  const hoursOn: AgencyView["hoursOn"] = (day) => {
    const weekday = weekdayOf(day);
    if (weekday === "sun" || day.endsWith("-12-25")) return undefined;
    return { opens: "09:00", closes: weekday === "sat" ? "16:00" : "17:30" };
  };
  const isFree: AgencyView["isFree"] = (propertyId, start, now) => {
    const hours = hoursOn(dateOf(start));
    const property = byId.get(propertyId);
    if (hours === undefined || start <= now || property?.status !== "available") return false;
    const at = minutesOfDay(clockOf(start));
    if (at % 5 !== 0 || at < minutesOfDay(hours.opens) || at + 30 > minutesOfDay(hours.closes)) return false;
    return ![...busy].some(
      (other) => dateOf(other) === dateOf(start) && Math.abs(minutesOfDay(clockOf(other)) - at) < 30,
    );
  };
  /** As a viewing, of an hour and of no property. */
  const isValuationFree: AgencyView["isValuationFree"] = (_kind, start, now) => {
    const hours = hoursOn(dateOf(start));
    if (hours === undefined || start <= now) return false;
    const at = minutesOfDay(clockOf(start));
    if (at % 5 !== 0 || at < minutesOfDay(hours.opens) || at + 60 > minutesOfDay(hours.closes)) return false;
    return ![...busy].some(
      (other) => dateOf(other) === dateOf(start) && Math.abs(minutesOfDay(clockOf(other)) - at) < 60,
    );
  };
  return {
    taken: busy,
    agency: () => ({ name: "Larkspur Homes", jurisdiction: "england-and-wales", travelMinutes: 15, ...agency }),
    branches: () => [],
    staff: () => [],
    properties: () => properties,
    hoursOn,
    isFree,
    freeStarts(propertyId, day, notBefore, limit, now) {
      const found: LocalTime[] = [];
      for (let at = minutesOfDay(notBefore); at < 24 * 60 && found.length < limit; at += 5) {
        const start = `${day}T${clockFromMinutes(at)}`;
        if (isFree(propertyId, start, now)) found.push(start);
      }
      return found;
    },
    isValuationFree,
    freeValuationStarts(kind, day, notBefore, limit, now) {
      const found: LocalTime[] = [];
      for (let at = minutesOfDay(notBefore); at < 24 * 60 && found.length < limit; at += 5) {
        const start = `${day}T${clockFromMinutes(at)}`;
        if (isValuationFree(kind, start, now)) found.push(start);
      }
      return found;
    },
    knowledge: () => [],
  };
}
