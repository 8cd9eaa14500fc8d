import type { CallBooks, CallFacts } from "../../../src/calls/after/facts.ts";
import type { StoredTurn, TurnNotes } from "../../../src/calls/ports.ts";

export const noBooks: CallBooks = {
  viewings: [],
  valuations: [],
  changes: [],
  faults: [],
  offers: [],
  tickets: [],
  tasks: [],
  messages: [],
  contactId: null,
};

export const maple = { address: "14 Maple Road", start: "2026-11-23T14:30", name: "James Wilson", status: "booked" };

export function factsWith(over: Omit<Partial<CallFacts>, "books"> & { books?: Partial<CallBooks> } = {}): CallFacts {
  return {
    disclosed: true,
    callerNumber: "+447700900123",
    outcome: "nothing",
    emergency: null,
    cutOff: false,
    turns: [],
    figures: {},
    addressOf: (id) => (id === "maple-14" ? "14 Maple Road" : undefined),
    ...over,
    books: { ...noBooks, ...over.books },
  };
}

type SomeTurn = Omit<Partial<StoredTurn>, "noted"> & { noted?: Partial<TurnNotes> };

/** Turns of a call in order, the greeting first. */
export function turnsOf(...turns: SomeTurn[]): StoredTurn[] {
  const greeting: SomeTurn = { said: "Hello. How can I help you?" };
  return [greeting, ...turns].map(({ noted, ...turn }, n) => ({
    n,
    at: `2026-11-21T10:05:${String(n).padStart(2, "0")}.000Z`,
    heard: "",
    nbest: [],
    confidence: null,
    said: "",
    saidInFull: true,
    asks: null,
    heardFromMs: null,
    heardToMs: null,
    noted: { task: null, slots: {}, answered: [], unanswered: [], misses: 0, holding: false, ...noted },
    ...turn,
  }));
}
