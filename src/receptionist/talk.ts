/** The receptionist bound to one flow and one agency: what a call steps. */
import type { Effect, Input, Patience, PublicState, StepView } from "./contract.ts";
import type { Flow } from "./flow.ts";
import { patience } from "./patience.ts";
import { type State, start } from "./state.ts";
import { step } from "./step.ts";

export type BoundTalk = {
  start(): State;
  step(state: State, input: Input): { state: State; effects: Effect[] };
  /** What other modules may see of a state. */
  read(state: State): PublicState;
  patience: Patience;
};

export function createTalk(flow: Flow, view: StepView): BoundTalk {
  return {
    start: () => start(flow),
    step: (state, input) => step(flow, state, input, view),
    read: ({ asks, slots, disclosed, ended }) => ({ asks, slots, disclosed, ended }),
    patience,
  };
}
