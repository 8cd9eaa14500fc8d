/** What a call changed in the agency's books, row by row, as scripted calls tell of it. */
import type { Records } from "../../store/open-store.ts";

export type Row = Record<string, unknown>;
export type RowChange = {
  type: "row";
  table: string;
  op: "insert" | "update" | "delete";
  before: Row | null;
  after: Row | null;
};

const tables: Readonly<Record<string, string>> = {
  contact: "SELECT id, name, nullif(phone, '') AS phone, email FROM contact",
  viewing: `SELECT id, property_id AS property, contact_id AS contact, start, minutes, staff_id AS staff, status, awaiting
    FROM viewing`,
  message: `SELECT message.id, (SELECT contact.id FROM contact WHERE contact.phone = message.phone LIMIT 1) AS contact,
      message.name, message.phone, about, for_whom AS "for", due FROM message`,
  valuation: `SELECT id, kind, address, postcode, contact_id AS contact, start, minutes, staff_id AS staff, status,
    details FROM valuation`,
  maintenance: `SELECT id, property_id AS property, address, contact_id AS contact, fault, priority, vulnerable, access,
    since FROM maintenance`,
  offer: `SELECT id, property_id AS property, contact_id AS contact, amount, conditions, funding, position FROM offer`,
  applicant: `SELECT id, contact_id AS contact, kind, max_price AS maxPrice, max_rent_pcm AS maxRentPcm,
    min_beds AS minBeds, position, move_date AS moveDate, pets, areas, details FROM applicant`,
  ticket: "SELECT id, kind, contact_id AS contact, due, about FROM ticket",
  task: `SELECT id, kind, contact_id AS contact, property_id AS property, viewing_id AS viewing, due, about,
    for_whom AS "for", status FROM task`,
};

/** Remembers the rows as they are; each call tells what has changed since the one before. */
export function watchRows({ store }: Pick<Records, "store">): () => RowChange[] {
  const read = () =>
    new Map(
      Object.entries(tables).map(([table, sql]) => [
        table,
        new Map(
          store.db
            .prepare<[], Row>(sql)
            .all()
            .map((row) => [String(row.id), plain(row)]),
        ),
      ]),
    );
  let known = read();
  return () => {
    const now = read();
    const changes: RowChange[] = [];
    for (const [table, rows] of now) {
      const before = known.get(table) ?? new Map<string, Row>();
      for (const [id, after] of rows) {
        const old = before.get(id) ?? null;
        if (old !== null && Bun.deepEquals(old, after)) continue;
        changes.push({ type: "row", table, op: old === null ? "insert" : "update", before: old, after });
      }
      for (const [id, old] of before) {
        if (!rows.has(id)) changes.push({ type: "row", table, op: "delete", before: old, after: null });
      }
    }
    known = now;
    return changes;
  };
}

/** SQLite knows neither truth values nor lists. */
function plain(row: Row): Row {
  const told = { ...row };
  if ("vulnerable" in told) told.vulnerable = told.vulnerable === 1;
  for (const field of ["areas", "details"]) {
    if (typeof told[field] === "string") told[field] = JSON.parse(told[field]);
  }
  return told;
}
