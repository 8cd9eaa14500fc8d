/** An agency that lasts for one call: a fresh encrypted database of its own, removed at the end. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgencyView } from "../../agency/agency-view.ts";
import { toLocal } from "../../agency/local-time.ts";
import { parseSeedText, type Seed } from "../../agency/seed.ts";
import { AppError } from "../../app-error.ts";
import { createTextCall, type TextCall } from "../../calls/text-call.ts";
import { embeddedText } from "../../embedded/files.ts";
import { extractSqlite, sqliteBinding } from "../../embedded/natives.ts";
import type { Person } from "../../receptionist/contract.ts";
import { receptionFlow } from "../../receptionist/flows/reception.ts";
import { bindTalk } from "../../receptionist/talk.ts";
import { openDesk } from "../../start/desk.ts";
import { noRing } from "../../start/on-call.ts";
import { importSeed } from "../../store/import-seed.ts";
import { openStore, type Records } from "../../store/open-store.ts";
import { type RowChange, watchRows } from "./rows.ts";

export type Office = {
  call: TextCall;
  /** The staff member behind a person that callers are put through to. */
  staffOf(person: Person): string;
  changes(): RowChange[];
  records: Pick<Records, "store">;
  close(): void;
};

/** Agencies that begin alike: the database is made once and copied for each call. */
export type Offices = { open(clock: () => Date): Office; close(): void };

/** @param seedFile Undefined: the invented agency. @param clock The call's own. */
export function openOffice(seedFile: string | undefined, clock: () => Date): Office {
  const text = seedFile === undefined ? embeddedText("config/demo-agency.json") : read(seedFile);
  const place = makePlace(parseSeedText(text, seedFile ?? "demo"));
  return place.undoing(() => {
    fill(place, clock);
    return openAt(place, place.dataDir, clock, place.remove);
  });
}

/** @param clock Of the moment at which the agency was as the seed has it. */
export function prepareOffices(seed: Seed, clock: () => Date): Offices {
  const place = makePlace(seed);
  return place.undoing(() => {
    fill(place, clock);
    const copies = new Set<() => void>();
    return {
      open(callClock) {
        const dataDir = mkdtempSync(join(tmpdir(), "gatehouse-chat-"));
        const remove = () => {
          rmSync(dataDir, { recursive: true, force: true });
          copies.delete(remove);
        };
        copies.add(remove);
        try {
          cpSync(place.dataDir, dataDir, { recursive: true });
          return openAt(place, dataDir, callClock, remove);
        } catch (error) {
          remove();
          throw error;
        }
      },
      close() {
        for (const remove of copies) remove();
        place.remove();
      },
    };
  });
}

type Place = {
  seed: Seed;
  dataDir: string;
  keyFile: string;
  nativeBinding: object;
  remove(): void;
  /** Removes it all if `work` throws. */
  undoing<T>(work: () => T): T;
};

/** Data, key and native code apart, each in a folder of its own (0700). */
function makePlace(seed: Seed): Place {
  const folders = [0, 1, 2].map(() => mkdtempSync(join(tmpdir(), "gatehouse-chat-")));
  const [dataDir = "", keyDir = "", nativeDir = ""] = folders;
  const remove = () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  const undoing = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      remove();
      throw error;
    }
  };
  const nativeBinding = undoing(() => sqliteBinding(extractSqlite(nativeDir)));
  return { seed, dataDir, keyFile: join(keyDir, "key"), nativeBinding, remove, undoing };
}

function fill({ seed, dataDir, keyFile, nativeBinding }: Place, clock: () => Date): void {
  const records = openStore({ dataDir, keyFile, nativeBinding, clock });
  try {
    importSeed(records, seed, { kind: "system" }, clock());
  } finally {
    records.close();
  }
}

function openAt(
  { seed, keyFile, nativeBinding }: Place,
  dataDir: string,
  clock: () => Date,
  remove: () => void,
): Office {
  const records = openStore({ dataDir, keyFile, nativeBinding, clock });
  try {
    const view = createAgencyView(records.agency);
    const people = peopleOf(seed);
    const behind = ({ extension, name }: Person) =>
      people.find(({ person }) => person.extension === extension && person.name === name);
    const callId = crypto.randomUUID();
    records.callLog.begin({ id: callId, line: "chat", startedAt: clock() });
    const call = createTextCall({
      talk: bindTalk(receptionFlow, { ...view, people: () => people.map(({ person }) => person) }),
      desk: openDesk({ clock }, { records, view, onCall: noRing(records, clock) })(callId),
      callId,
      now: () => toLocal(clock()),
      answers: (person) => behind(person)?.answers ?? false,
    });
    return {
      call,
      staffOf: (person) => behind(person)?.id ?? person.extension,
      changes: watchRows(records),
      records,
      close() {
        records.close();
        remove();
      },
    };
  } catch (error) {
    records.close();
    throw error;
  }
}

/** Staff with an extension; whoever asks for nobody in particular gets the first who picks up. */
function peopleOf({ staff }: Seed) {
  const people = staff
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
  (people.find(({ answers }) => answers) ?? people[0])?.person.roles.push("reception");
  return people;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new AppError("invalid_input", `The seed ${path} cannot be read: name a JSON file.`, { cause });
  }
}
