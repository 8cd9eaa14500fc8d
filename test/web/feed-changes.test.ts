/** Whatever is done to the diary, the feeds say what the diary says, and count the changes of each appointment. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import ICAL from "ical.js";
import { AppError } from "../../src/app-error.ts";
import { openWeb } from "./harness.ts";

const cli = { kind: "cli", uid: 0 } as const;
const starts = ["2026-11-25T10:00", "2026-11-25T12:00", "2026-11-25T15:00", "2026-11-27T09:30"] as const;
const operation = fc.record({
  kind: fc.constantFrom("book", "move", "cancel"),
  which: fc.nat({ max: 5 }),
  start: fc.constantFrom(...starts),
});

test("random bookings, moves and cancellations", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 25 }), async (operations) => {
      const web = openWeb();
      try {
        const now = web.clock.now();
        const changes = new Map<string, number>();
        const counted = (id: string, changed: boolean) => changes.set(id, (changes.get(id) ?? 0) + (changed ? 1 : 0));
        for (const { kind, which, start } of operations) {
          const id = [...changes.keys()][which];
          const before = id === undefined ? undefined : web.records.viewings.byId(id);
          try {
            if (kind === "book") {
              const caller = { name: "Ada Ng", phone: "+447700900456", callId: undefined };
              counted(web.bookViewing({ ...caller, propertyId: "maple-14", start }, cli, now).id, false);
            } else if (id !== undefined && kind === "move") {
              counted(id, web.moveViewing(id, start, cli, now).start !== before?.start);
            } else if (id !== undefined) {
              web.cancelViewing(id, cli, now);
              counted(id, before?.status === "booked");
            }
          } catch (error) {
            if (!(error instanceof AppError)) throw error; // refused by a rule: then nothing may have changed
          }
        }
        const shown: unknown[] = [];
        for (const { id } of web.view.staff()) {
          const { url } = web.feeds.create({ staff: id, label: "" }, cli);
          const text = await (await web.request(new URL(url).pathname)).text();
          for (const event of new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent")) {
            const value = (name: string) => String(event.getFirstPropertyValue(name));
            shown.push([id, value("uid"), value("dtstart").slice(0, 16), value("status"), Number(value("sequence"))]);
          }
        }
        const kept = web.records.viewings.between("2026-11-01T00:00", "2027-01-01T00:00").map((viewing) => {
          const booked = viewing.awaiting === undefined ? "CONFIRMED" : "TENTATIVE";
          const status = viewing.status === "cancelled" ? "CANCELLED" : booked;
          return [viewing.staffId, `${viewing.id}@gatehouse`, viewing.start, status, changes.get(viewing.id)];
        });
        expect(kept).toHaveLength(changes.size);
        expect(shown.toSorted()).toEqual(kept.toSorted());
      } finally {
        web.close();
      }
    }),
    { numRuns: 40 },
  );
}, 20_000);
