/**
 * One encrypted diary open twice, as two processes would have it, so that their transactions meet. Writes fail when the
 * campaign says so: at any insert, update or delete, or at the commit.
 */
import { join } from "node:path";
import Sqlite from "better-sqlite3-multiple-ciphers";
import { createAgencyView } from "../../../src/agency/agency-view.ts";
import type { Seed } from "../../../src/agency/seed.ts";
import { extractNatives, sqliteBinding } from "../../../src/embedded/natives.ts";
import { createAudit } from "../../../src/security/audit.ts";
import { databaseFile, openKeys } from "../../../src/security/keys.ts";
import { agencyRecords } from "../../../src/store/agency-records.ts";
import { auditRows } from "../../../src/store/audit-rows.ts";
import { type Database, type Store, storeOf } from "../../../src/store/connection.ts";
import { contactRepository } from "../../../src/store/contacts.ts";
import { importSeed } from "../../../src/store/import-seed.ts";
import { openStore } from "../../../src/store/open-store.ts";
import { taskRepository } from "../../../src/store/tasks.ts";
import { valuationRepository } from "../../../src/store/valuations.ts";
import { viewingRepository } from "../../../src/store/viewings.ts";
import { makeFolders } from "../../store/opened.ts";

/** Called before each write; throws to make it fail. */
export type Dice = () => void;

const written = ["audit", "audit_head", "contact", "diary_cell", "task", "valuation", "viewing"];

export type Connection = ReturnType<typeof recordsOver>;
export type TwoConnections = { connections: readonly [Connection, Connection]; db: Database; close(): void };

export const diskError = () => new Sqlite.SqliteError("disk I/O error", "SQLITE_IOERR_WRITE");

export function openTwice(seed: Seed, calls: readonly string[], now: Date, dice: Dice): TwoConnections {
  const folders = makeFolders();
  const { dataDir, keyFile } = folders;
  const nativeBinding = sqliteBinding(extractNatives(folders.root));
  const records = openStore({ dataDir, keyFile, nativeBinding, clock: () => now });
  importSeed(records, seed, { kind: "system" }, now);
  for (const id of calls) records.callLog.begin({ id, line: "main", startedAt: now });
  records.close();

  const keys = openKeys(dataDir, keyFile);
  const path = join(dataDir, databaseFile);
  const open = () => {
    const db = new Sqlite(path, { nativeBinding, timeout: 0 });
    db.pragma("cipher='sqlcipher'");
    db.pragma("legacy=4");
    db.key(Buffer.concat([Buffer.from("raw:", "latin1"), keys.databaseKey()]));
    db.pragma("foreign_keys=ON");
    db.pragma("synchronous=OFF"); // no power is cut here: see the tests of killed processes
    db.function("dice", () => {
      dice();
      return 0;
    });
    for (const table of written) {
      for (const change of ["INSERT", "UPDATE", "DELETE"]) {
        if (table === "audit" && change !== "INSERT") continue;
        db.exec(
          `CREATE TEMP TRIGGER dice_${table}_${change} BEFORE ${change} ON main.${table} BEGIN SELECT dice(); END`,
        );
      }
    }
    return db;
  };
  const [one, two] = [open(), open()];
  return {
    // The second begins its transactions late, at their first write: what it has read by then may be old.
    connections: [recordsOver(one, keys, dice, "BEGIN IMMEDIATE"), recordsOver(two, keys, dice, "BEGIN DEFERRED")],
    db: one,
    close() {
      one.close();
      two.close();
      keys.close();
      folders.remove();
    },
  };
}

function recordsOver(db: Database, keys: ReturnType<typeof openKeys>, dice: Dice, begin: string) {
  const store: Store = { ...storeOf(withFailingCommit(db, dice, begin), "diary", () => undefined), db };
  const agency = agencyRecords(store);
  const view = createAgencyView(agency);
  return {
    view,
    work: store,
    catalogue: view.catalogue,
    diary: agency,
    contacts: contactRepository(store),
    viewings: viewingRepository(store),
    valuations: valuationRepository(store),
    tasks: taskRepository(store),
    audit: createAudit(auditRows(store), keys),
  };
}

/** What `storeOf` needs of a connection, its COMMIT failing when the dice say so. */
function withFailingCommit(db: Database, dice: Dice, begin: string): Database {
  const facade = {
    prepare(sql: string) {
      const statement = db.prepare(sql === "BEGIN IMMEDIATE" ? begin : sql);
      if (sql !== "COMMIT") return statement;
      const run = () => {
        dice();
        return statement.run();
      };
      return { run };
    },
    get inTransaction() {
      return db.inTransaction;
    },
  };
  return facade as unknown as Database;
}
