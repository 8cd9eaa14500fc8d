/** Random callers, two connections and a disk that fails, against the use cases of the diary. */
import { createBookViewing } from "../../../src/agency/book-viewing.ts";
import { createCancelViewing } from "../../../src/agency/cancel-viewing.ts";
import { createMoveViewing } from "../../../src/agency/move-viewing.ts";
import { parseSeed } from "../../../src/agency/seed.ts";
import { createBookValuation, createCancelValuation, createMoveValuation } from "../../../src/agency/valuations.ts";
import { AppError } from "../../../src/app-error.ts";
import { cellFaults, differences, doubles, type Entry, entriesOf, stateOf } from "./oracle.ts";
import { type Random, randomFrom } from "./random.ts";
import { type Connection, diskError, openTwice } from "./two-connections.ts";

export type CampaignOptions = {
  operations: number;
  seed: number;
  /** Leaves a guard out, to see that the campaign would notice. */
  without?: "cells";
};
export type Report = {
  done: Record<string, number>;
  refused: Record<string, number>;
  /** Transactions in the middle of which another one was tried; writes that were made to fail. */
  interleaved: number;
  failedWrites: number;
  blindReads: number;
  faults: string[];
};

const travelMinutes = 15;
const callIds = Array.from({ length: 20 }, (_, n) => `call-${n}`);
const now = new Date("2026-03-27T09:00:00Z");
/** Both clock changes, on which this office works round the clock, and days about them. */
const days = ["2026-03-28", "2026-03-29", "2026-03-30", "2026-10-24", "2026-10-25", "2026-10-26"];
const actor = { kind: "system" } as const;

const always: [string, string] = ["00:00", "23:59"];
const week = { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always };
const office = parseSeed({
  agency: { name: "Night and Day", travelMinutes },
  branches: [{ id: "b", name: "Office", hours: week }],
  staff: ["sales", "sales", "lettings"].map((department, n) => ({ id: `staff-${n}`, name: `N ${n}`, department })),
  properties: ["sale", "sale", "let", "let"].map((kind, n) => ({
    id: `p${n}`,
    address: `${n} Maple Road`,
    kind,
    noticeHours: n === 1 ? 24 : 0,
  })),
});

const pad = (n: number) => String(n).padStart(2, "0");

export async function runCampaign({ operations, seed, without }: CampaignOptions): Promise<Report> {
  const random = randomFrom(seed);
  const report: Report = { done: {}, refused: {}, interleaved: 0, failedWrites: 0, blindReads: 0, faults: [] };
  let failAfter = Number.POSITIVE_INFINITY;
  const diary = openTwice(office, callIds, now, () => {
    if (--failAfter !== 0) return;
    report.failedWrites++;
    throw diskError();
  });
  try {
    const told = new Map<string, Entry>();
    const announced: string[] = [];
    let ids = 0;
    let depth = 0;
    const [one, two] = diary.connections.map((connection) =>
      useCases(connection, { random, report, announced, without, newId: () => `id-${ids++}`, meanwhile }),
    );
    if (one === undefined || two === undefined) throw new Error("two connections are needed");

    /** In the middle of a transaction somebody else tries theirs, on the other connection. */
    function meanwhile() {
      if (depth !== 1 || !random.chance(0.15)) return;
      report.interleaved++;
      const due = failAfter;
      failAfter = Number.POSITIVE_INFINITY;
      attempt(one === current ? two : one);
      failAfter = due;
    }
    let current = one;

    function attempt(cases: UseCases | undefined) {
      if (cases === undefined) return;
      depth++;
      const outer = current;
      current = cases;
      const operation = randomOperation(cases, random, told);
      const before = depth === 1 ? stateOf(diary.db) : "";
      const others = report.interleaved;
      try {
        const entry = operation.run();
        told.set(entry.id, entry);
        count(report.done, operation.name);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        count(report.refused, error.code);
        if (depth === 1 && report.interleaved === others && stateOf(diary.db) !== before) {
          report.faults.push(`${operation.name} was refused (${error.code}) and left something behind`);
        }
      } finally {
        current = outer;
        depth--;
      }
    }

    for (let n = 1; n <= operations && report.faults.length < 20; n++) {
      failAfter = random.chance(0.15) ? 1 + random.below(40) : Number.POSITIVE_INFINITY;
      attempt(random.chance(0.5) ? one : two);
      failAfter = Number.POSITIVE_INFINITY;
      if (n % 250 !== 0 && n !== operations) continue;
      await Promise.resolve(); // announcements come after the commit
      const entries = entriesOf(diary.db);
      report.faults.push(
        ...differences(told, entries),
        ...doubles(entries, travelMinutes).map((pair) => `double: ${pair}`),
        ...cellFaults(diary.db, entries, travelMinutes),
        ...announced.splice(0).flatMap((id) => (told.has(id) ? [] : [`announced and not there: ${id}`])),
      );
    }
  } finally {
    diary.close();
  }
  return report;
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

type Surroundings = {
  random: Random;
  report: Report;
  announced: string[];
  without: CampaignOptions["without"];
  newId(): string;
  meanwhile(): void;
};

type UseCases = ReturnType<typeof useCases>;

/** The real use cases; around their ports others try theirs, and some reads of the diary come back empty. */
function useCases(connection: Connection, { random, report, announced, without, newId, meanwhile }: Surroundings) {
  const { diary, viewings, valuations, contacts } = connection;
  const parts = {
    ...connection,
    newId,
    diary: {
      taken(resources: readonly string[], from: number, until: number) {
        meanwhile();
        if (without === undefined && !random.chance(0.1)) return diary.taken(resources, from, until);
        report.blindReads++;
        return []; // as old as can be: only the cells' primary key is left
      },
    },
    contacts: {
      ...contacts,
      byPhone(phone: string) {
        meanwhile();
        return contacts.byPhone(phone);
      },
    },
    viewings: without === undefined ? viewings : { ...viewings, add: withoutCells(viewings.add) },
    valuations: without === undefined ? valuations : { ...valuations, add: withoutCells(valuations.add) },
    booked: ({ id }: { id: string }) => void announced.push(id),
  };
  return {
    view: connection.view,
    bookViewing: createBookViewing(parts),
    moveViewing: createMoveViewing(parts),
    cancelViewing: createCancelViewing(parts),
    bookValuation: createBookValuation(parts),
    moveValuation: createMoveValuation(parts),
    cancelValuation: createCancelValuation(parts),
  };
}

/** The control: a diary that writes appointments without taking their time. */
const withoutCells =
  <T>(add: (record: T, cells: readonly never[], at: Date) => void) =>
  (record: T, _cells: unknown, at: Date) =>
    add(record, [], at);

type Operation = { name: string; run(): Entry };

function randomOperation(cases: UseCases, random: Random, told: ReadonlyMap<string, Entry>): Operation {
  const draw = random.next();
  const known = [...told.values()];
  const some = known.length > 0 && !random.chance(0.02) ? random.pick(known.slice(-300)) : undefined;
  if (draw < 0.3) return bookViewing(cases, random);
  if (draw < 0.5) return bookValuation(cases, random);
  if (draw < 0.75) return move(cases, random, some);
  return cancel(cases, some);
}

function randomStart(random: Random): string {
  const minute = random.chance(0.02) ? random.below(1_440) : 5 * random.below(288);
  // Nights on which clocks change are wanted more often.
  const at = random.chance(0.3) ? minute % 240 : minute;
  const time = `${random.pick(days)}T${pad(Math.floor(at / 60))}:${pad(at % 60)}`;
  return random.chance(0.01) ? time.slice(0, -1) : time;
}

const caller = (random: Random) => ({
  name: random.pick(["Jane Smith", "Mr Smith", "Ian Frost", "Ann O'Neil", "Jane"]),
  phone: `+4477009001${pad(random.below(30))}`,
});

const callOf = (random: Random) => (random.chance(0.3) ? random.pick(callIds) : undefined);

function bookViewing({ bookViewing, view }: UseCases, random: Random): Operation {
  const propertyId = `p${random.below(4)}`;
  const wished = randomStart(random);
  // Half the callers take the first time that they are offered, the others insist on theirs.
  const offered = random.chance(0.5)
    ? view.freeStarts(propertyId, wished.slice(0, 10), wished.slice(11, 16).padEnd(5, "0"), 1, "2026-03-27T09:00")[0]
    : undefined;
  const request = { ...caller(random), propertyId, start: offered ?? wished, callId: callOf(random) };
  return { name: "viewing", run: () => viewingEntry(bookViewing(request, actor, now)) };
}

function bookValuation({ bookValuation }: UseCases, random: Random): Operation {
  const kind = random.pick(["sales", "lettings"] as const);
  const where = { address: "2 Elm Close", postcode: "M21 0AA", details: {} };
  const request = { ...caller(random), ...where, kind, start: randomStart(random), callId: callOf(random) };
  return { name: "valuation", run: () => valuationEntry(bookValuation(request, actor, now)) };
}

function move(cases: UseCases, random: Random, entry: Entry | undefined): Operation {
  const start = randomStart(random);
  const run = () =>
    entry?.kind === "valuation"
      ? valuationEntry(cases.moveValuation(entry.id, start, actor, now))
      : viewingEntry(cases.moveViewing(entry?.id ?? "nobody", start, actor, now));
  return { name: "move", run };
}

function cancel(cases: UseCases, entry: Entry | undefined): Operation {
  const run = () =>
    entry?.kind === "valuation"
      ? valuationEntry(cases.cancelValuation(entry.id, actor, now))
      : viewingEntry(cases.cancelViewing(entry?.id ?? "nobody", actor, now));
  return { name: "cancel", run };
}

type Booked = Omit<Entry, "kind" | "propertyId">;
const plain = ({ id, staffId, start, minutes, status }: Booked) => ({ id, staffId, start, minutes, status });
const viewingEntry = (viewing: Booked & { propertyId: string }): Entry => ({
  ...plain(viewing),
  kind: "viewing",
  propertyId: viewing.propertyId,
});
const valuationEntry = (valuation: Booked): Entry => ({ ...plain(valuation), kind: "valuation", propertyId: null });
