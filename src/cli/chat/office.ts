/** An agency that lasts for one call: a fresh encrypted database of its own, removed at the end. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgencyView } from "../../agency/agency-view.ts";
import { toLocal } from "../../agency/local-time.ts";
import { parseSeedText } from "../../agency/seed.ts";
import { AppError } from "../../app-error.ts";
import { createTextCall, type TextCall } from "../../calls/text-call.ts";
import { embeddedText } from "../../embedded/files.ts";
import { extractSqlite, sqliteBinding } from "../../embedded/natives.ts";
import type { Person } from "../../receptionist/contract.ts";
import { viewingFlow } from "../../receptionist/flows/viewing.ts";
import { createTalk } from "../../receptionist/talk.ts";
import { openDesk } from "../../start/desk.ts";
import { noRing } from "../../start/on-call.ts";
import { importSeed } from "../../store/import-seed.ts";
import { openStore } from "../../store/open-store.ts";
import { type RowChange, watchRows } from "./rows.ts";

export type Office = {
  call: TextCall;
  /** The staff member behind a person that callers are put through to. */
  staffOf(person: Person): string;
  changes(): RowChange[];
  close(): void;
};

/** @param seedFile Undefined: the invented agency. @param clock The call's own. */
export function openOffice(seedFile: string | undefined, clock: () => Date): Office {
  const seed = parseSeedText(
    seedFile === undefined ? embeddedText("config/demo-agency.json") : read(seedFile),
    seedFile ?? "demo",
  );
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), "gatehouse-chat-"))); // 0700 both: data and key apart
  const [dataDir = "", keyDir = ""] = folders;
  const remove = () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const nativeBinding = sqliteBinding(extractSqlite(dataDir));
    const records = openStore({ dataDir, keyFile: join(keyDir, "key"), nativeBinding, clock });
    try {
      importSeed(records, seed, { kind: "system" }, clock());
      const view = createAgencyView(records.agency);
      const onCall = noRing(records, clock);
      const people = seed.staff
        .filter(({ extension }) => extension !== "")
        .map(({ id, name, extension, department, answers, onCall }) => ({
          id,
          answers,
          person: {
            name,
            extension,
            roles: [...(department === "" ? [] : [department.toLowerCase()]), ...(onCall ? ["on-call"] : [])],
          },
        }));
      // Whoever asks for nobody in particular gets the first who picks up.
      (people.find(({ answers }) => answers) ?? people[0])?.person.roles.push("reception");
      const behind = ({ extension, name }: Person) =>
        people.find(({ person }) => person.extension === extension && person.name === name);
      const callId = crypto.randomUUID();
      records.callLog.begin({ id: callId, line: "chat", startedAt: clock() });
      const call = createTextCall({
        talk: createTalk(viewingFlow, { ...view, people: () => people.map(({ person }) => person) }),
        desk: openDesk({ clock }, { records, view, onCall })(callId),
        callId,
        now: () => toLocal(clock()),
        answers: (person) => behind(person)?.answers ?? false,
      });
      return {
        call,
        staffOf: (person) => behind(person)?.id ?? person.extension,
        changes: watchRows(records),
        close() {
          records.close();
          remove();
        },
      };
    } catch (error) {
      records.close();
      throw error;
    }
  } catch (error) {
    remove();
    throw error;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("invalid_input", `The seed ${path} cannot be read: name a JSON file.`, { cause });
  }
}
