/** All that a conversation remembers. JSON: null for "none", so that it survives storage unchanged. */
import type { FoundAppointment } from "../agency/enquiries.ts";
import type { Clock, LocalDate, LocalTime } from "../agency/types.ts";
import type { Action, Heard, Outcome, PublicState } from "./contract.ts";
import type { Flow, SlotName } from "./flow.ts";
import type { Urgency } from "./understanding/urgent-words.ts";

/** One of several values of an item, offered to choose from. */
export type Option = { value: string; label: string };

export type Phase =
  /** Until the disclosure has played out. */
  | { kind: "greeting" }
  /** "How can I help you?" */
  | { kind: "open" }
  | { kind: "slot"; slot: SlotName }
  /** "Did you mean …?" */
  | { kind: "check"; slot: SlotName; value: string }
  /** "Would you like to view it?" */
  | { kind: "offer-viewing"; property: string }
  /** "Which property is that about?" `back`, `question`: where the caller was, and what he had been asked. */
  | { kind: "which"; questions: string[]; back: Phase; question: Spoken[] }
  /** "Shall I take a message?", about this. */
  | { kind: "offer-message"; about: string }
  | { kind: "choose"; slot: SlotName; options: Option[] }
  /** The read-back. */
  | { kind: "confirm" }
  /** "Which part should I change?" */
  | { kind: "change" }
  /** The booking or message has been handed over; its answer has not come. */
  | { kind: "waiting"; action: Action["kind"] }
  /**
   * Somebody is being rung. `about`: the message that is left if he cannot be had. `back`, `question`: where the caller
   * was, and what he had been asked. `goesOn`: it was our own idea; if it comes to nothing, that is asked again.
   */
  | {
      kind: "transferring";
      person: string;
      about: string;
      back: Phase;
      question: Spoken[];
      told: number;
      goesOn: boolean;
    }
  /** Nobody took the call: "a message, or shall we carry on?" */
  | { kind: "resume"; person: string; back: Phase; question: Spoken[] }
  /** Words cannot be made out: see by-keys.ts. `number`: keyed in, E.164; "" for none. */
  | { kind: "keypad"; at: "menu" | "own-number" | "number" | "confirm" | "voice"; number: string }
  /** "Anything else?" */
  | { kind: "else" }
  /** Fixed words have been said; `said` times. `back`: where a mistaken alarm returns to. */
  | { kind: "emergency"; text: string; said: number; back: Phase }
  /**
   * "Which address is it?", of something urgent, told in these words; `maybe`: "Did you mean …?", a listing's id.
   * `back`, `question`: as of `which`.
   */
  | { kind: "urgent"; urgency: Urgency; words: string; maybe: string | null; back: Phase; question: Spoken[] }
  | { kind: "ended" };

/** A time not named exactly: the earliest (or latest) free start in [from, until). */
export type TimeWish = { from: Clock | null; until: Clock | null; latest: boolean };

export type Spoken = { text: string; fixed: boolean };

export type State = PublicState & {
  phase: Phase;
  /** The id of a task of the flow. */
  task: string | null;
  /** Turns of the caller so far: words, keys and silences. */
  turns: number;
  nextSayId: number;
  disclosureSayId: number | null;
  disclosureTries: number;
  /** Heard before the disclosure had played out, or while a booking was on its way. */
  pending: Heard[];
  /** What we said last, to say it again. */
  lastSaid: Spoken[];
  interrupted: boolean;
  /** The words that tell what came of a booking or message, and whether the caller spoke into most of them. */
  result: { sayId: number; missed: boolean } | null;
  /** The last read-back: what it told, and whether the caller spoke into it before he could hear all of that. */
  readBack: { sayId: number; values: string[]; missed: boolean } | null;
  /** What the last read-back of everything told, by item. */
  told: Record<string, string>;
  /** Failed attempts, by slot or phase. */
  tries: Record<string, number>;
  silences: number;
  /** "Bear with me": prompts left out since. null: not holding. */
  holds: number | null;
  /** Digits of a number still being said. */
  phoneSoFar: string;
  timeWish: TimeWish | null;
  /** The caller leaves the day to us. */
  anyDay: boolean;
  /** "next week": the day to come must lie in it. */
  within: { from: LocalDate; until: LocalDate } | null;
  forWhom: string | null;
  /** What the caller volunteered beside the items of the task. */
  details: Record<string, string>;
  /** When he wants to be rung back. */
  due: LocalTime | null;
  /** Found by the name and the number on them. */
  found: FoundAppointment[];
  /** What cannot wait is written down first with what is known: handed over ("sent"), then saved and said so ("told"). */
  reported: "not" | "sent" | "told";
  /** The listing that was talked of last, be it only asked about. */
  about: string | null;
  /** What was asked and answered: keys of facts and ids of the office's knowledge; and what could not be. */
  answered: string[];
  unanswered: string[];
  /** Items that changed since the read-back, in the order of change; null before the first read-back. */
  changed: SlotName[] | null;
  /** The caller said goodbye along with the last yes. */
  leaving: boolean;
  booked: boolean;
  messaged: boolean;
  transferred: boolean;
  /** Whom we have tried in vain. */
  tried: string[];
  /** How often a person has been rung for him. */
  rung: number;
  alarmed: boolean;
  /** The last that was seen to at once; see emergency-urgent.ts. */
  urgent: Urgency | null;
  /** The number that rings, E.164 or an extension; null if it was not given. */
  caller: string | null;
  /** Whether our hearing works, for all we know. */
  hears: boolean;
  /** Where the call was, and what had been asked, when it went on by keys. */
  keypad: { back: Phase; question: Spoken[] } | null;
};

/** A conversation that has not begun. */
export function start(_flow: Flow): State {
  return {
    asks: null,
    slots: {},
    disclosed: false,
    ended: false,
    phase: { kind: "greeting" },
    task: null,
    turns: 0,
    nextSayId: 1,
    disclosureSayId: null,
    disclosureTries: 0,
    pending: [],
    lastSaid: [],
    interrupted: false,
    result: null,
    readBack: null,
    told: {},
    tries: {},
    silences: 0,
    holds: null,
    phoneSoFar: "",
    timeWish: null,
    anyDay: false,
    within: null,
    forWhom: null,
    details: {},
    reported: "not",
    due: null,
    found: [],
    about: null,
    answered: [],
    unanswered: [],
    changed: null,
    leaving: false,
    booked: false,
    messaged: false,
    transferred: false,
    tried: [],
    rung: 0,
    alarmed: false,
    urgent: null,
    caller: null,
    hears: true,
    keypad: null,
  };
}

/** What the call has come to so far; `otherwise` where it came to nothing. */
export function outcomeOf(state: State, otherwise: Outcome): Outcome {
  if (state.alarmed) return "emergency";
  if (state.booked) return "booked";
  if (state.transferred) return "transferred";
  return state.messaged ? "message" : otherwise;
}
