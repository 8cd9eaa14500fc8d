/** Scripted calls in this process: the same office, script and turns as `gatehouse chat --script`, without its start. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toInstant } from "../../../src/agency/local-time.ts";
import { openOffice } from "../../../src/cli/chat/office.ts";
import { parseScript, readerOf } from "../../../src/cli/chat/script.ts";
import { converse } from "../../../src/cli/chat.ts";

const week = Object.fromEntries(["mon", "tue", "wed", "thu", "fri"].map((day) => [day, ["09:00", "18:00"]]));
const hours = { ...week, sat: ["09:00", "16:00"], sun: null };

/** Another agency than the demo's, so that nothing is known by heart. */
export const seed = {
  agency: { name: "Fenwick and Dale", jurisdiction: "england-and-wales", travelMinutes: 15 },
  branches: [{ id: "b1", name: "Hexham", address: "8 Priest Row, Hexham", hours, closed: [] }],
  staff: [
    { id: "ruth", name: "Ruth Amis", department: "sales", extension: "301", rota: hours, answers: true, onCall: false },
    {
      id: "col",
      name: "Colin Dodd",
      department: "lettings",
      extension: "302",
      rota: hours,
      answers: true,
      onCall: true,
    },
  ],
  properties: [
    {
      id: "s1",
      address: "27 Kestrel Close",
      postcode: "NE46 1PT",
      kind: "sale",
      status: "available",
      price: 289_950,
      beds: 3,
      type: "semi",
      facts: { "council-tax": "D", epc: "C", tenure: "freehold", parking: "a drive for two cars", minimum: "280000" },
    },
    {
      id: "s2",
      address: "4 Abbey Terrace",
      postcode: "NE46 3QN",
      kind: "sale",
      status: "sold-stc",
      price: 410_000,
      beds: 4,
      type: "terrace",
    },
    {
      id: "l1",
      address: "Flat 5, 60 Gilesgate",
      postcode: "NE46 2BX",
      kind: "let",
      status: "available",
      managed: true,
      price: 875,
      beds: 2,
      type: "flat",
      noticeHours: 24,
      facts: { furnished: "part furnished", deposit: "£1,009", pets: "by arrangement" },
    },
    {
      id: "l2",
      address: "11 Orchard Place",
      postcode: "NE46 4LD",
      kind: "let",
      status: "occupied",
      managed: true,
      price: 950,
      beds: 3,
      type: "house",
    },
    {
      id: "l3",
      address: "3 Dene Avenue",
      postcode: "NE46 2HJ",
      kind: "let",
      status: "occupied",
      managed: false,
      price: 700,
      beds: 2,
      type: "house",
    },
  ],
  contacts: [
    { id: "c1", name: "Moira Kelso", phone: "+447700900211", roles: [{ role: "tenant", property: "l2" }] },
    { id: "c2", name: "Paul Tranter", phone: "+447700900733", roles: [] },
  ],
  diary: [
    { id: "d1", kind: "viewing", property: "s1", contact: "c2", staff: "ruth", start: "2026-11-26T11:00", minutes: 30 },
  ],
  knowledge: [
    {
      id: "parking",
      questions: ["where can I park", "is there parking at the office"],
      answer: "There is a free car park behind the office.",
    },
    {
      id: "fees",
      questions: ["what are your fees", "how much do you charge to sell a house"],
      answer: "Our fee is one per cent and VAT.",
    },
  ],
};

export type Told = Record<string, unknown> & { type: string };
export type Row = {
  table: string;
  op: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
};

/** A Tuesday morning. */
const usualNow = "2026-11-24T10:05";

/** Runs one script, a line a turn. */
export function scripted(
  lines: readonly (string | Record<string, unknown>)[],
  { now = usualNow, office = seed as unknown } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-flows-"));
  const file = join(folder, "seed.json");
  writeFileSync(file, JSON.stringify(office));
  let ms = toInstant(now).getTime();
  const opened = openOffice(file, () => new Date(ms));
  const told: Told[] = [];
  try {
    const script = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
    const reader = readerOf(parseScript(`${script}\n`).lines);
    converse(
      opened,
      reader.next,
      (by) => (ms += by),
      (line) => void told.push(structuredClone(line) as Told),
    );
  } finally {
    opened.close();
    rmSync(folder, { recursive: true });
  }
  const turns = told.filter(({ type }) => type === "turn");
  const rows = told.filter(({ type }) => type === "row") as unknown as Row[];
  return {
    told,
    end: told.at(-1),
    rows,
    /** Rows of a table as they were after the call's changes. */
    of: (table: string) => rows.filter((row) => row.table === table).map(({ after }) => after),
    /** Everything that the receptionist said. */
    said: turns.map(({ said }) => said).join("\n"),
    /** For a failing test to show. */
    text: turns.map(({ heard, said }) => `C ${heard}\nG ${said}`).join("\n"),
  };
}

/** Who the caller is, when asked. */
export const caller = (name: string, phone: string): Record<string, unknown>[] => [
  { when: ["name"], times: 2, say: name },
  { when: ["phone"], times: 3, say: phone },
];
export const agrees = { when: ["confirm"], times: 3, say: "yes, that's right" };
export const leaves = { when: ["anything-else"], times: 2, say: "no, that's all, thanks" };
