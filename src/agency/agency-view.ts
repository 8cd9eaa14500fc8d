import { dateOf, isLocalDate, isLocalTime } from "./local-time.ts";
import { hoursOn } from "./opening-hours.ts";
import type { Catalogue, CatalogueRecords, DiaryRecords } from "./ports.ts";
import type { AgencyView, LocalDate, Property } from "./types.ts";
import { freeStartsOf, judgeStart, type ViewingDay, viewingDay } from "./viewing-times.ts";

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
  const planOf = (propertyId: string, day: LocalDate): ViewingDay | undefined => {
    const property = byId.get(propertyId);
    return property && viewingDay(catalogue, records, property, day);
  };
  return {
    catalogue: () => catalogue,
    refresh() {
      catalogue = records.catalogue();
      index();
    },
    agency: () => catalogue.agency,
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
  };
}
