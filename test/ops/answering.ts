/** An appliance that answers calls, without its sockets: what of it the doors see. */
import type { Answering } from "../../src/ops/work.ts";
import { createTrace, type Trace } from "../../src/sip/trace/trace.ts";

type Told = Answering & { refusing: boolean; note: Trace["note"]; lexiconChanges: number; listingChanges: number };

export function answering(): Told {
  const trace = createTrace(() => "2026-11-24T10:05:00.000Z");
  const one: Told = {
    refusing: false,
    lexiconChanges: 0,
    listingChanges: 0,
    /** Feeds the trace. */
    note: trace.note,
    userAgent: {
      address: { address: "127.0.0.1", port: 5060 },
      drain() {
        one.refusing = true;
      },
      resume() {
        one.refusing = false;
      },
      draining: () => one.refusing,
      registrations: () => [],
      trace: { set: trace.set, show: trace.show },
      status: () => ({ sockets: 1, timers: 0, transactions: 0, dialogs: 0, legs: 0, dropped: {}, rejected: [] }),
    },
    media: { status: () => Promise.reject(new Error("not asked for here")) },
    pronunciationsChanged() {
      one.lexiconChanges++;
    },
    listingsChanged() {
      one.listingChanges++;
    },
    speech: {
      tryOut: async function* ({ written }) {
        yield Int16Array.from(written, (char) => char.charCodeAt(0));
      },
      status: () => [],
      health: () => ({ hearing: { state: "works" }, speaking: { state: "works" } }),
    },
    prompts: {
      status: () => ({ prompts: 0, bytes: 0, evicted: 0, recalled: 0, spoken: 0, damaged: 0, unwritten: 0 }),
    },
    switchboard: { calls: () => [], atMost: () => 10, refusedFull: () => 0 },
    limit: { atMost: 10, by: "configured" },
  };
  return one;
}
