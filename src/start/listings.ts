import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { CachedAgencyView } from "../agency/agency-view.ts";
import { createImportListings } from "../agency/listings/import-listings.ts";
import type { ControlPorts } from "../control/ports.ts";
import { watchListFolder } from "../ops/list-folder.ts";
import type { Work } from "../ops/work.ts";
import type { Records } from "../store/open-store.ts";
import type { Base } from "./base.ts";

type Parts = Pick<Records, "store" | "listings" | "importedLists" | "audit">;

const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The agency's lists of homes: the next caller hears of what was imported, and is understood when he names it. */
export function openListings(
  base: Pick<Base, "clock" | "log" | "config" | "closing" | "schedule">,
  records: Parts,
  view: CachedAgencyView,
  work: () => Work,
): ControlPorts["importListings"] {
  const { clock, log, config, closing, schedule } = base;
  const importListings = createImportListings({
    work: records.store,
    listings: records.listings,
    audit: records.audit,
    imported() {
      view.refresh();
      work().answering?.listingsChanged();
    },
  });
  const bringIn: typeof importListings = (request, actor, now) => {
    const report = importListings(request, actor, now);
    const { added, changed, withdrawn, rejects, dryRun } = report;
    if (!dryRun) log.info("a list of homes was imported", { added, changed, withdrawn, rejected: rejects.length });
    return report;
  };
  const { folder, everySeconds, mapping } = config.import;
  if (folder !== undefined) {
    const watching = watchListFolder({
      folder,
      everyMs: everySeconds * 1_000,
      mapping: async () => (mapping === undefined ? undefined : await readFile(mapping, "utf8")),
      importList: (list) =>
        bringIn({ ...list, list: "listings", dryRun: false, yes: false }, { kind: "system" }, clock()),
      digestOf,
      lists: records.importedLists,
      clock,
      schedule,
      log,
    });
    closing.add("list folder", () => watching.close());
  }
  return (list, actor) => bringIn({ ...list, digest: digestOf(list.bytes) }, actor, clock());
}
