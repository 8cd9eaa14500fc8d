/** A process that books one viewing after another, prints the id of each when it is booked, and is then killed. */
import { createAgencyView } from "../../src/agency/agency-view.ts";
import { createBookViewing } from "../../src/agency/book-viewing.ts";
import { addDays } from "../../src/agency/local-time.ts";
import { importSeed } from "../../src/store/import-seed.ts";
import { demoSeed, now, openIn } from "./opened.ts";

const [root = "", dataDir = "", keyFile = ""] = process.argv.slice(2);
const records = openIn({ root, dataDir, keyFile, remove: () => undefined });
importSeed(records, demoSeed(), { kind: "system" }, now);
const view = createAgencyView(records.agency);
const book = createBookViewing({
  work: records.store,
  catalogue: view.catalogue,
  diary: records.agency,
  contacts: records.contacts,
  viewings: records.viewings,
  tasks: records.tasks,
  audit: records.audit,
  newId: () => crypto.randomUUID(),
});
for (let day = addDays("2026-11-24", 2); ; day = addDays(day, 1)) {
  for (const { id: propertyId } of view.properties()) {
    const [start] = view.freeStarts(propertyId, day, "09:00", 1, "2026-11-24T10:05");
    if (start === undefined) continue;
    const asked = { propertyId, start, name: "James Brown", phone: "+447700900123", callId: undefined };
    console.log(book(asked, { kind: "system" }, now).id);
  }
}
