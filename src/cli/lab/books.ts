/** The agency's books as they stand, row by row: all that a call may have left behind, the diary's cells included. */
import type { BookChange, BookRow } from "../../lab/score.ts";
import type { Records } from "../../store/open-store.ts";

const caller = (table: string) => `LEFT JOIN contact ON contact.id = ${table}.contact_id`;
const tables: Readonly<Record<string, string>> = {
  contact: "SELECT id, name, phone, email FROM contact",
  viewing: `SELECT viewing.id, property_id AS property, contact.name, contact.phone, start, minutes, status, awaiting
    FROM viewing ${caller("viewing")}`,
  appointment: "SELECT id, kind, start, minutes FROM appointment",
  valuation: `SELECT valuation.id, kind, address, postcode, contact.name, contact.phone, start, status
    FROM valuation ${caller("valuation")}`,
  maintenance: `SELECT maintenance.id, property_id AS property, address, contact.name, contact.phone, fault, priority,
      vulnerable, access FROM maintenance ${caller("maintenance")}`,
  offer: `SELECT offer.id, property_id AS property, contact.name, contact.phone, amount, conditions, funding, position
    FROM offer ${caller("offer")}`,
  applicant: `SELECT applicant.id, contact.name, contact.phone, kind, max_price, max_rent_pcm, min_beds, pets, move_date
    FROM applicant ${caller("applicant")}`,
  message: "SELECT id, name, phone, about, for_whom FROM message",
  ticket: `SELECT ticket.id, kind, contact.name, contact.phone, due, about FROM ticket ${caller("ticket")}`,
  task: `SELECT task.id, kind, contact.name, contact.phone, property_id AS property, about, for_whom, due, status
    FROM task ${caller("task")}`,
  property: "SELECT * FROM property",
};

const booked = (table: string) => `SELECT id FROM ${table} WHERE status = 'booked'`;
const phantomsSql = `SELECT
  (SELECT count(*) FROM (${booked("viewing")} UNION ALL ${booked("valuation")}) AS entry
    WHERE NOT EXISTS (SELECT 1 FROM diary_cell WHERE entry_id = entry.id)) +
  (SELECT count(DISTINCT entry_id) FROM diary_cell
    WHERE entry_id NOT IN (${booked("viewing")} UNION ALL ${booked("valuation")} UNION ALL SELECT id FROM appointment)) AS n`;

export type Books = {
  /** Since the last time. */
  changes(): BookChange[];
  /** Since the books were opened. */
  allChanges(): BookChange[];
  /** A booking that holds no cells of the diary, or cells that no booking holds. */
  phantoms(): number;
};

type Snapshot = ReadonlyMap<string, ReadonlyMap<string, BookRow>>;

export function openBooks({ store }: Pick<Records, "store">): Books {
  const statements = Object.entries(tables).map(([table, sql]) => ({
    table,
    rows: store.db.prepare<[], BookRow>(sql),
  }));
  const phantoms = store.db.prepare<[], { n: number }>(phantomsSql);
  const read = (): Snapshot =>
    new Map(statements.map(({ table, rows }) => [table, new Map(rows.all().map((row) => [String(row.id), row]))]));
  const opened = read();
  let known = opened;
  return {
    changes() {
      const before = known;
      known = read();
      return changesBetween(before, known);
    },
    allChanges: () => changesBetween(opened, known),
    phantoms: () => phantoms.get()?.n ?? 0,
  };
}

function changesBetween(before: Snapshot, after: Snapshot): BookChange[] {
  return [...after].flatMap(([table, rows]) => {
    const old = before.get(table);
    const ids = new Set([...(old?.keys() ?? []), ...rows.keys()]);
    return [...ids].flatMap((id) => {
      const [was, is] = [old?.get(id), rows.get(id)];
      return Bun.deepEquals(was, is) ? [] : [{ table, before: was, after: is }];
    });
  });
}
