import { expect, test } from "bun:test";
import { createPronunciations } from "../../src/agency/pronunciations.ts";
import { makeOffice, now } from "./opened.ts";

test("an entry and its audit entry are written together or not at all", () => {
  const office = makeOffice();
  const { records } = office;
  const told: number[] = [];
  const actor = { kind: "user", userId: "m1" } as const;
  const entry = { written: "Belvoir", kind: "respelling", said: "beaver" } as const;
  const audited = () =>
    records.store.db
      .prepare<[], { n: number }>("SELECT count(*) AS n FROM audit WHERE action LIKE 'pronunciation.%'")
      .get()?.n;
  const parts = { work: records.store, audit: records.audit, changed: () => void told.push(1) };
  const failing = createPronunciations({
    ...parts,
    pronunciations: {
      ...records.pronunciations,
      put() {
        throw new Error("disk");
      },
    },
  });
  expect(() => failing.put(entry, actor, now)).toThrow("disk");
  expect([audited(), records.pronunciations.all()]).toEqual([0, []]);

  const working = createPronunciations({ ...parts, pronunciations: records.pronunciations });
  working.put(entry, actor, now);
  expect([audited(), records.pronunciations.all()]).toEqual([1, [{ ...entry, changedAt: now.toISOString() }]]);
  expect(() => working.remove("Fowey", actor, now)).toThrow("no such word");
  expect([audited(), records.verifyAudit().intact]).toEqual([1, true]);
  office.folders.remove();
});
