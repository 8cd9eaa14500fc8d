/**
 * One call as text, without a telephone: the same receptionist, the same use cases, in the order in which a call would
 * bring them about. What is said is heard in full at once.
 */
import { AppError } from "../app-error.ts";
import type { Doubt, Effect, Heard, Input, Outcome, Person, PublicState } from "../receptionist/contract.ts";
import { deskAnswer, emergencyOf } from "./desk-answers.ts";
import type { Talk } from "./machine.ts";
import type { CallDesk } from "./ports.ts";

type Questions<S> = { questions(state: S): { answered: readonly string[]; unanswered: readonly string[] } };

export type TextCallPorts<S> = {
  talk: Talk<S> & Questions<S>;
  desk: CallDesk;
  callId: string;
  /** The agency's own time. */
  now(): string;
  /** Whether that person picks up. */
  answers(person: Person): boolean;
};

export type TextAnswer = {
  said: string;
  asks: PublicState["asks"];
  slots: PublicState["slots"];
  /** Silence after which `silent` is due. */
  noInputMs: number;
  ended: boolean;
};

export type TextCall = {
  /** The greeting, once. */
  start(): TextAnswer;
  hear(heard: Heard): TextAnswer;
  /** Keys, complete. */
  press(digits: string): TextAnswer;
  silent(): TextAnswer;
  /** What it came to; `otherwise` if to nothing. */
  outcome(otherwise: Outcome): Outcome;
  /** Silence (ms) after which `textSoFar` is a whole turn, and whether an address may well be among the next words. */
  patience(textSoFar: string, doubt: Doubt): number;
  expectsAddress(): boolean;
  /** What was asked, and answered or not. */
  questions(): ReturnType<Questions<unknown>["questions"]>;
  readonly transfer: { to: Person; answered: boolean } | null;
  readonly emergency: string | null;
  readonly recording: "on" | "stopped";
};

/** Inputs that one turn may bring about: more would be a receptionist that talks to itself. */
const mostInputs = 100;
const usualNoInputMs = 6_000;

export function createTextCall<S>(ports: TextCallPorts<S>): TextCall {
  const { talk, desk, callId } = ports;
  let state = talk.start();
  let noInputMs = usualNoInputMs;
  let ended: Outcome | undefined;
  let transfer: TextCall["transfer"] = null;
  let emergency: string | null = null;
  let recording: TextCall["recording"] = "on";

  function turn(first: Input): TextAnswer {
    const said: string[] = [];
    const inputs: Input[] = [first];
    for (let taken = 0; inputs.length > 0; taken++) {
      if (taken > mostInputs) throw new Error("the receptionist does not come to an end");
      const input = inputs.shift() as Input;
      const step = talk.step(state, input);
      state = step.state;
      for (const effect of step.effects) inputs.push(...carryOut(effect, said));
    }
    const { asks, slots } = talk.read(state);
    return {
      said: said.join(" "),
      asks: ended === undefined ? asks : null,
      slots,
      noInputMs,
      ended: ended !== undefined,
    };
  }

  /** @returns what comes of it. */
  function carryOut(effect: Effect, said: string[]): Input[] {
    const now = ports.now();
    switch (effect.kind) {
      case "say":
        said.push(effect.text);
        return [{ kind: "said", sayId: effect.sayId, completed: true, heardShare: 1, now }];
      case "listen":
        noInputMs = effect.noInputMs;
        return [];
      case "do":
        return [{ ...deskAnswer(desk, effect.action, callId, throwBug), now }];
      case "stop-recording":
        recording = "stopped";
        return [];
      case "emergency":
        emergency = effect.emergency;
        desk.noteEmergency({ ...emergencyOf(effect), callId });
        return [];
      case "transfer": {
        const answered = ports.answers(effect.to);
        transfer = { to: effect.to, answered };
        if (!answered) return [{ kind: "transfer-failed", reason: "no-answer", now }];
        ended = "transferred";
        return [{ kind: "transferred", now }];
      }
      case "end":
        ended ??= effect.outcome;
        return [];
      case "disclosed":
      case "cancel-transfer":
        return [];
    }
  }

  return {
    start: () => turn({ kind: "started", now: ports.now() }),
    hear: (heard) => turn({ kind: "heard", heard, now: ports.now() }),
    press: (digits) => turn({ kind: "keys", digits, now: ports.now() }),
    silent: () => turn({ kind: "no-input", now: ports.now() }),
    patience: (textSoFar, doubt) => talk.patience(talk.read(state), textSoFar, doubt),
    expectsAddress: () => talk.expectsAddress(talk.read(state)),
    questions: () => talk.questions(state),
    outcome: (otherwise) => ended ?? talk.outcome(state, otherwise),
    get transfer() {
      return transfer;
    },
    get emergency() {
      return emergency;
    },
    get recording() {
      return recording;
    },
  };
}

/** A bug is the author's to see. */
function throwBug(error: unknown): void {
  if (!(error instanceof AppError)) throw error;
}
