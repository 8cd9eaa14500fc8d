/** Steps the receptionist inside a call and turns its effects into the call's. Pure. */
import type { Effect, Input, PublicState } from "../receptionist/contract.ts";
import {
  type CallEffect,
  type CallState,
  closingMs,
  emptyTurn,
  type HeardPart,
  type Now,
  type Say,
  type Step,
  type Talk,
} from "./machine.ts";
import type { TurnNotes } from "./ports.ts";

/** Feeds `inputs` in order; returns the call's new state and what to do. Whatever it was, it stands on the turn before. */
export function converse<S>(state: CallState<S>, talk: Talk<S>, inputs: readonly Input[], now: Now): Step<S> {
  let next: CallState<S> = { ...state, revocable: undefined };
  const effects: CallEffect[] = [];
  for (const input of inputs) {
    const stepped = talk.step(next.talk, input);
    next = { ...next, talk: stepped.state };
    for (const effect of stepped.effects) next = apply(next, effect, effects);
  }
  const answered = noteAnswer(next, talk, state, effects);
  return { state: answered, effects: [...effects, ...settle(answered, now)] };
}

function apply<S>(state: CallState<S>, effect: Effect, effects: CallEffect[]): CallState<S> {
  switch (effect.kind) {
    case "say": {
      const say: Say = {
        playId: state.nextPlayId,
        sayId: effect.sayId,
        text: effect.text,
        fixed: effect.fixed,
        interruptible: effect.interruptible,
        ...(effect.byKey ? { byKey: true } : {}),
      };
      effects.push({ kind: "stop-timer", name: "no-input" }, { kind: "speak", say });
      return {
        ...state,
        nextPlayId: state.nextPlayId + 1,
        saying: [...state.saying, { ...say, ...unheard, playedMs: 0 }],
      };
    }
    case "disclosed":
      effects.push({ kind: "disclosed" });
      return state;
    case "listen":
      return { ...state, noInputMs: effect.noInputMs };
    case "do":
    case "stop-recording":
      effects.push(effect);
      return state;
    case "transfer":
      effects.push({ kind: "stop-timer", name: "no-input" }, effect);
      return { ...state, transferring: true };
    case "cancel-transfer":
      effects.push(effect);
      return { ...state, transferring: false };
    case "emergency":
      if (effect.unattended) {
        effects.push(effect); // news for those on call: no words follow it
        return state;
      }
      // A caller in danger waits for nothing, the disclosure included: its words come next.
      for (const { playId } of state.saying) effects.push({ kind: "cancel-speech", playId });
      effects.push({ kind: "hush" }, effect);
      return state;
    case "end":
      if (state.phase !== "talking") return state;
      effects.push({ kind: "timer", name: "closing", afterMs: closingMs });
      return { ...state, phase: "closing", outcome: effect.outcome };
  }
}

const unheard: HeardPart = { heardShare: 0, heardText: "" };

/** What the receptionist is told of a prompt that is over. */
export const said = (say: Say, { heardShare, heardText }: HeardPart, completed: boolean, now: Now): Input => ({
  kind: "said",
  sayId: say.sayId,
  completed,
  heardShare,
  ...(completed ? {} : { heardText }),
  now: now.local,
});

/** The words just handed to the voice belong to the turn in progress; the turn is kept as soon as they are known. */
function noteAnswer<S>(state: CallState<S>, talk: Talk<S>, before: CallState<S>, effects: CallEffect[]): CallState<S> {
  const added = state.saying.filter((say) => say.playId >= before.nextPlayId).map((say) => say.text);
  if (added.length === 0) return state;
  const seen = talk.read(state.talk);
  const turn = {
    ...state.turn,
    said: [state.turn.said, ...added].filter(Boolean).join(" "),
    asks: seen.asks,
    saidInFull: false,
    ...(seen.disclosed ? { noted: notesOf(talk, before, state, slotsIn(seen)) } : {}),
  };
  const answered: CallState<S> = { ...state, turn };
  effects.push(...noted(answered, talk));
  return answered;
}

/** The turn in progress, shown and (after the disclosure) kept; in place of what was shown and kept of it before. */
export function noted<S>({ callId, talk: talkState, turn }: CallState<S>, talk: Talk<S>): CallEffect[] {
  const seen = talk.read(talkState);
  const { n, heard, said, asks } = turn;
  return [
    { kind: "publish", event: { kind: "turn", callId, n, heard, said, asks, slots: slotsIn(seen) } },
    ...(seen.disclosed ? [{ kind: "store-turn", turn } as const] : []),
  ];
}

const slotsIn = ({ slots }: PublicState): TurnNotes["slots"] =>
  Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, slot.value]));

function notesOf<S>(
  talk: Talk<S>,
  before: CallState<S>,
  { talk: after, turn }: CallState<S>,
  slots: TurnNotes["slots"],
): TurnNotes {
  const earlier = talk.notes(before.talk).misses;
  const { task, answered, unanswered, misses, holding } = talk.notes(after);
  const fresh = Object.entries(misses).reduce((sum, [what, n]) => sum + Math.max(0, n - (earlier[what] ?? 0)), 0);
  return { task, slots, answered, unanswered, misses: (turn.noted?.misses ?? 0) + fresh, holding };
}

/** When everything said has ended: wait for the caller, or hang up if this was goodbye. */
export function settle<S>(state: CallState<S>, _now: Now): CallEffect[] {
  if (state.saying.length > 0) return [];
  if (state.phase === "closing") return [{ kind: "hang-up" }];
  const isWaiting = state.phase === "talking" && state.hearing === undefined && !state.transferring;
  if (isWaiting && state.noInputMs > 0) {
    return [{ kind: "timer", name: "no-input", afterMs: state.noInputMs }];
  }
  return [];
}

/** Opens the next turn with what the caller said. Until the disclosure all is one turn, and nothing of the caller is in it. */
export function openTurn<S>(
  state: CallState<S>,
  talk: Talk<S>,
  now: Now,
  heard: {
    text: string;
    nbest: [string, number | null][];
    confidence: number | null;
    fromMs: number | null;
    toMs: number | null;
  },
): CallState<S> {
  if (!talk.read(state.talk).disclosed) return state;
  const turn = emptyTurn(state.turn.n + 1, now);
  return {
    ...state,
    turn: {
      ...turn,
      heard: heard.text,
      nbest: heard.nbest,
      confidence: heard.confidence,
      heardFromMs: heard.fromMs,
      heardToMs: heard.toMs,
    },
  };
}

/** A turn of no words. */
export const silence: Parameters<typeof openTurn>[3] = {
  text: "",
  nbest: [],
  confidence: null,
  fromMs: null,
  toMs: null,
};

/** More often is no chance: somebody is there. */
const mostChanceWords = 2;

/** The caller has been waited for in vain. */
export function nothingHeard<S>(state: CallState<S>, talk: Talk<S>, now: Now): Step<S> {
  const faint = state.faint > mostChanceWords ? { faint: true } : {};
  return converse(openTurn(state, talk, now, silence), talk, [{ kind: "no-input", ...faint, now: now.local }], now);
}
