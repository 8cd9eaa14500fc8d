/** What is made of calls once they are over, in the real store. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Actor } from "../../src/agency/types.ts";
import type { StoredTurn, TurnNotes } from "../../src/calls/ports.ts";
import type { Outcome } from "../../src/receptionist/contract.ts";
import { makeOffice, now, openIn } from "./opened.ts";

let office: ReturnType<typeof makeOffice>;
const user: Actor = { kind: "user", userId: "u1" };
const phone = "+447700900123";

beforeEach(() => {
  office = makeOffice();
});
afterEach(() => office.close());

const notes = (over: Partial<TurnNotes>): TurnNotes => ({
  task: null,
  slots: {},
  answered: [],
  unanswered: [],
  misses: 0,
  holding: false,
  ...over,
});

const turn = (n: number, heard: string, said: string, noted: Partial<TurnNotes> = {}): StoredTurn => ({
  n,
  at: new Date(now.getTime() + n * 5_000).toISOString(),
  heard,
  nbest: [[heard, -1]],
  confidence: 0.9,
  said,
  saidInFull: true,
  asks: null,
  heardFromMs: null,
  heardToMs: null,
  noted: notes(noted),
});

function talk(id: string, ...turns: StoredTurn[]): void {
  const { callLog } = office.records;
  callLog.begin({ id, line: "200", startedAt: now });
  callLog.disclosed(id, { number: phone, display: undefined, withheld: false }, now);
  for (const one of turns) callLog.turn(id, one);
}

const end = (id: string, outcome: Outcome, quality: Record<string, number> = {}) =>
  office.records.callLog.end(id, { at: now, outcome, endedBy: "caller", quality });

function book(callId: string, name = "James Wilson") {
  const property = office.view.properties().find(({ status, id }) => status === "available" && free(id) !== undefined);
  if (property === undefined) throw new Error("the demo agency has nothing to show");
  const request = { propertyId: property.id, start: free(property.id) ?? "", name, phone, callId };
  return { property, viewing: office.bookViewing(request, { kind: "caller", callId }, now) };
}
const free = (id: string) => office.view.freeStarts(id, "2026-11-26", "09:00", 1, "2026-11-24T10:05")[0];

const detail = (id: string) => office.records.readers.call(user, id);
const count = (sql: string) => office.records.store.db.prepare<[], { n: number }>(sql).get()?.n;

describe("a call that has ended", () => {
  test("has its summary, its score with reasons, and what could not be answered", () => {
    talk("c1", turn(0, "", "Hello."), turn(1, "mumble", "Sorry?", { misses: 1 }));
    const { property } = book("c1");
    office.records.callLog.turn("c1", turn(2, "yes", "Booked.", { answered: ["parking"], unanswered: ["lease"] }));
    end("c1", "booked", { answerP50Ms: 300, answerP95Ms: 900 });

    expect(detail("c1")?.after).toMatchObject({
      summary: expect.stringMatching(
        new RegExp(
          `^Booked a viewing of ${property.address}, Thursday 26 November \\d\\d:\\d\\d, for James Wilson\\. `,
        ),
      ),
      score: 89,
      reasons: [
        { words: "The caller was not understood once", points: 8 },
        { words: "The slowest answers came after 900 ms", points: 3 },
      ],
      unanswered: ["Lease"],
    });
    expect(detail("c1")?.after?.summary).toEndWith("Asked about parking (answered) and the lease (not answered).");
    expect(office.records.verifyAudit().intact).toBe(true);
  });

  test("leaves tasks that follow, once, with their entries, for the contact that is known", () => {
    talk("c1", turn(0, "", "Hello."));
    const { viewing } = book("c1");
    office.records.callLog.turn("c1", turn(1, "and the lease?", "The team can tell you.", { unanswered: ["lease"] }));
    end("c1", "booked");

    const follow = detail("c1")?.tasks.filter(({ kind }) => kind !== "notice");
    expect(follow).toMatchObject([
      {
        kind: "question",
        about: "Answer what we could not: the lease.",
        due: "2026-11-24T11:05",
        status: "open",
        contact: { id: viewing.contactId },
      },
    ]);
    expect(count("SELECT count(*) AS n FROM audit WHERE action = 'task.create' AND subjects LIKE '%\"c1\"%'")).toBe(1);
  });

  test("tells of appointments of earlier calls that it moved or cancelled, and whose they are", () => {
    talk("c1", turn(0, "", "Hello."));
    const { viewing, property } = book("c1");
    end("c1", "booked");
    talk("c2", turn(0, "", "Hello."), turn(1, "later please", "That is moved."));
    const [, later = ""] = office.view.freeStarts(property.id, "2026-11-27", "11:00", 2, "2026-11-24T10:05");
    office.moveViewing(viewing.id, later, { kind: "caller", callId: "c2" }, now);
    end("c2", "nothing");
    talk("c3", turn(0, "", "Hello."), turn(1, "not at all", "That is cancelled."));
    office.cancelViewing(viewing.id, { kind: "caller", callId: "c3" }, now);
    end("c3", "nothing");

    const when = `Friday 27 November ${later.slice(11)}, for James Wilson.`;
    expect(detail("c2")?.after?.summary).toBe(`Moved a viewing of ${property.address} to ${when}`);
    expect(detail("c3")?.after?.summary).toBe(`Cancelled a viewing of ${property.address}, ${when}`);
    expect(detail("c3")?.contactId).toBe(viewing.contactId);
  });

  test("nothing of it can be read in the database's rows, and it goes with the call's key", () => {
    talk("c1", turn(0, "", "Hello."), turn(1, "yes", "Booked."));
    book("c1", "Wilhelmina Postlethwaite");
    end("c1", "booked");
    const row = office.records.store.db.prepare<[], { sealed: Buffer }>("SELECT sealed FROM call_after").get();
    expect(row?.sealed.includes("Postlethwaite")).toBe(false);
    expect(detail("c1")?.after?.summary).toContain("Postlethwaite");

    office.records.store.db.exec("DELETE FROM data_key");
    expect(office.records.afterCalls.of("c1")).toBeUndefined();
  });

  test("where it cannot be written, neither is the end: both are tried again", () => {
    talk("c1", turn(0, "", "Hello."), turn(1, "bye", "Goodbye."));
    const { db } = office.records.store;
    db.exec("CREATE TRIGGER full BEFORE INSERT ON call_after BEGIN SELECT RAISE(ABORT, 'full'); END");
    expect(() => end("c1", "nothing")).toThrow("full");
    expect(office.records.calls.byId("c1")?.endedAt).toBeNull();
    expect(count("SELECT count(*) AS n FROM audit WHERE action = 'call.end'")).toBe(0);
    db.exec("DROP TRIGGER full");
    end("c1", "nothing");
    expect(detail("c1")?.after?.score).toBe(100);
  });

  test("a turn that was tampered with costs the summary, not the end", () => {
    talk("c1", turn(0, "", "Hello."), turn(1, "bye", "Goodbye."));
    office.records.store.db.exec("UPDATE turn SET sealed = zeroblob(64) WHERE n = 1");
    end("c1", "nothing");
    expect(office.records.calls.byId("c1")?.outcome).toBe("nothing");
    expect(office.records.afterCalls.of("c1")).toBeUndefined();
  });

  test("a call from before this was kept shows none", () => {
    talk("c1", turn(0, "", "Hello."), turn(1, "bye", "Goodbye."));
    end("c1", "nothing");
    office.records.store.db.exec("DELETE FROM call_after");
    expect(detail("c1")?.after).toBeNull();
  });
});

describe("a call that was cut off", () => {
  test("is summed up at the next start, from what it had stored and committed", () => {
    talk("c1", turn(0, "", "Hello."), turn(1, "Maple Road", "Which day?", { task: "viewing" }));
    book("c1");
    talk("c2", turn(0, "", "Hello."), turn(1, "a viewing", "Which one?", { task: "viewing" }));
    office.records.close();
    const again = openIn(office.folders);
    try {
      expect(again.callLog.endInterrupted(new Date("2026-11-24T12:00:00Z"))).toBe(2);
      expect(again.calls.byId("c1")?.outcome).toBe("booked");
      expect(again.calls.byId("c2")?.outcome).toBe("failed");
      const first = again.readers.call(user, "c1")?.after;
      expect(first?.summary).toMatch(/^Booked a viewing of .*\. The call was cut off when Gatehouse stopped\.$/);
      expect(first?.reasons).toEqual([{ words: "The call failed or was cut off", points: 40 }]);
      const second = again.readers.call(user, "c2");
      expect(second?.tasks.map(({ kind }) => kind)).toEqual(["call-back"]);
      expect(again.callLog.endInterrupted(now)).toBe(0);
    } finally {
      again.close();
    }
  });
});

test("what was asked in vain is counted over calls, most first, for so many days", () => {
  const { officeReaders, callLog } = office.records;
  const ask = (id: string, day: string, ...unanswered: string[]) => {
    const startedAt = new Date(`2026-11-${day}T09:00:00Z`);
    callLog.begin({ id, line: "200", startedAt });
    callLog.disclosed(id, { number: undefined, display: undefined, withheld: true }, startedAt);
    callLog.turn(id, turn(1, "well?", "I cannot say.", { unanswered }));
    callLog.end(id, { at: startedAt, outcome: "nothing", endedBy: "caller", quality: {} });
  };
  ask("c1", "20", "lease", "pets");
  ask("c2", "22", "lease");
  ask("c3", "01", "lease", "chain");
  expect(officeReaders.unanswered(user, 10)).toEqual([
    {
      topic: "lease",
      title: "Lease",
      count: 2,
      lastAt: "2026-11-22T09:00:00.000Z",
      calls: [
        { id: "c2", startedAt: "2026-11-22T09:00:00.000Z" },
        { id: "c1", startedAt: "2026-11-20T09:00:00.000Z" },
      ],
    },
    {
      topic: "pets",
      title: "Pets",
      count: 1,
      lastAt: "2026-11-20T09:00:00.000Z",
      calls: [{ id: "c1", startedAt: "2026-11-20T09:00:00.000Z" }],
    },
  ]);
  expect(officeReaders.unanswered(user, 60).map(({ topic, count }) => [topic, count])).toEqual([
    ["lease", 3],
    ["chain", 1],
    ["pets", 1],
  ]);
  // No number to ring: no task either.
  expect(count("SELECT count(*) AS n FROM task WHERE kind = 'question'")).toBe(0);
});
