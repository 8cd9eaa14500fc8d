/** Opens everything that is kept: keys, database, schema, repositories. */
import { join } from "node:path";
import type { ListingRecords } from "../agency/listings/import-listings.ts";
import type { ApplicantRecords, MaintenanceRecords, OfferRecords, TicketRecords } from "../agency/ports.ts";
import type { PronunciationRecords } from "../agency/pronunciations.ts";
import type { OnCallRecords } from "../calls/on-call/ports.ts";
import { embeddedPaths, embeddedText } from "../embedded/files.ts";
import { type Audit, type AuditVerdict, createAudit, verifyAudit } from "../security/audit.ts";
import { databaseFile, type Keys, openKeys } from "../security/keys.ts";
import { type AfterCalls, afterCallRepository } from "./after-calls.ts";
import { type AgencyRecords, agencyRecords } from "./agency-records.ts";
import { applicantRepository } from "./applicants.ts";
import { auditRows } from "./audit-rows.ts";
import { callBooks } from "./call-books.ts";
import { type CallKeys, callKeys } from "./call-keys.ts";
import { createCallLog, type StoredCallLog } from "./call-log.ts";
import { type Calls, callRepository } from "./calls.ts";
import { createCloseCall } from "./close-call.ts";
import { openDatabase, type Store } from "./connection.ts";
import { type Contacts, contactRepository } from "./contacts.ts";
import { type ImportedLists, importedListRepository } from "./imported-lists.ts";
import { ladderRepository } from "./ladders.ts";
import { listingRepository } from "./listings.ts";
import { maintenanceRepository } from "./maintenance-jobs.ts";
import { type Messages, messageRepository } from "./messages.ts";
import { type Migration, migrate, migrationOf } from "./migrations.ts";
import { offerRepository } from "./offers.ts";
import { createOfficeReaders, type OfficeReaders } from "./office-readers.ts";
import { onCallRepository } from "./on-call-alerts.ts";
import { pronunciationRepository } from "./pronunciations.ts";
import { createReaders, type Readers } from "./readers.ts";
import { createRecordings, type Recordings } from "./recordings.ts";
import { type TaskBoard, taskBoard } from "./task-board.ts";
import { type Tasks, taskRepository } from "./tasks.ts";
import { ticketRepository } from "./tickets.ts";
import { timelineRepository } from "./timelines.ts";
import { type Turns, turnRepository } from "./turns.ts";
import { type Valuations, valuationRepository } from "./valuations.ts";
import { type Viewings, viewingRepository } from "./viewings.ts";

export type OpenStoreOptions = {
  dataDir: string;
  /** Outside `dataDir`. Made if neither it nor a database exists. */
  keyFile: string;
  /** From `sqliteBinding(nativeDir)`. */
  nativeBinding: object;
  clock: () => Date;
};

export type Records = {
  store: Store;
  keys: Keys;
  audit: Audit;
  verifyAudit(): AuditVerdict;
  callLog: StoredCallLog;
  /** The same, which writes the tasks that follow a call through these. */
  callLogWith(tasks: Pick<Tasks, "put">): StoredCallLog;
  callKeys: CallKeys;
  calls: Calls;
  turns: Turns;
  afterCalls: AfterCalls;
  recordings: Recordings;
  agency: AgencyRecords;
  listings: ListingRecords;
  importedLists: ImportedLists;
  contacts: Contacts;
  viewings: Viewings;
  valuations: Valuations;
  maintenance: MaintenanceRecords;
  offers: OfferRecords;
  applicants: ApplicantRecords;
  tickets: TicketRecords;
  tasks: Tasks;
  messages: Messages;
  pronunciations: PronunciationRecords;
  board: TaskBoard;
  onCall: OnCallRecords;
  /** Audited reads. */
  readers: Readers;
  officeReaders: OfficeReaders;
  /** Closes the database and zeroes the keys. Idempotent. */
  close(): void;
};

/** The schema's versions that this program carries. */
export const embeddedMigrations = (): Migration[] =>
  embeddedPaths("migrations/").map((path) => migrationOf(path, embeddedText(path)));

/**
 * @throws AppError "key_missing" | "wrong_key" | "invalid_config" | "not_encrypted" | "database_damaged" |
 *   "already_running" | "data_unwritable": each says what to do.
 */
export function openStore({ dataDir, keyFile, nativeBinding, clock }: OpenStoreOptions): Records {
  const keys = openKeys(dataDir, keyFile);
  try {
    const store = openWith(keys, join(dataDir, databaseFile), nativeBinding);
    try {
      migrate(store, embeddedMigrations(), clock());
      keys.markDatabaseMade();
      return recordsOf(store, keys, dataDir, clock);
    } catch (error) {
      store.close();
      throw error;
    }
  } catch (error) {
    keys.close();
    throw error;
  }
}

function openWith(keys: Keys, path: string, nativeBinding: object): Store {
  const key = keys.databaseKey();
  try {
    return openDatabase({ path, key, nativeBinding, mayCreate: !keys.databaseMade });
  } finally {
    key.fill(0);
  }
}

function recordsOf(store: Store, keys: Keys, dataDir: string, clock: () => Date): Records {
  const rows = auditRows(store);
  const audit = createAudit(rows, keys);
  const wrapped = callKeys(store, keys);
  const calls = callRepository(store);
  const turns = turnRepository(store, wrapped);
  const ladders = ladderRepository(store, wrapped);
  const recordings = createRecordings({ store, audit, calls, callKeys: wrapped, dataDir, clock });
  const agency = agencyRecords(store);
  const contacts = contactRepository(store);
  const viewings = viewingRepository(store);
  const messages = messageRepository(store);
  const tasks = taskRepository(store);
  const afterCalls = afterCallRepository(store, wrapped);
  const books = callBooks(store);
  const callLogWith: Records["callLogWith"] = (tasks) => {
    const closing = createCloseCall({ audit, calls, turns, books, afterCalls, tasks, agency });
    return createCallLog({ store, audit, calls, turns, ladders, callKeys: wrapped, closing });
  };
  const board = taskBoard(store);
  const timelines = timelineRepository(store);
  const kept = { audit, calls, turns, ladders, afterCalls, books, board, viewings, contacts, messages, agency };
  return {
    store,
    keys,
    audit,
    verifyAudit: () => verifyAudit(rows, keys),
    callLog: callLogWith(tasks),
    callLogWith,
    callKeys: wrapped,
    calls,
    turns,
    afterCalls,
    recordings,
    agency,
    listings: listingRepository(store, agency),
    importedLists: importedListRepository(store),
    contacts,
    viewings,
    valuations: valuationRepository(store),
    maintenance: maintenanceRepository(store),
    offers: offerRepository(store),
    applicants: applicantRepository(store),
    tickets: ticketRepository(store),
    tasks,
    messages,
    pronunciations: pronunciationRepository(store),
    onCall: onCallRepository(store, audit, () => crypto.randomUUID()),
    board,
    readers: createReaders({ ...kept, recordings, clock }),
    officeReaders: createOfficeReaders({ audit, board, afterCalls, timelines, clock }),
    close() {
      store.close();
      keys.close();
    },
  };
}
