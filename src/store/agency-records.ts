/** The agency's listings, hours and people. */
import type { CatalogueRecords, Cell, DiaryRecords } from "../agency/ports.ts";
import type { Agency, Branch, Property, Staff } from "../agency/types.ts";
import type { Store } from "./connection.ts";

export type AgencyRecords = CatalogueRecords &
  DiaryRecords & {
    setAgency(agency: Agency): void;
    putBranch(branch: Branch): void;
    putStaff(staff: Staff): void;
    putProperty(property: Property): void;
    putKnowledge(entry: { id: string; questions: string[]; answer: string }): void;
    /** Nothing has been imported yet. */
    isEmpty(): boolean;
  };

type BranchRow = Omit<Branch, "hours" | "closed"> & { hours: string; closed: string };
type StaffRow = Omit<Staff, "rota" | "answers" | "onCall"> & { rota: string; answers: number; onCall: number };
type PropertyRow = Omit<Property, "managed" | "facts"> & { managed: number; facts: string };

const unnamed: Agency = { name: "The agency", jurisdiction: "england-and-wales", travelMinutes: 15 };

/** Writes run inside the caller's transaction. A put with an id that exists replaces it and keeps its place. */
export function agencyRecords({ db }: Store): AgencyRecords {
  const agency = db.prepare<[], Agency>("SELECT name, jurisdiction, travel_minutes AS travelMinutes FROM agency");
  const branches = db.prepare<[], BranchRow>("SELECT id, name, address, hours, closed FROM branch ORDER BY rowid");
  const staff = db.prepare<[], StaffRow>(
    "SELECT id, name, department, extension, rota, answers, on_call AS onCall FROM staff ORDER BY rowid",
  );
  const properties = db.prepare<[], PropertyRow>(
    `SELECT id, address, postcode, kind, status, managed, price, beds, type, notice_hours AS noticeHours, facts
     FROM property ORDER BY rowid`,
  );
  const knowledge = db.prepare<[], { id: string; questions: string; answer: string }>(
    "SELECT id, questions, answer FROM knowledge ORDER BY rowid",
  );
  const taken = db.prepare<[string, number, number], Cell>(
    `SELECT resource, cell FROM diary_cell
     WHERE resource IN (SELECT value FROM json_each(?)) AND cell >= ? AND cell < ?`,
  );
  return {
    catalogue: () => ({
      agency: agency.get() ?? unnamed,
      branches: branches.all().map(branchOf),
      staff: staff.all().map(staffOf),
      properties: properties.all().map(propertyOf),
      knowledge: knowledge.all().map(({ questions, ...entry }) => ({ ...entry, questions: JSON.parse(questions) })),
    }),
    taken: (resources, from, until) => taken.all(JSON.stringify(resources), from, until),
    isEmpty: () => agency.get() === undefined,
    ...writes(db),
  };
}

const branchOf = ({ hours, closed, ...row }: BranchRow): Branch => ({
  ...row,
  hours: JSON.parse(hours),
  closed: JSON.parse(closed),
});

const staffOf = ({ rota, answers, onCall, ...row }: StaffRow): Staff => ({
  ...row,
  rota: JSON.parse(rota),
  answers: answers === 1,
  onCall: onCall === 1,
});

const propertyOf = ({ managed, facts, ...row }: PropertyRow): Property => ({
  ...row,
  managed: managed === 1,
  facts: JSON.parse(facts),
});

function writes(db: Store["db"]) {
  const setAgency = db.prepare<[Agency]>(
    `INSERT INTO agency (one, name, jurisdiction, travel_minutes) VALUES (1, @name, @jurisdiction, @travelMinutes)
     ON CONFLICT (one) DO UPDATE SET name = excluded.name, jurisdiction = excluded.jurisdiction,
       travel_minutes = excluded.travel_minutes`,
  );
  const putBranch = db.prepare<[BranchRow]>(
    `INSERT INTO branch (id, name, address, hours, closed) VALUES (@id, @name, @address, @hours, @closed)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, address = excluded.address, hours = excluded.hours,
       closed = excluded.closed`,
  );
  const putStaff = db.prepare<[StaffRow]>(
    `INSERT INTO staff (id, name, department, extension, rota, answers, on_call)
     VALUES (@id, @name, @department, @extension, @rota, @answers, @onCall)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, department = excluded.department,
       extension = excluded.extension, rota = excluded.rota, answers = excluded.answers, on_call = excluded.on_call`,
  );
  const putProperty = db.prepare<[PropertyRow]>(
    `INSERT INTO property (id, address, postcode, kind, status, managed, price, beds, type, notice_hours, facts)
     VALUES (@id, @address, @postcode, @kind, @status, @managed, @price, @beds, @type, @noticeHours, @facts)
     ON CONFLICT (id) DO UPDATE SET address = excluded.address, postcode = excluded.postcode, kind = excluded.kind,
       status = excluded.status, managed = excluded.managed, price = excluded.price, beds = excluded.beds,
       type = excluded.type, notice_hours = excluded.notice_hours, facts = excluded.facts`,
  );
  const putKnowledge = db.prepare<[{ id: string; questions: string; answer: string }]>(
    `INSERT INTO knowledge (id, questions, answer) VALUES (@id, @questions, @answer)
     ON CONFLICT (id) DO UPDATE SET questions = excluded.questions, answer = excluded.answer`,
  );
  return {
    setAgency: (agency: Agency) => void setAgency.run(agency),
    putBranch: (branch: Branch) =>
      void putBranch.run({ ...branch, hours: JSON.stringify(branch.hours), closed: JSON.stringify(branch.closed) }),
    putStaff: (staff: Staff) =>
      void putStaff.run({
        ...staff,
        rota: JSON.stringify(staff.rota),
        answers: staff.answers ? 1 : 0,
        onCall: staff.onCall ? 1 : 0,
      }),
    putProperty: (property: Property) =>
      void putProperty.run({
        ...property,
        managed: property.managed ? 1 : 0,
        facts: JSON.stringify(property.facts),
      }),
    putKnowledge: (entry: { id: string; questions: string[]; answer: string }) =>
      void putKnowledge.run({ ...entry, questions: JSON.stringify(entry.questions) }),
  };
}
