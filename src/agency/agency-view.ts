import { type DayPlan, freeStartsOf, judgeStart, planDay } from "./day-plan.ts";
import { dateOf, isLocalDate, isLocalTime } from "./local-time.ts";
import { hoursOn } from "./opening-hours.ts";
import type { Catalogue, CatalogueRecords, DiaryRecords } from "./ports.ts";
import type { AgencyView, LocalDate, Property } from "./types.ts";
import { valuationOf, viewingOf } from "./visits.ts";

export type CachedAgencyView = AgencyView & {
  /** Listings, staff and hours as they were last read; the diary is always read anew. */
  catalogue(): Catalogue;
  /** Reads them again: after an import or a change. */
  refresh(): void;
};

/** The agency as a conversation sees it. A property that is not in the listings is never free. */
export function createAgencyView(records: CatalogueRecords & DiaryRecords): CachedAgencyView {
  let catalogue = records.catalogue();
  let byId = new Map<string, Property>();
  const index = () => {
    byId = new Map(catalogue.properties.map((property) => [property.id, property]));
  };
  index();
  const planOf = (propertyId: string, day: LocalDate): DayPlan | undefined => {
    const property = byId.get(propertyId);
    return property && planDay(catalogue, records, viewingOf(property), day);
  };
  return {
    catalogue: () => catalogue,
    refresh() {
      catalogue = records.catalogue();
      index();
    },
    agency: () => catalogue.agency,
    branches: () => catalogue.branches,
    staff: () => catalogue.staff,
    properties: () => catalogue.properties,
    hoursOn: (day) => (isLocalDate(day) ? hoursOn(catalogue, day) : undefined),
    isFree(propertyId, start, now) {
      if (!isLocalTime(start)) return false;
      const plan = planOf(propertyId, dateOf(start));
      return plan !== undefined && judgeStart(plan, start, now).free;
    },
    freeStarts(propertyId, day, notBefore, limit, now) {
      if (!isLocalDate(day)) return [];
      const plan = planOf(propertyId, day);
      return plan === undefined ? [] : freeStartsOf(plan, notBefore, limit, now);
    },
    isValuationFree(kind, start, now) {
      if (!isLocalTime(start)) return false;
      return judgeStart(planDay(catalogue, records, valuationOf(kind), dateOf(start)), start, now).free;
    },
    freeValuationStarts(kind, day, notBefore, limit, now) {
      if (!isLocalDate(day)) return [];
      return freeStartsOf(planDay(catalogue, records, valuationOf(kind), day), notBefore, limit, now);
    },
    knowledge: () => catalogue.knowledge,
  };
}
