/** The schema's versions: embedded files `migrations/0001_name.sql`, applied in order, each once and in one transaction. */
import { createHash } from "node:crypto";
import { AppError } from "../app-error.ts";
import type { Store } from "./connection.ts";

export type Migration = { version: number; name: string; sql: string };

type Applied = { version: number; name: string; sha256: string };

/**
 * @param path "migrations/0001_first_call.sql".
 * @throws Error if the name has not that shape: a fault in the build.
 */
export function migrationOf(path: string, sql: string): Migration {
  const match = /(?:^|\/)(\d{4})_([a-z0-9_]+)\.sql$/.exec(path);
  if (match === null) throw new Error(`"${path}" is not named like 0001_what_it_does.sql`);
  return { version: Number(match[1]), name: `${match[1]}_${match[2]}`, sql };
}

const hashOf = (sql: string) => createHash("sha256").update(sql).digest("hex");

/**
 * Brings the database to the newest version that the program knows.
 *
 * @returns The names of those that were applied now.
 * @throws AppError("database_damaged") if the database is newer than the program, or was made by other migrations.
 */
export function migrate(store: Store, migrations: readonly Migration[], now: Date): string[] {
  store.db.exec(`CREATE TABLE IF NOT EXISTS migration (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT`);
  const ordered = [...migrations].sort((a, b) => a.version - b.version);
  ordered.forEach(({ version, name }, index) => {
    if (version !== index + 1) throw new Error(`migration ${name} is not number ${index + 1}`);
  });
  const applied = store.db.prepare<[], Applied>("SELECT * FROM migration ORDER BY version").all();
  refuseOthers(applied, ordered, store.path);
  const pending = ordered.slice(applied.length);
  for (const migration of pending) apply(store, migration, now);
  return pending.map(({ name }) => name);
}

function refuseOthers(applied: Applied[], known: Migration[], path: string): void {
  const newest = applied.at(-1)?.version ?? 0;
  if (newest > known.length) {
    throw new AppError(
      "database_damaged",
      `${path} has version ${newest}, this program knows ${known.length}: it was written by a newer Gatehouse. Install that one.`,
    );
  }
  applied.forEach((row, index) => {
    const migration = known[index];
    if (migration === undefined || migration.version !== row.version || hashOf(migration.sql) !== row.sha256) {
      throw new AppError("database_damaged", `${path} was made by another ${row.name} than this program has.`);
    }
  });
}

function apply(store: Store, { version, name, sql }: Migration, now: Date): void {
  store.withTransaction(() => {
    store.db.exec(sql);
    store.db
      .prepare("INSERT INTO migration (version, name, sha256, applied_at) VALUES (?, ?, ?, ?)")
      .run(version, name, hashOf(sql), now.toISOString());
  });
}
