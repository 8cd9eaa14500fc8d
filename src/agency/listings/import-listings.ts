/** Puts a whole list of homes in the place of the one before: what is new is added, what is gone is withdrawn. */
import { AppError } from "../../app-error.ts";
import type { AuditTrail, UnitOfWork } from "../ports.ts";
import type { Actor, Property } from "../types.ts";
import { isBlm, readBlm } from "./blm.ts";
import { readCsv } from "./csv.ts";
import { parseMapping, usualMapping } from "./csv-mapping.ts";
import { isOnMarket, type Listing, type ReadList, type Reject } from "./listing.ts";
import { listText } from "./text.ts";

export interface ListingRecords {
  /** Every home with the list that it came with. */
  all(): { property: Property; list: string }[];
  put(property: Property, list: string): void;
}

export type ImportRequest = {
  bytes: Uint8Array;
  /** SHA-256 of the bytes, hex: for the audit log. */
  digest: string;
  /** JSON; for CSV only. */
  mapping: string | undefined;
  /** An agency may have several, each branch its own: an import withdraws homes of its own list only. */
  list: string;
  dryRun: boolean;
  /** Also where more than half of the list would go. */
  yes: boolean;
};

export type ImportReport = {
  format: "blm" | "csv";
  list: string;
  dryRun: boolean;
  added: number;
  changed: number;
  unchanged: number;
  withdrawn: number;
  rejects: Reject[];
  warnings: string[];
};

/**
 * One transaction with its audit entry. A row that is rejected leaves its home as it was.
 * @throws AppError("invalid_input") if the file cannot be read, "conflict" if more than half of the list would be
 *   withdrawn and nobody has said yes.
 */
export type ImportListings = (request: ImportRequest, actor: Actor, now: Date) => ImportReport;

export function createImportListings(parts: {
  work: UnitOfWork;
  listings: ListingRecords;
  audit: AuditTrail;
  /** After the commit. */
  imported?: () => void;
}): ImportListings {
  return (request, actor, now) => {
    if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(request.list)) {
      throw new AppError("invalid_input", 'The name of a list is small letters, digits and "-", like "chorlton".');
    }
    const text = listText(request.bytes);
    const format = isBlm(text) ? "blm" : "csv";
    const read = format === "blm" ? readBlm(text) : readCsv(text, mappingOf(request));
    const report = parts.work.withTransaction(() => {
      const plan = planOf(parts.listings.all(), read, request.list);
      if (!request.dryRun) {
        if (!request.yes) refuseEmptying(plan);
        commit(parts, request, plan, actor, now);
      }
      return reportOf(plan, { format, list: request.list, dryRun: request.dryRun });
    });
    if (!request.dryRun) parts.imported?.();
    return report;
  };
}

const mappingOf = ({ mapping }: ImportRequest) => (mapping === undefined ? usualMapping() : parseMapping(mapping));

type Plan = {
  added: Property[];
  changed: Property[];
  unchanged: number;
  withdrawn: Property[];
  /** Homes of this list that callers could be offered until now. */
  offered: number;
  rejects: Reject[];
  warnings: string[];
};

function planOf(known: { property: Property; list: string }[], read: ReadList, list: string): Plan {
  const byId = new Map(known.map((entry) => [entry.property.id, entry]));
  const plan: Plan = {
    added: [],
    changed: [],
    unchanged: 0,
    withdrawn: [],
    offered: 0,
    rejects: [...read.rejects],
    warnings: read.warnings,
  };
  const kept = new Set(read.rejects.map(({ reference }) => reference));
  for (const listing of read.listings) {
    const before = byId.get(listing.id);
    kept.add(listing.id);
    if (before !== undefined && before.list !== list) {
      const reason = `it belongs to the list "${before.list}"`;
      plan.rejects.push({ line: listing.line, reference: listing.id, field: "reference", reason });
      continue;
    }
    const after = merged(before?.property, listing, read.ownFacts);
    if (before === undefined) plan.added.push(after);
    else if (Bun.deepEquals(before.property, after)) plan.unchanged++;
    else plan.changed.push(after);
  }
  for (const { property, list: of } of known) {
    if (of !== list || !isOnMarket(property)) continue;
    plan.offered++;
    if (!kept.has(property.id)) plan.withdrawn.push({ ...property, status: "withdrawn" });
  }
  plan.rejects.sort((a, b) => a.line - b.line);
  return plan;
}

/** What the list does not know stays: who manages, what notice is due, facts of the agency's own. */
function merged(before: Property | undefined, listing: Listing, ownFacts: readonly string[]): Property {
  const { line: _line, managed, noticeHours, facts, ...rest } = listing;
  const others = Object.entries(before?.facts ?? {}).filter(([fact]) => !ownFacts.includes(fact));
  return {
    ...rest,
    managed: managed ?? before?.managed ?? false,
    noticeHours: noticeHours ?? before?.noticeHours ?? 0,
    facts: { ...Object.fromEntries(others), ...facts },
  };
}

function refuseEmptying({ withdrawn, offered }: Plan): void {
  if (withdrawn.length * 2 <= offered) return;
  throw new AppError(
    "conflict",
    `${withdrawn.length} of ${offered} homes are not in this file and would be withdrawn. If it is the whole list, say --yes.`,
  );
}

function commit(
  { audit, listings }: { audit: AuditTrail; listings: ListingRecords },
  { list, digest }: ImportRequest,
  { added, changed, withdrawn, rejects }: Plan,
  actor: Actor,
  now: Date,
): void {
  const counts = { added: added.length, changed: changed.length, withdrawn: withdrawn.length };
  const subjects = { list, ...counts, rejected: rejects.length, sha256: digest };
  audit.record({ at: now, actor, action: "properties.import", subjects });
  for (const property of [...added, ...changed, ...withdrawn]) listings.put(property, list);
}

const reportOf = (
  { added, changed, unchanged, withdrawn, rejects, warnings }: Plan,
  about: Pick<ImportReport, "format" | "list" | "dryRun">,
): ImportReport => ({
  ...about,
  added: added.length,
  changed: changed.length,
  unchanged,
  withdrawn: withdrawn.length,
  rejects,
  warnings,
});
