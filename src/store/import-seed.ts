import { cellsOf } from "../agency/diary-cells.ts";
import type { Seed } from "../agency/seed.ts";
import type { Actor, Department } from "../agency/types.ts";
import type { Audit } from "../security/audit.ts";
import type { AgencyRecords } from "./agency-records.ts";
import type { Store } from "./connection.ts";
import type { Contacts } from "./contacts.ts";
import type { Valuations } from "./valuations.ts";
import type { Viewings } from "./viewings.ts";

export type ImportParts = {
  store: Store;
  audit: Audit;
  agency: AgencyRecords;
  contacts: Contacts;
  viewings: Viewings;
  valuations: Valuations;
};

/**
 * Puts a seed into the database, in one transaction. People, listings and hours with an id that exists are replaced;
 * diary entries that exist are left alone, as they may have been changed since.
 */
export function importSeed(parts: ImportParts, seed: Seed, actor: Actor, now: Date): void {
  const { store, audit, agency, contacts } = parts;
  store.withTransaction(() => {
    const subjects = { properties: seed.properties.length, contacts: seed.contacts.length, diary: seed.diary.length };
    audit.record({ at: now, actor, action: "agency.import", subjects });
    agency.setAgency(seed.agency);
    for (const branch of seed.branches) agency.putBranch(branch);
    for (const staff of seed.staff) agency.putStaff(staff);
    for (const property of seed.properties) agency.putProperty(property);
    for (const entry of seed.knowledge) agency.putKnowledge(entry);
    for (const { roles, ...contact } of seed.contacts) {
      contacts.put({ ...contact, email: contact.email });
      for (const { role, property } of roles) contacts.addRole(contact.id, role, property);
    }
    for (const entry of seed.diary) importEntry(parts, seed, entry, now);
  });
}

function importEntry(
  { store, viewings, valuations }: ImportParts,
  seed: Seed,
  entry: Seed["diary"][number],
  now: Date,
): void {
  const { id, kind, start, minutes, property: propertyId, contact: contactId, staff: staffId } = entry;
  const known = store.db.prepare<[{ id: string }], { n: number }>(
    `SELECT EXISTS (SELECT 1 FROM viewing WHERE id = @id UNION ALL SELECT 1 FROM appointment WHERE id = @id
       UNION ALL SELECT 1 FROM valuation WHERE id = @id) AS n`,
  );
  if (known.get({ id })?.n === 1) return;
  const cells = cellsOf({ start, minutes, propertyId, staffId }, seed.agency.travelMinutes);
  if (kind === "viewing" && propertyId !== undefined && contactId !== undefined && staffId !== undefined) {
    const where = { id, propertyId, contactId, staffId, start, minutes };
    viewings.import({ ...where, status: "booked", awaiting: undefined, callId: undefined }, cells, now);
  } else if (kind === "valuation" && contactId !== undefined && staffId !== undefined) {
    const own = cellsOf({ start, minutes, propertyId: undefined, staffId }, seed.agency.travelMinutes);
    const where = { id, ...valued(seed, entry), contactId, staffId, start, minutes };
    valuations.import({ ...where, status: "booked", details: {}, callId: undefined }, own, now);
  } else {
    viewings.importAppointment({ id, kind, propertyId, contactId, staffId, start, minutes }, cells);
  }
}

/** Where, and by which department: the listing's, otherwise that of whoever comes. */
function valued(seed: Seed, { property, staff, address, postcode }: Seed["diary"][number]) {
  const listed = seed.properties.find(({ id }) => id === property);
  const lets = listed
    ? listed.kind === "let"
    : /let/i.test(seed.staff.find(({ id }) => id === staff)?.department ?? "");
  const kind: Department = lets ? "lettings" : "sales";
  return { kind, address: address ?? listed?.address ?? "", postcode: postcode ?? listed?.postcode ?? "" };
}
