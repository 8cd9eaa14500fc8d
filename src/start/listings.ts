import { createHash } from "node:crypto";
import type { CachedAgencyView } from "../agency/agency-view.ts";
import { createImportListings } from "../agency/listings/import-listings.ts";
import type { ControlPorts } from "../control/ports.ts";
import type { Work } from "../ops/work.ts";
import type { Records } from "../store/open-store.ts";
import type { Base } from "./base.ts";

/** The agency's lists of homes: the next caller hears of what was imported, and is understood when he names it. */
export function openListings(
  { clock, log }: Pick<Base, "clock" | "log">,
  records: Pick<Records, "store" | "listings" | "audit">,
  view: CachedAgencyView,
  work: () => Work,
): ControlPorts["importListings"] {
  const importListings = createImportListings({
    work: records.store,
    listings: records.listings,
    audit: records.audit,
    imported() {
      view.refresh();
      work().answering?.listingsChanged();
    },
  });
  return (list, actor) => {
    const digest = createHash("sha256").update(list.bytes).digest("hex");
    const report = importListings({ ...list, digest }, actor, clock());
    const { added, changed, withdrawn, rejects } = report;
    if (!list.dryRun) log.info("a list of homes was imported", { added, changed, withdrawn, rejected: rejects.length });
    return report;
  };
}
