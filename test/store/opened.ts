/** The real store in a throw-away folder, with the demo agency in it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgencyView } from "../../src/agency/agency-view.ts";
import { createBookViewing } from "../../src/agency/book-viewing.ts";
import { createCancelViewing } from "../../src/agency/cancel-viewing.ts";
import { createCreateTask } from "../../src/agency/create-task.ts";
import { createFindAppointments } from "../../src/agency/find-appointments.ts";
import { createMoveViewing } from "../../src/agency/move-viewing.ts";
import { createOpenTicket } from "../../src/agency/open-ticket.ts";
import { createRecordOffer } from "../../src/agency/record-offer.ts";
import { createRegisterApplicant } from "../../src/agency/register-applicant.ts";
import { createReportFault } from "../../src/agency/report-fault.ts";
import { parseSeed, parseSeedText, type Seed } from "../../src/agency/seed.ts";
import { createTakeMessage } from "../../src/agency/take-message.ts";
import type { Viewing } from "../../src/agency/types.ts";
import { createBookValuation, createCancelValuation, createMoveValuation } from "../../src/agency/valuations.ts";
import { embeddedText } from "../../src/embedded/files.ts";
import { extractNatives, sqliteBinding } from "../../src/embedded/natives.ts";
import { importSeed } from "../../src/store/import-seed.ts";
import { openStore, type Records } from "../../src/store/open-store.ts";

/** A Tuesday, 10:05 in London. */
export const now = new Date("2026-11-24T10:05:00Z");

export type Folders = { root: string; dataDir: string; keyFile: string; remove(): void };

export function makeFolders(): Folders {
  const root = mkdtempSync(join(tmpdir(), "gatehouse-store-"));
  return {
    root,
    dataDir: join(root, "data"),
    keyFile: join(root, "secret", "key"),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export const openIn = ({ dataDir, keyFile, root }: Folders, clock = () => now): Records =>
  openStore({ dataDir, keyFile, nativeBinding: sqliteBinding(extractNatives(root)), clock });

export const demoSeed = (): Seed => parseSeedText(embeddedText("config/demo-agency.json"), "demo");

/** An open store and the use cases over it. */
export function makeOffice(seed: Seed = demoSeed()) {
  const folders = makeFolders();
  const records = openIn(folders);
  importSeed(records, seed, { kind: "system" }, now);
  const view = createAgencyView(records.agency);
  const events: Viewing[] = [];
  let ids = 0;
  const shared = {
    work: records.store,
    audit: records.audit,
    newId: () => `id-${++ids}`,
    catalogue: view.catalogue,
    diary: records.agency,
    contacts: records.contacts,
    viewings: records.viewings,
    valuations: records.valuations,
    maintenance: records.maintenance,
    offers: records.offers,
    applicants: records.applicants,
    tickets: records.tickets,
    tasks: records.tasks,
    messages: records.messages,
  };
  return {
    folders,
    records,
    view,
    /** What was announced after its commit. */
    events,
    bookViewing: createBookViewing({ ...shared, booked: (viewing) => void events.push(viewing) }),
    moveViewing: createMoveViewing(shared),
    cancelViewing: createCancelViewing(shared),
    bookValuation: createBookValuation(shared),
    moveValuation: createMoveValuation(shared),
    cancelValuation: createCancelValuation(shared),
    findAppointments: createFindAppointments(shared),
    reportFault: createReportFault(shared),
    recordOffer: createRecordOffer(shared),
    registerApplicant: createRegisterApplicant(shared),
    openTicket: createOpenTicket(shared),
    createTask: createCreateTask(shared),
    takeMessage: createTakeMessage(shared),
    close() {
      records.close();
      folders.remove();
    },
  };
}

export { parseSeed };
