/** Calls in text against a real, encrypted database with the demo agency in it: the desk is the appliance's own. */
import { createAgencyView } from "../../src/agency/agency-view.ts";
import type { LocalTime } from "../../src/agency/types.ts";
import { deskAnswer, emergencyOf } from "../../src/calls/desk-answers.ts";
import type { Effect, Input } from "../../src/receptionist/contract.ts";
import { receptionFlow } from "../../src/receptionist/flows/reception.ts";
import type { State } from "../../src/receptionist/state.ts";
import { createTalk } from "../../src/receptionist/talk.ts";
import { openDesk } from "../../src/start/desk.ts";
import { noRing } from "../../src/start/on-call.ts";
import { makeOffice } from "../store/opened.ts";

/** A Tuesday morning, as the office's own clock has it. */
export const NOW: LocalTime = "2026-11-24T10:05";
const at = new Date("2026-11-24T10:05:00Z");

type Unstamped<T> = T extends unknown ? Omit<T, "now"> : never;

export type OfficeCall = {
  readonly state: State;
  /** All that was said and heard, in order. */
  readonly lines: string[];
  /** What the call ended with. */
  readonly outcome: string | undefined;
  readonly over: boolean;
  /** Each answers with what was said to it. */
  say(text: string, ...others: string[]): string;
  /** Words of which the recogniser is unsure. */
  doubt(text: string): string;
  keys(digits: string): string;
  silence(): string;
  notHeard(): string;
  /** What was said last but one, "That's booked …", was cut short after `heardShare` of it, and what followed unheard. */
  cutLast(heardShare: number): void;
  /** What was said last was cut short after these words. */
  cutShort(heardText: string): void;
};

export function openOffice() {
  const office = makeOffice();
  const view = createAgencyView(office.records.agency);
  const talk = createTalk(receptionFlow, view);
  const desk = openDesk(
    { clock: () => at },
    { records: office.records, view, onCall: noRing(office.records, () => at) },
  );
  let calls = 0;

  function call(): OfficeCall {
    const callId = `call-${++calls}`;
    office.records.callLog.begin({ id: callId, line: "200", startedAt: at });
    let state = talk.start();
    let outcome: string | undefined;
    const lines: string[] = [];
    let said: string[] = [];
    let sayIds: number[] = [];

    function feed(input: Unstamped<Input>): void {
      const result = talk.step(state, { ...input, now: NOW } as Input);
      state = result.state;
      for (const effect of result.effects) carryOut(effect);
    }

    function carryOut(effect: Effect): void {
      switch (effect.kind) {
        case "say":
          said.push(effect.text);
          sayIds.push(effect.sayId);
          lines.push(`  G ${effect.text}`);
          return feed({ kind: "said", sayId: effect.sayId, completed: true, heardShare: 1 });
        case "do":
          return feed(deskAnswer(desk(callId), effect.action, callId, fail));
        case "emergency":
          return desk(callId).noteEmergency({ ...emergencyOf(effect), callId });
        case "end":
          outcome = effect.outcome;
          return;
        default:
          return;
      }
    }

    function turn(shown: string, input: Unstamped<Input>): string {
      said = [];
      sayIds = [];
      lines.push(`C ${shown}`);
      feed(input);
      return said.join(" ");
    }

    feed({ kind: "started" });
    return {
      get state() {
        return state;
      },
      lines,
      get outcome() {
        return outcome;
      },
      get over() {
        return outcome !== undefined;
      },
      say: (text, ...others) =>
        turn(text, { kind: "heard", heard: { text, nbest: [text, ...others].map((one) => [one, null]) } }),
      doubt: (text) => turn(`${text}?`, { kind: "heard", heard: { text, nbest: [[text, null]], doubtful: true } }),
      keys: (digits) => turn(`[${digits}]`, { kind: "keys", digits }),
      silence: () => turn("…", { kind: "no-input" }),
      notHeard: () => turn("(not heard)", { kind: "not-heard" }),
      cutShort(heardText) {
        const last = sayIds.at(-1);
        if (last === undefined) return;
        feed({ kind: "said", sayId: last, completed: false, heardShare: 0.5, heardText });
      },
      cutLast(heardShare) {
        const [first, ...others] = sayIds;
        if (first === undefined) return;
        feed({ kind: "said", sayId: first, completed: false, heardShare });
        for (const sayId of others) feed({ kind: "said", sayId, completed: false, heardShare: 0 });
      },
    };
  }

  return { ...office, view, call };
}

/** What is not refused but fails is a fault of the test's. */
function fail(error: unknown): void {
  throw error;
}
