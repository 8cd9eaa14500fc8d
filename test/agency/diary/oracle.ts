/**
 * What must be true of a diary, judged without the code that keeps it: by what was promised to callers, by the rows of
 * appointments (not by their cells) and by the tz database.
 */
import type { Database } from "../../../src/store/connection.ts";

export type Entry = {
  id: string;
  kind: "viewing" | "valuation";
  propertyId: string | null;
  staffId: string;
  start: string;
  minutes: number;
  status: string;
};

const london = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/London",
  dateStyle: "short",
  timeStyle: "short",
});
const shown = (ms: number) => london.format(ms).replace(" ", "T");

/** Of a wall-clock time that comes twice the first; of one that does not exist the instant an hour later. */
export function instantMs(local: string): number {
  const asUtc = Date.parse(`${local}:00Z`);
  return shown(asUtc - 3_600_000) === local ? asUtc - 3_600_000 : asUtc;
}

export function entriesOf(db: Database): Entry[] {
  return db
    .prepare<[], Entry>(
      `SELECT id, 'viewing' AS kind, property_id AS propertyId, staff_id AS staffId, start, minutes, status FROM viewing
       UNION ALL SELECT id, 'valuation', NULL, staff_id, start, minutes, status FROM valuation ORDER BY id`,
    )
    .all();
}

/** Pairs of booked appointments that no one can keep: one negotiator without time to travel, or one home twice. */
export function doubles(entries: readonly Entry[], travelMinutes: number): string[] {
  const spans = new Map<string, { id: string; from: number; until: number }[]>();
  const add = (resource: string, { id, start, minutes }: Entry, extra: number) => {
    const from = instantMs(start);
    const span = { id, from, until: from + (minutes + extra) * 60_000 };
    const list = spans.get(resource);
    if (list === undefined) spans.set(resource, [span]);
    else list.push(span);
  };
  for (const entry of entries) {
    if (entry.status !== "booked") continue;
    add(`staff:${entry.staffId}`, entry, travelMinutes);
    if (entry.propertyId !== null) add(`property:${entry.propertyId}`, entry, 0);
  }
  const found: string[] = [];
  for (const [resource, list] of spans) {
    list.sort((a, b) => a.from - b.from);
    let last = list[0];
    for (const span of list.slice(1)) {
      if (last !== undefined && span.from < last.until) found.push(`${resource}: ${last.id} and ${span.id}`);
      if (last === undefined || span.until > last.until) last = span;
    }
  }
  return found;
}

/** Promises that the rows do not keep, and rows that nobody was told of. */
export function differences(told: ReadonlyMap<string, Entry>, entries: readonly Entry[]): string[] {
  const rows = new Map(entries.map((entry) => [entry.id, entry]));
  const found: string[] = [];
  for (const [id, entry] of told) {
    const row = rows.get(id);
    if (row === undefined) found.push(`phantom: ${id} was told as ${entry.status} and is not there`);
    else if (!Bun.deepEquals(row, entry)) found.push(`${id}: told ${JSON.stringify(entry)}, is ${JSON.stringify(row)}`);
  }
  for (const { id } of entries) if (!told.has(id)) found.push(`${id} is there and nobody was told`);
  return found;
}

/** Cells that belong to nothing that stands, and appointments without all of theirs. */
export function cellFaults(db: Database, entries: readonly Entry[], travelMinutes: number): string[] {
  const held = new Map<string, number>();
  for (const { id, n } of db
    .prepare<[], { id: string; n: number }>("SELECT entry_id AS id, count(*) AS n FROM diary_cell GROUP BY entry_id")
    .iterate()) {
    held.set(id, n);
  }
  const found: string[] = [];
  for (const { id, status, minutes, propertyId } of entries) {
    const due = (minutes + travelMinutes) / 5 + (propertyId === null ? 0 : minutes / 5);
    const expected = status === "booked" ? due : 0;
    if ((held.get(id) ?? 0) !== expected) found.push(`${id}: holds ${held.get(id) ?? 0} cells of ${expected}`);
    held.delete(id);
  }
  for (const id of held.keys()) found.push(`cells of ${id}, which is not there`);
  return found;
}

/** What a refused operation must leave as it was. */
export function stateOf(db: Database): string {
  return JSON.stringify(
    db
      .prepare(
        `SELECT (SELECT count(*) FROM viewing) AS viewings, (SELECT count(*) FROM valuation) AS valuations,
           (SELECT count(*) FROM viewing WHERE status = 'booked') AS shown, (SELECT count(*) FROM contact) AS contacts,
           (SELECT count(*) FROM valuation WHERE status = 'booked') AS valued, (SELECT count(*) FROM task) AS tasks,
           (SELECT count(*) FROM diary_cell) AS cells, (SELECT total(cell) FROM diary_cell) AS sum,
           (SELECT entries FROM audit_head) AS audited`,
      )
      .get(),
  );
}
