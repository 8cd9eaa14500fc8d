import { describe, expect, test } from "bun:test";
import {
  answerMs,
  type TransferEffect,
  type TransferEvent,
  type TransferMode,
  type TransferState,
} from "../../../src/calls/transfer/machine.ts";
import { beginTransfer, stepTransfer } from "../../../src/calls/transfer/step.ts";
import type { LegEnd, ReferOutcome } from "../../../src/sip/leg-ports.ts";
import { seeded } from "../../media/network.ts";

function attempt(mode: TransferMode, ...events: TransferEvent[]) {
  const begun = beginTransfer(mode);
  let state = begun.state;
  const all: TransferEffect[] = [...begun.effects];
  let last = begun.effects;
  for (const event of events) {
    const step = stepTransfer(state, event);
    state = step.state;
    last = step.effects;
    all.push(...step.effects);
  }
  return { state, all, last, kinds: last.map(({ kind }) => kind) };
}

const answered: TransferEvent = { kind: "answered" };
const pause: TransferEvent = { kind: "timer", name: "pause" };
const said: TransferEvent = { kind: "said", spoken: true };
const waited: TransferEvent = { kind: "timer", name: "answer" };
const one: TransferEvent = { kind: "key", digit: "1" };
const asked = [answered, pause, said];
const words = (answer: "accepts" | "declines" | "machine" | "unclear", whileSaying = false): TransferEvent => ({
  kind: "words",
  answer,
  whileSaying,
});
const ended = (end: LegEnd): TransferEvent => ({ kind: "leg-ended", end });
const refer = (outcome: ReferOutcome): TransferEvent => ({ kind: "refer-done", outcome });

describe("a consult leg", () => {
  test("rings, is asked, accepts by key: handed over, bridged, and the PBX is asked to join them", () => {
    const { last, state } = attempt("consult", ...asked, one);
    expect(last).toEqual([
      { kind: "stop-timers" },
      { kind: "handed-over" },
      { kind: "ringback", on: false },
      { kind: "bridge" },
      { kind: "timer", name: "refer", afterMs: 8_000 },
      { kind: "refer", to: "leg" },
    ]);
    expect(state.phase).toBe("bridged");
  });

  test("accepts by a word only after it has been asked: some answer the telephone with yes", () => {
    expect(attempt("consult", answered, words("accepts")).state.phase).toBe("asking");
    expect(attempt("consult", answered, pause, words("accepts", true)).state.phase).toBe("asking");
    expect(attempt("consult", ...asked, words("accepts")).state.phase).toBe("bridged");
    expect(attempt("consult", ...asked, waited, words("accepts", true)).state.phase).toBe("bridged");
  });

  test.each([
    ["key 2", { kind: "key", digit: "2" } as const, "declined"],
    ["no", words("declines"), "declined"],
    ["a machine's words", words("machine"), "no-answer"],
    ["hanging up", ended("they-hung-up"), "declined"],
    ["no voice to ask with", { kind: "said", spoken: false } as const, "failed"],
    ["its sound failing", { kind: "no-media" } as const, "failed"],
    ["the limit", { kind: "timer", name: "limit" } as const, "no-answer"],
    ["the caller's change of mind", { kind: "withdrawn" } as const, "withdrawn"],
  ])("asked, ends by %s", (_, event, reason) => {
    const { all, state, last } = attempt("consult", ...asked, waited, event);
    expect(last.at(-1)).toEqual({ kind: "returned", reason: reason as never });
    expect(state.phase).toBe("over");
    expect(all.some(({ kind }) => kind === "hang-up-leg")).toBe(event.kind !== "leg-ended");
  });

  test("is asked twice; silence after that, and talk that accepts nothing, count as no answer", () => {
    const { all, last } = attempt("consult", ...asked, words("unclear"), waited, said, words("unclear"), waited);
    expect(all.filter(({ kind }) => kind === "ask-leg")).toEqual([
      { kind: "ask-leg", time: 1 },
      { kind: "ask-leg", time: 2 },
    ]);
    const waits = all.filter((effect) => effect.kind === "timer" && effect.name === "answer");
    expect(waits).toEqual(answerMs.map((afterMs) => ({ kind: "timer", name: "answer", afterMs })));
    expect(last).toEqual([
      { kind: "stop-timers" },
      { kind: "ringback", on: false },
      { kind: "hang-up-leg" },
      { kind: "returned", reason: "no-answer" },
    ]);
  });

  test.each([
    ["busy", "busy"],
    ["declined", "declined"],
    ["no-answer", "no-answer"],
    ["looped", "no-answer"],
    ["not-allowed", "unreachable"],
    ["unreachable", "unreachable"],
    ["credentials", "unreachable"],
    ["media", "unreachable"],
    ["transport-failed", "failed"],
    ["shutdown", "failed"],
  ] as const)("that ends before its answer as %s gives the caller back: %s", (end, reason) => {
    expect(attempt("consult", ended(end)).last).toEqual([
      { kind: "stop-timers" },
      { kind: "ringback", on: false },
      { kind: "returned", reason },
    ]);
  });

  test("is cancelled at once when the caller hangs up, in every phase before the PBX has taken him", () => {
    for (const before of [[], [answered], asked, [...asked, one], [...asked, one, refer("refused")]]) {
      const { kinds } = attempt("consult", ...before, { kind: "caller-gone" });
      expect(kinds).toContain("hang-up-leg");
      expect(kinds.at(-1)).toBe("completed");
      expect(kinds).not.toContain("returned");
    }
  });
});

describe("accepted", () => {
  const taken = [...asked, one];
  const accepted: TransferEvent = { kind: "refer-accepted" };

  test("a PBX that refuses, or fails, leaves them joined here until one hangs up", () => {
    for (const outcome of ["refused", "failed", "unknown"] as const) {
      expect(attempt("consult", ...taken, accepted, refer(outcome)).state.phase).toBe("bridged");
      const { kinds } = attempt("consult", ...taken, refer(outcome), ended("they-hung-up"));
      expect(kinds).toEqual(["stop-timers", "unbridge", "hang-up-caller", "completed"]);
    }
  });

  test("a PBX that accepts and then does nothing leaves them to us: one hanging up ends it, and news may still come", () => {
    const idle = [...taken, accepted, { kind: "timer", name: "refer" } as const];
    expect(attempt("consult", ...taken, accepted).last).toEqual([{ kind: "timer", name: "refer", afterMs: 10_000 }]);
    expect(attempt("consult", ...idle, ended("they-hung-up")).kinds).toContain("hang-up-caller");
    expect(attempt("consult", ...idle, refer("unknown")).kinds).toEqual([]);
    expect(attempt("consult", ...idle, refer("succeeded")).kinds).toContain("hang-up-caller");
  });

  test("a PBX that has joined them is left alone with them", () => {
    const { kinds } = attempt("consult", ...taken, accepted, refer("succeeded"));
    expect(kinds).toEqual(["stop-timers", "unbridge", "hang-up-leg", "hang-up-caller", "completed"]);
  });

  test("the leg gone first: the caller hears the ringing tone and is back within 2 s unless the PBX has him", () => {
    const { all, last } = attempt("consult", ...taken, accepted, ended("they-hung-up"));
    expect(last).toEqual([
      { kind: "stop-timers" },
      { kind: "unbridge" },
      { kind: "ringback", on: true },
      { kind: "timer", name: "refer", afterMs: 1_500 },
    ]);
    expect(all.filter(({ kind }) => kind === "handed-over")).toHaveLength(1);
    const gone = [...taken, accepted, ended("replaced")];
    expect(attempt("consult", ...gone, refer("succeeded")).kinds).toContain("hang-up-caller");
    expect(attempt("consult", ...gone, refer("failed")).last.at(-1)).toEqual({ kind: "returned", reason: "failed" });
    expect(attempt("consult", ...gone, { kind: "timer", name: "refer" }).last.at(-1)?.kind).toBe("returned");
  });

  test("the caller's dialog ended by the PBX as it takes him: what is to be replaced stays for a moment", () => {
    const lingering = attempt("consult", ...taken, accepted, { kind: "caller-gone" });
    expect(lingering.kinds).toEqual(["stop-timers", "unbridge", "timer"]);
    expect(attempt("consult", ...taken, accepted, { kind: "caller-gone" }, ended("replaced")).kinds.at(-1)).toBe(
      "completed",
    );
    const late = attempt("consult", ...taken, accepted, { kind: "caller-gone" }, { kind: "timer", name: "linger" });
    expect(late.kinds).toContain("hang-up-leg");
  });
});

describe("blind", () => {
  test("is handed over once the PBX has accepted, not before", () => {
    const { all } = attempt("blind");
    expect(all.map(({ kind }) => kind)).toEqual(["ringback", "timer", "refer"]);
    expect(attempt("blind", { kind: "refer-accepted" }).kinds).toEqual(["stop-timers", "handed-over"]);
  });

  test.each(["refused", "failed", "unknown"] as const)("%s: the caller is back", (outcome) => {
    expect(attempt("blind", refer(outcome)).last.at(-1)).toEqual({ kind: "returned", reason: "failed" });
  });

  test("a PBX that says nothing is one that refuses", () => {
    expect(attempt("blind", { kind: "timer", name: "refer" }).kinds).toEqual(["stop-timers", "ringback", "returned"]);
  });

  test("done: the call is over here", () => {
    const { kinds } = attempt("blind", { kind: "refer-accepted" }, refer("succeeded"));
    expect(kinds.slice(-2)).toEqual(["hang-up-caller", "completed"]);
  });
});

/** What the world would be after these effects; it checks as it goes. */
function world() {
  const seen = { ringing: false, joined: false, leg: false, legAsked: false, handedOver: 0, refers: 0, end: "" };
  const timers = new Set<string>();
  return {
    seen,
    timers,
    carryOut(effects: readonly TransferEffect[]) {
      for (const effect of effects) {
        if (seen.end !== "") throw new Error(`${effect.kind} after ${seen.end}`);
        switch (effect.kind) {
          case "call-leg":
            if (seen.legAsked) throw new Error("two legs");
            seen.leg = seen.legAsked = true;
            break;
          case "hang-up-leg":
            seen.leg = false;
            break;
          case "ringback":
            seen.ringing = effect.on;
            break;
          case "bridge":
            if (!seen.leg || seen.handedOver === 0) throw new Error("bridged too soon");
            seen.joined = true;
            break;
          case "unbridge":
            seen.joined = false;
            break;
          case "handed-over":
            seen.handedOver++;
            break;
          case "refer":
            seen.refers++;
            break;
          case "timer":
            timers.add(effect.name);
            break;
          case "stop-timers":
            timers.clear();
            break;
          case "returned":
          case "completed":
            seen.end = effect.kind;
            break;
          default:
        }
      }
    },
  };
}

const ends = ["busy", "declined", "no-answer", "looped", "they-hung-up", "replaced", "transport-failed"] as const;
const outcomes = ["refused", "succeeded", "failed", "unknown"] as const;

function anyEvent(random: () => number, w: ReturnType<typeof world>): TransferEvent {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const timers = [...w.timers];
  const events: TransferEvent[] = [
    { kind: "answered" },
    { kind: "said", spoken: random() < 0.9 },
    { kind: "key", digit: pick(["1", "1", "2", "5", "*"]) },
    words(pick(["accepts", "declines", "machine", "unclear"] as const), random() < 0.5),
    { kind: "refer-accepted" },
    refer(pick(outcomes)),
    ...(timers.length > 0 ? [pick(timers.map((name) => ({ kind: "timer", name }) as TransferEvent))] : []),
    ...(random() < 0.3 ? [{ kind: "withdrawn" } as const, { kind: "no-media" } as const] : []),
    ...(random() < 0.1 ? [{ kind: "caller-gone" } as const] : []),
    ...(w.seen.leg && random() < 0.3 ? [ended(pick(ends))] : []),
  ];
  return pick(events);
}

test("whatever happens in whatever order: one end, the leg ended with it, and never silence before it", () => {
  const random = seeded(20261121);
  const reached = new Map<string, number>();
  for (let run = 0; run < 20_000; run++) {
    const w = world();
    const begun = beginTransfer(random() < 0.85 ? "consult" : "blind");
    let state: TransferState = begun.state;
    w.carryOut(begun.effects);
    let callerIsThere = true;
    for (let i = 0; i < 60 && w.seen.end === ""; i++) {
      const event = anyEvent(random, w);
      if (event.kind === "timer") w.timers.delete(event.name);
      if (event.kind === "leg-ended") w.seen.leg = false;
      if (event.kind === "caller-gone") callerIsThere = false;
      const step = stepTransfer(state, event);
      state = step.state;
      w.carryOut(step.effects);
      reached.set(state.phase, (reached.get(state.phase) ?? 0) + 1);
      expect(state.hasLeg).toBe(w.seen.leg);
      if (w.seen.end !== "") continue;
      // Somebody or something is heard, and something will happen even if the world falls silent.
      if (callerIsThere) expect(w.seen.ringing !== w.seen.joined).toBe(true);
      const waitsForStack = state.refer !== "none" && w.seen.handedOver > 0;
      const waitsForVoice = state.isSaying;
      if (!w.seen.joined && !waitsForStack && !waitsForVoice) expect(w.timers.size).toBeGreaterThan(0);
    }
    if (w.seen.end === "") {
      const last = stepTransfer(state, { kind: "caller-gone" });
      w.carryOut(last.effects);
      if (w.seen.end === "") w.carryOut(stepTransfer(last.state, { kind: "timer", name: "linger" }).effects);
    }
    expect(w.seen.end).not.toBe("");
    expect(w.seen.leg).toBe(false);
    expect(w.seen.joined || w.seen.ringing).toBe(false);
    expect(w.timers.size).toBe(0);
    expect(w.seen.handedOver).toBeLessThanOrEqual(1);
    expect(w.seen.refers).toBeLessThanOrEqual(1);
    expect(stepTransfer(stepTransfer(state, { kind: "caller-gone" }).state, one).effects).toEqual([]);
  }
  for (const phase of ["asking", "bridged", "moving", "lingering", "over"])
    expect(reached.get(phase)).toBeGreaterThan(50);
});
