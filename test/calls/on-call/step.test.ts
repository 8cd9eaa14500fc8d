/** The on-call ring's rules, one by one, and under whatever may come in whatever order. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  againMs,
  noAlerts,
  type OnCallEffect,
  type OnCallEvent,
  type OnCallPhone,
  type OnCallState,
} from "../../../src/calls/on-call/machine.ts";
import { stepOnCall } from "../../../src/calls/on-call/step.ts";

const [anna, ben] = ["301", "302"].map((extension): OnCallPhone => ({ trunk: "peers", extension }));
const both = [anna, ben].filter((phone) => phone !== undefined);

function ring(phones: readonly OnCallPhone[] = both) {
  let state: OnCallState = noAlerts;
  return {
    state: () => state,
    on(event: OnCallEvent, at = phones): OnCallEffect[] {
      const step = stepOnCall(state, event, at);
      state = step.state;
      return step.effects;
    },
  };
}

const timer = (name: "again" | "ring" | "pause" | "answer" | "limit", alertId = "a"): OnCallEvent => ({
  kind: "timer",
  name,
  alertId,
});
const called = (effects: readonly OnCallEffect[]) =>
  effects.flatMap((effect) =>
    effect.kind === "call-phone" ? [`${effect.phone.extension} for ${effect.alertId}`] : [],
  );
const kinds = (effects: readonly OnCallEffect[]) => effects.map(({ kind }) => kind);

/** Anna has picked up and has been told. */
function told() {
  const calls = ring();
  calls.on({ kind: "raised", alertId: "a" });
  calls.on({ kind: "answered" });
  calls.on(timer("pause"));
  calls.on({ kind: "said", spoken: true });
  return calls;
}

test("the first on call is rung; not answered, the next; after the last, all again in five minutes", () => {
  const calls = ring();
  expect(called(calls.on({ kind: "raised", alertId: "a" }))).toEqual(["301 for a"]);
  expect(called(calls.on({ kind: "leg-ended" }))).toEqual(["302 for a"]);
  const effects = calls.on({ kind: "leg-ended" });
  expect(called(effects)).toEqual([]);
  expect(effects).toContainEqual({ kind: "timer", name: "again", alertId: "a", afterMs: againMs });
  expect(againMs).toBe(300_000);
  expect(called(calls.on(timer("again")))).toEqual(["301 for a"]);
});

test("key 1 takes it: kept at once, thanked, hung up, rung no more", () => {
  const calls = told();
  const effects = calls.on({ kind: "key", digit: "1" });
  expect(kinds(effects)).toEqual(["stop-phone-timers", "taken", "timer", "thank"]);
  expect(calls.state().alerts).toEqual([]);
  expect(kinds(calls.on({ kind: "said", spoken: true }))).toEqual(["stop-phone-timers", "hang-up"]);
  expect(calls.on(timer("again"))).toEqual([]);
});

test("no other key takes it, and 1 not before it is said what it is about", () => {
  const calls = ring();
  calls.on({ kind: "raised", alertId: "a" });
  expect(calls.on({ kind: "key", digit: "1" })).toEqual([]);
  calls.on({ kind: "answered" });
  expect(calls.on({ kind: "key", digit: "1" })).toEqual([]);
  calls.on(timer("pause"));
  for (const digit of "0234567890*#") expect(calls.on({ kind: "key", digit })).toEqual([]);
  expect(kinds(calls.on({ kind: "key", digit: "1" }))).toContain("taken"); // into the question is soon enough
});

test("silence is asked once more, and then is no answer: the next is rung", () => {
  const calls = told();
  expect(kinds(calls.on(timer("answer")))).toEqual(["ask"]);
  calls.on({ kind: "said", spoken: true });
  const effects = calls.on(timer("answer"));
  expect(effects).toContainEqual({
    kind: "tried",
    alertId: "a",
    phone: both[0] as OnCallPhone,
    result: "not-accepted",
  });
  expect(called(effects)).toEqual(["302 for a"]);
});

test("a voicemail that talks is left at once, one that talks for ever after its limit", () => {
  expect(called(told().on({ kind: "machine" }))).toEqual(["302 for a"]);
  expect(called(told().on(timer("limit")))).toEqual(["302 for a"]);
});

test("acknowledged elsewhere while it rings: hung up, and the next emergency is rung", () => {
  const calls = ring();
  calls.on({ kind: "raised", alertId: "a" });
  expect(calls.on({ kind: "raised", alertId: "b" })).toEqual([]); // one telephone at a time
  const effects = calls.on({ kind: "acknowledged", alertId: "a" });
  expect(kinds(effects)).toContain("hang-up");
  expect(called(effects)).toEqual(["301 for b"]);
});

test("nobody on call: looked again in five minutes, when somebody may be", () => {
  const calls = ring([]);
  expect(kinds(calls.on({ kind: "raised", alertId: "a" }))).toEqual(["timer"]);
  expect(called(calls.on(timer("again"), both))).toEqual(["301 for a"]);
});

test("raised twice is raised once; stopped, nothing rings", () => {
  const calls = ring();
  calls.on({ kind: "raised", alertId: "a" });
  expect(calls.on({ kind: "raised", alertId: "a" })).toEqual([]);
  expect(kinds(calls.on({ kind: "stop" }))).toEqual(["stop-again", "stop-phone-timers", "hang-up"]);
  expect(calls.on({ kind: "raised", alertId: "b" })).toEqual([]);
});

const alertId = fc.constantFrom("a", "b", "c");
const anyEvent: fc.Arbitrary<OnCallEvent> = fc.oneof(
  fc.record({ kind: fc.constant("raised" as const), alertId }),
  fc.record({ kind: fc.constant("acknowledged" as const), alertId }),
  fc.constantFrom<OnCallEvent>({ kind: "answered" }, { kind: "leg-ended" }, { kind: "no-media" }, { kind: "machine" }),
  fc.record({ kind: fc.constant("said" as const), spoken: fc.boolean() }),
  fc.record({ kind: fc.constant("key" as const), digit: fc.constantFrom("1", "2", "#") }),
  fc.record({
    kind: fc.constant("timer" as const),
    name: fc.constantFrom("again" as const, "ring" as const, "pause" as const, "answer" as const, "limit" as const),
    alertId,
  }),
);
const anyPhones = fc.subarray(both, { minLength: 0 });

test("whatever comes: one telephone at a time, taken by key 1 alone, and no open emergency is forgotten", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, anyPhones), { maxLength: 60 }), (events) => {
      let state: OnCallState = noAlerts;
      const waiting = new Set<string>();
      let isOnPhone = false;
      for (const [event, phones] of events) {
        const before = state;
        const step = stepOnCall(before, event, phones);
        state = step.state;
        // A timer that has fired is there no more.
        if (event.kind === "timer" && event.name === "again") waiting.delete(event.alertId);
        for (const effect of step.effects) {
          if (effect.kind === "call-phone") {
            expect(isOnPhone).toBe(false);
            isOnPhone = true;
          }
          if (effect.kind === "hang-up") isOnPhone = false;
          if (effect.kind === "timer" && effect.name === "again") waiting.add(effect.alertId);
          if (effect.kind === "stop-again") waiting.delete(effect.alertId);
          if (effect.kind === "taken") {
            expect(event).toEqual({ kind: "key", digit: "1" });
            expect(before.ringing?.phase).toBe("asking");
            expect(state.alerts.some(({ id }) => id === effect.alertId)).toBe(false);
          }
        }
        expect(isOnPhone).toBe(state.ringing !== undefined);
        // Each is rung now, comes after the one that is, or has a timer that brings it back.
        for (const { id, isDue } of state.alerts) {
          expect(state.ringing?.alertId === id || (isDue && state.ringing !== undefined) || waiting.has(id)).toBe(true);
        }
      }
    }),
    { numRuns: 3_000, seed: 7 },
  );
});

test("whatever has come, whoever answers the round and presses 1 ends it", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      let state: OnCallState = noAlerts;
      const feed = (event: OnCallEvent) => {
        state = stepOnCall(state, event, both).state;
      };
      for (const event of events) feed(event);
      for (let rounds = 0; state.alerts.length > 0 || state.ringing !== undefined; rounds++) {
        expect(rounds).toBeLessThan(10);
        if (state.ringing === undefined) feed(timer("again", state.alerts[0]?.id));
        feed({ kind: "answered" });
        feed(timer("pause", state.ringing?.alertId));
        feed({ kind: "key", digit: "1" });
        feed({ kind: "said", spoken: true });
      }
    }),
    { numRuns: 1_000, seed: 8 },
  );
});
