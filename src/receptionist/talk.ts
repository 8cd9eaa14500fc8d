/** The receptionist bound to one flow and one agency: what a call steps. */
import type { LocalTime } from "../agency/types.ts";
import type {
  Asks,
  Effect,
  Heard,
  Input,
  Outcome,
  Patience,
  PublicState,
  StepView,
  TalkNotes,
  Unfinished,
} from "./contract.ts";
import type { Flow } from "./flow.ts";
import { interrupts } from "./interruption.ts";
import { notesOf } from "./notes.ts";
import { leftUnattended } from "./on-duty.ts";
import { patience } from "./patience.ts";
import { outcomeOf, type State, start } from "./state.ts";
import { step } from "./step.ts";

export type BoundTalk = {
  start(): State;
  step(state: State, input: Input): { state: State; effects: Effect[] };
  /** What other modules may see of a state. */
  read(state: State): PublicState;
  patience: Patience;
  /** Whether the next words may well hold an address of the agency's. */
  expectsAddress(state: PublicState): boolean;
  /** Whether words said into `unfinished` are meant for us and want an answer, rather than that it goes on. */
  interrupts(state: State, heard: Heard, unfinished: Unfinished, now: LocalTime): boolean;
  notes(state: State): TalkNotes;
  /** What was asked, and answered or not. */
  questions(state: State): { answered: readonly string[]; unanswered: readonly string[] };
  /** What the call has come to so far; `otherwise` if to nothing. */
  outcome(state: State, otherwise: Outcome): Outcome;
  /** What cannot wait and nobody has taken, if the call ends now. */
  unattended(state: State): Extract<Effect, { kind: "emergency" }> | undefined;
};

export function createTalk(flow: Flow, view: StepView): BoundTalk {
  warmUp(flow, view);
  return bindTalk(flow, view);
}

/** The same without its first callers' patience spared: for calls in which nobody waits. */
export function bindTalk(flow: Flow, view: StepView): BoundTalk {
  return {
    start: () => start(flow),
    step: (state, input) => step(flow, state, input, view),
    read: ({ asks, slots, phoneSoFar, disclosed, ended }) => ({
      asks,
      slots,
      ...(phoneSoFar === "" ? {} : { begun: phoneSoFar }),
      disclosed,
      ended,
    }),
    patience,
    interrupts: (state, heard, unfinished, now) => interrupts(flow, state, heard, unfinished, now, view),
    expectsAddress: ({ asks }) => asks === null || addressAnswers.has(asks),
    notes: notesOf,
    questions: ({ answered, unanswered }) => ({ answered, unanswered }),
    outcome: outcomeOf,
    unattended: (state) => leftUnattended(flow, state),
  };
}

const addressAnswers: ReadonlySet<Asks> = new Set([
  "property",
  "address",
  "choice",
  "confirm",
  "anything-else",
  "message",
]);

const WARM_UP_ROUNDS = 20;
const WARM_UP_LINES = [
  "I'd like to view 1 Nowhere Road on Saturday at half past two",
  "my name is Jane Smith",
  "07700 900000",
  "no, Thursday",
  "yes please",
];

/** The first caller waits neither for the register of listings (5,000: 30 ms) nor for code that never ran. */
function warmUp(flow: Flow, view: StepView): void {
  const now = "2026-01-07T10:00";
  for (let round = 0; round < WARM_UP_ROUNDS; round++) {
    let state = step(flow, start(flow), { kind: "started", now }, view).state;
    state = step(flow, state, { kind: "said", sayId: 1, completed: true, heardShare: 1, now }, view).state;
    for (const text of WARM_UP_LINES) {
      state = step(flow, state, { kind: "heard", heard: { text, nbest: [[text, -1]] }, now }, view).state;
    }
  }
}
