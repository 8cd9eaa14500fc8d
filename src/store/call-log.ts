/** The stored side of a running call: each step in one transaction with its audit entry. */
import type { CallLog } from "../calls/ports.ts";
import type { Audit } from "../security/audit.ts";
import type { Ladder } from "../sip/ports.ts";
import type { CallKeys } from "./call-keys.ts";
import type { Calls } from "./calls.ts";
import type { CloseCall } from "./close-call.ts";
import type { Store } from "./connection.ts";
import type { Ladders } from "./ladders.ts";
import type { Turns } from "./turns.ts";

export type CallLogParts = {
  store: Store;
  audit: Audit;
  calls: Calls;
  turns: Turns;
  ladders: Ladders;
  callKeys: CallKeys;
  closing: CloseCall;
};

const caller = (callId: string) => ({ kind: "caller", callId }) as const;

export type StoredCallLog = CallLog & {
  /** The call was an emergency: what kind, nothing of what was said. */
  noteEmergency(note: { callId: string; emergency: string; at: Date }): void;
  /** What the call's messages were, once nothing of it remains; nothing where no such call is kept. */
  signalling(callId: string, ladder: Ladder, at: Date): void;
  /**
   * Closes calls that a crash cut off, at their last turn: as what they had committed, or as failed. At start, before
   * new calls. @returns how many.
   */
  endInterrupted(now: Date): number;
};

/** Every method has committed when it returns. @throws AppError("storage_failed") if the disk does not take it. */
export function createCallLog({ store, audit, calls, turns, ladders, callKeys, closing }: CallLogParts): StoredCallLog {
  return {
    begin({ id, line, startedAt }) {
      store.withTransaction(() => {
        audit.record({ at: startedAt, actor: { kind: "system" }, action: "call.begin", subjects: { call: id, line } });
        calls.add({ id, line, startedAt });
        callKeys.create(id, startedAt);
      });
    },
    disclosed(callId, identity, at) {
      store.withTransaction(() => {
        const shown = identity.withheld || identity.number === undefined ? null : audit.hash("phone", identity.number);
        const subjects = { call: callId, caller: shown };
        audit.record({ at, actor: caller(callId), action: "call.identify", subjects });
        calls.disclose(callId, identity, at);
      });
    },
    turn(callId, turn) {
      store.withTransaction(() => {
        const subjects = { call: callId, n: turn.n };
        audit.record({ at: new Date(turn.at), actor: caller(callId), action: "turn.store", subjects });
        // Words spoken into the disclosure may be acted on (an emergency) but are not kept.
        const { noted: _, ...bare } = turn;
        const kept = calls.isDisclosed(callId)
          ? turn
          : { ...bare, heard: "", nbest: [], confidence: null, heardFromMs: null, heardToMs: null };
        turns.put(callId, kept);
      });
    },
    end(callId, { at, outcome, endedBy, quality }) {
      const { bug } = store.withTransaction(() => {
        const subjects = { call: callId, outcome, by: endedBy };
        audit.record({ at, actor: { kind: "system" }, action: "call.end", subjects });
        calls.end(callId, { at, outcome, endedBy, quality });
        return closing.write(callId, { at, cutOff: false });
      });
      if (bug !== undefined) throw bug; // the end of the call is committed all the same
    },
    noteEmergency({ callId, emergency, at }) {
      store.withTransaction(() => {
        audit.record({ at, actor: caller(callId), action: "call.emergency", subjects: { call: callId, emergency } });
        calls.noteEmergency(callId, emergency);
      });
    },
    signalling(callId, ladder, at) {
      store.withTransaction(() => {
        if (!ladders.put(callId, ladder)) return;
        const subjects = { call: callId, steps: ladder.steps.length };
        audit.record({ at, actor: { kind: "system" }, action: "call.signalling", subjects });
      });
    },
    endInterrupted(now) {
      return store.withTransaction(() => {
        const cutOff = calls.unended();
        for (const { id, lastAt } of cutOff) {
          const outcome = closing.outcomeOf(id);
          const subjects = { call: id, outcome };
          audit.record({ at: now, actor: { kind: "system" }, action: "call.end-interrupted", subjects });
          calls.end(id, { at: new Date(lastAt), outcome, endedBy: "gatehouse", quality: {} });
          closing.write(id, { at: now, cutOff: true }); // a bug there leaves it out: the appliance has to start
        }
        return cutOff.length;
      });
    },
  };
}
