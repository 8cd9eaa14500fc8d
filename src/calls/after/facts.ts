/** What is known of a call that is over: its row, its turns and what was committed in it. Nothing else is looked at. */
import type { LocalDate, LocalTime } from "../../agency/types.ts";
import type { Outcome } from "../../receptionist/contract.ts";
import type { StoredTurn } from "../ports.ts";

/** `name`: "" where nobody gave one. */
type Named = { name: string };

/** What the call wrote into the agency's books, each in the order in which it was written. */
export type CallBooks = {
  viewings: (Named & { address: string; start: LocalTime; status: string })[];
  valuations: (Named & { address: string; start: LocalTime; kind: string; status: string })[];
  /** Appointments of other calls that this one moved or cancelled; `start`: as they now are. */
  changes: (Named & {
    kind: "viewing" | "valuation";
    change: "moved" | "cancelled";
    address: string;
    start: LocalTime;
  })[];
  faults: { address: string; fault: string; priority: string }[];
  offers: (Named & { address: string; amount: number; isRent: boolean })[];
  tickets: { kind: string; due: LocalDate }[];
  /** `notice`s are left out: they go with their viewings. */
  tasks: { kind: string; about: string }[];
  messages: (Named & { about: string; forWhom: string | null })[];
  /** The first contact that any of these belongs to. */
  contactId: string | null;
};

export type CallFacts = {
  disclosed: boolean;
  /** E.164; null if withheld or not kept. */
  callerNumber: string | null;
  outcome: Outcome;
  emergency: string | null;
  /** A crash, a kill or a loss of power ended it. */
  cutOff: boolean;
  turns: readonly StoredTurn[];
  /** Of its sound and its answers, as in its row. */
  figures: Readonly<Record<string, number>>;
  books: CallBooks;
  /** Of the agency's listings. */
  addressOf(propertyId: string): string | undefined;
};

/** Where the conversation stood when it ended. */
export const lastNotes = ({ turns }: Pick<CallFacts, "turns">) => turns.findLast(({ noted }) => noted)?.noted;

/** Somebody hung up, or was cut off, while something was being arranged. */
export function isMidTask({ turns, outcome, cutOff }: Pick<CallFacts, "turns" | "outcome" | "cutOff">): boolean {
  if (outcome !== "abandoned" && !cutOff) return false;
  return (lastNotes({ turns })?.task ?? null) !== null;
}
