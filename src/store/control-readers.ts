/** The same reads in the shapes that the command line prints. */
import type { Actor } from "../agency/types.ts";
import type { StoredCall } from "./calls.ts";
import type { Readers } from "./readers.ts";

export type CallLine = {
  id: string;
  line: string;
  startedAt: string;
  endedAt: string | null;
  outcome: string | null;
  caller: string | null;
};
export type ViewingLine = {
  id: string;
  property: string;
  start: string;
  name: string;
  phone: string;
  staff: string;
  status: string;
  awaiting: string | null;
};

const mostViewings = 500;

export function createControlReaders(readers: Readers) {
  return {
    calls: (actor: Actor, limit: number): CallLine[] =>
      readers.calls(actor, { limit, before: undefined, outcome: undefined }).calls.map(lineOf),
    call(actor: Actor, callId: string) {
      const found = readers.call(actor, callId);
      if (found === undefined) return undefined;
      const { call, turns, after, tasks } = found;
      return { ...lineOf(call), ...call, after, tasks, turns };
    },
    signalling: (actor: Actor, callId: string) => readers.signalling(actor, callId),
    viewings: (actor: Actor): ViewingLine[] =>
      readers.viewings(actor, mostViewings).map(({ id, property, start, contact, staff, status, awaiting }) => ({
        id,
        property: property.address,
        start,
        name: contact.name,
        phone: contact.phone,
        staff: staff.name,
        status,
        awaiting: awaiting ?? null,
      })),
    following: (actor: Actor) => readers.following(actor),
  };
}

const lineOf = ({ id, line, startedAt, endedAt, outcome, callerNumber }: StoredCall): CallLine => ({
  id,
  line,
  startedAt,
  endedAt,
  outcome,
  caller: callerNumber,
});
