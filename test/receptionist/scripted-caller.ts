/** A call in text: what is said in order, and the booking desk's answers. No clock but the one in `now`. */

import type { LocalTime } from "../../src/agency/types.ts";
import { AppError } from "../../src/app-error.ts";
import type { Action, DeskAnswer, Effect, Input } from "../../src/receptionist/contract.ts";
import { receptionFlow } from "../../src/receptionist/flows/reception.ts";
import type { State } from "../../src/receptionist/state.ts";
import { createTalk } from "../../src/receptionist/talk.ts";
import { committed } from "./committed.ts";
import { type MemoryView, memoryView } from "./memory-view.ts";

type Unstamped<T> = T extends unknown ? Omit<T, "now"> : never;
export type Doing = Unstamped<Input>;

export type Call = {
  readonly state: State;
  /** Texts said since the last input. */
  readonly said: string[];
  readonly effects: Effect[];
  readonly view: MemoryView;
  /** All that was said before the caller said anything. */
  readonly first: readonly (Effect & { kind: "say" })[];
  say(text: string, ...others: string[]): string;
  keys(digits: string): string;
  silence(): string;
  input(doing: Doing): string;
};

/** A Tuesday morning. */
export const NOW: LocalTime = "2026-11-24T10:05";

export type CallOptions = {
  view?: MemoryView;
  awaiting?: "vendor" | "tenant";
  /** The desk's answer to the nth booking (from 0). */
  refuse?: (nth: number) => "conflict" | "invalid_input" | "storage_failed" | undefined;
  refuseMessage?: boolean;
  /** Everything that is said plays out at once; switch off to drive `said` by hand. */
  playsOut?: boolean;
  /** The number that rings. */
  caller?: string;
  /** False: nothing can be heard from the beginning. */
  hears?: boolean;
};

export function call(options: CallOptions = {}): Call {
  const { playsOut = true } = options;
  const view = options.view ?? memoryView();
  const talk = createTalk(receptionFlow, view);
  let state = talk.start();
  let bookings = 0;
  const said: string[] = [];
  const effects: Effect[] = [];

  function feed(doing: Doing): void {
    const result = talk.step(state, { ...doing, now: NOW } as Input);
    state = JSON.parse(JSON.stringify(result.state)) as State; // a state survives storage
    for (const effect of result.effects) {
      effects.push(effect);
      if (effect.kind === "say") said.push(effect.text);
    }
    for (const effect of result.effects) follow(effect);
  }

  function follow(effect: Effect): void {
    if (effect.kind === "say" && playsOut) feed({ kind: "said", sayId: effect.sayId, completed: true, heardShare: 1 });
    if (effect.kind === "do") feed(answerOf(effect.action));
  }

  function answerOf(action: Action): DeskAnswer {
    if (action.kind !== "book-viewing") {
      if (options.refuseMessage) return { kind: "refused", action: action.kind, reason: "storage_failed" };
      return { kind: "done", done: committed(action.kind) };
    }
    const { propertyId, start } = action.request;
    const reason = options.refuse?.(bookings++);
    if (reason !== undefined) return { kind: "refused", action: action.kind, reason };
    if (!view.isFree(propertyId, start, NOW)) throw new AppError("conflict", "not free");
    return { kind: "done", done: { action: action.kind, id: "v1", start, awaiting: options.awaiting } };
  }

  function input(doing: Doing): string {
    said.length = 0;
    effects.length = 0;
    feed(doing);
    return said.join(" ");
  }

  if (options.hears === false) input({ kind: "hearing", works: false });
  input({ kind: "started", ...(options.caller === undefined ? {} : { caller: options.caller }) });
  const first = effects.filter((effect) => effect.kind === "say");
  return {
    get state() {
      return state;
    },
    said,
    effects,
    view,
    first,
    say: (text, ...others) =>
      input({ kind: "heard", heard: { text, nbest: [text, ...others].map((one) => [one, null]) } }),
    keys: (digits) => input({ kind: "keys", digits }),
    silence: () => input({ kind: "no-input" }),
    input,
  };
}

export const booked = (made: Call) => asked(made, "book-viewing")?.request;
export const message = (made: Call) => asked(made, "take-message");

/** What was asked of the agency's books in answer to the last words. */
export function asked<Kind extends Action["kind"]>({ effects }: Call, kind: Kind) {
  for (const effect of effects) {
    if (effect.kind === "do" && effect.action.kind === kind) return effect.action as Extract<Action, { kind: Kind }>;
  }
  return undefined;
}
export const outcome = ({ effects }: Call) => effects.find((effect) => effect.kind === "end")?.outcome;
export const danger = ({ effects }: Call) => effects.find((effect) => effect.kind === "emergency")?.emergency;

/** A call that has come to the read-back: 14 Maple Road, Saturday 28 November 2026, 14:30, Sarah Patel, 07700 900123. */
export function atReadBack(options: CallOptions = {}): Call {
  const made = call(options);
  for (const line of [
    "I'd like to book a viewing for 14 Maple Road please.",
    "Saturday.",
    "Half past two.",
    "My name is Sarah Patel.",
    "07700 900123.",
  ]) {
    made.say(line);
  }
  return made;
}
