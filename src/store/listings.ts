import type { ListingRecords } from "../agency/listings/import-listings.ts";
import type { AgencyRecords } from "./agency-records.ts";
import type { Store } from "./connection.ts";

/** The agency's homes and the lists that they came with. Runs inside the caller's transaction. */
export function listingRepository({ db }: Store, agency: AgencyRecords): ListingRecords {
  const lists = db.prepare<[], { id: string; list: string }>("SELECT id, list FROM property");
  const setList = db.prepare<[string, string]>("UPDATE property SET list = ? WHERE id = ?");
  return {
    all() {
      const listOf = new Map(lists.all().map(({ id, list }) => [id, list]));
      return agency.catalogue().properties.map((property) => ({ property, list: listOf.get(property.id) ?? "" }));
    },
    put(property, list) {
      agency.putProperty(property);
      setList.run(list, property.id);
    },
  };
}
