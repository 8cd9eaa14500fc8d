import { describe, expect, test } from "bun:test";
import { judge } from "../../../src/calls/after/quality.ts";
import { factsWith, turnsOf } from "./facts.ts";

const kinds = (facts: Parameters<typeof factsWith>[0]) =>
  judge(factsWith(facts)).reasons.map(({ kind, count, points }) => [kind, count, points]);

const day = "Which day would suit you best?";
const viewing = (slots: Record<string, string>) => ({ task: "viewing", slots });

describe("quality", () => {
  test("a smooth call has all its points, one without a turn of the caller has none to lose", () => {
    const turns = turnsOf({ heard: "bye", said: "Goodbye." });
    expect(judge(factsWith({ turns }))).toEqual({ score: 100, reasons: [] });
    expect(judge(factsWith({ turns: turnsOf() }))).toEqual({ score: undefined, reasons: [] });
  });

  test("what was not understood costs most, up to its bound", () => {
    const miss = { heard: "mumble", said: "Sorry?", noted: { misses: 1 } };
    expect(kinds({ turns: turnsOf(miss, miss) })).toEqual([["not-understood", 2, 16]]);
    expect(kinds({ turns: turnsOf(...Array.from({ length: 9 }, () => miss)) })).toEqual([["not-understood", 9, 40]]);
  });

  test("a corrected item counts, a new one and a new task do not", () => {
    const first = { heard: "Tuesday", said: "What time?", noted: viewing({ date: "2026-11-24" }) };
    const corrected = { heard: "no, Thursday", said: "Thursday, then.", noted: viewing({ date: "2026-11-26" }) };
    const more = { heard: "at ten", said: "Your name?", noted: viewing({ date: "2026-11-26", time: "10:00" }) };
    const other = { heard: "x", said: "Yes?", noted: { task: "message", slots: { date: "2026-12-01" } } };
    expect(kinds({ turns: turnsOf(first, corrected, more, other) })).toEqual([["corrected", 1, 4]]);
  });

  test("a question said again counts, unless something was answered or misheard in between", () => {
    const asked = { heard: "Maple Road", said: `14 Maple Road. ${day}` };
    const again = { heard: "pardon?", said: day };
    const answered = { heard: "is there parking?", said: `There is. ${day}`, noted: { answered: ["parking"] } };
    const misheard = { heard: "mumble", said: `Sorry? ${day}`, noted: { answered: ["parking"], misses: 1 } };
    expect(kinds({ turns: turnsOf(asked, again) })).toEqual([["repeated", 1, 4]]);
    expect(kinds({ turns: turnsOf(asked, answered, misheard) })).toEqual([["not-understood", 1, 8]]);
    expect(
      kinds({ turns: turnsOf({ heard: "07", said: "Yes, go on." }, { heard: "700", said: "Yes, go on." }) }),
    ).toEqual([]);
  });

  test("silence counts, not while the caller asked us to wait", () => {
    const silent = { said: "Are you still there?" };
    const waiting = { said: "I'm still here. Take your time.", noted: { holding: true } };
    expect(kinds({ turns: turnsOf(silent, waiting) })).toEqual([["silence", 1, 4]]);
  });

  test("words spoken into count, but not the last ones, which the end of the call cut short", () => {
    const cut = { heard: "yes", said: "Very good, that is booked.", saidInFull: false };
    expect(kinds({ turns: turnsOf(cut, { heard: "and", said: "Anything else?" }) })).toEqual([["interrupted", 1, 2]]);
    expect(kinds({ turns: turnsOf(cut) })).toEqual([]);
  });

  test("answers cost a point for every tenth of a second begun above what nobody notices", () => {
    const turns = turnsOf({ heard: "bye", said: "Goodbye." });
    expect(kinds({ turns, figures: { answerP50Ms: 400, answerP95Ms: 650 } })).toEqual([]);
    expect(kinds({ turns, figures: { answerP50Ms: 401, answerP95Ms: 751 } })).toEqual([
      ["slow-usually", 401, 1],
      ["slow-at-times", 751, 2],
    ]);
    expect(kinds({ turns, figures: { answerP50Ms: 9_000, answerP95Ms: 9_000 } }).map(([, , points]) => points)).toEqual(
      [10, 15],
    );
  });

  test("hanging up in the midst of something costs, saying goodbye does not; a call cut off costs more", () => {
    const turns = turnsOf({ heard: "Maple Road", said: day, asks: "date", noted: viewing({ property: "maple-14" }) });
    expect(kinds({ turns, outcome: "abandoned" })).toEqual([["abandoned", 1, 25]]);
    expect(kinds({ turns: turnsOf({ heard: "hm" }), outcome: "abandoned" })).toEqual([]);
    expect(kinds({ turns, outcome: "booked", cutOff: true })).toEqual([["cut-off", 1, 40]]);
    expect(kinds({ turns, outcome: "failed" })).toEqual([["cut-off", 1, 40]]);
  });

  test("never less than nothing", () => {
    const bad = { heard: "mumble", said: "Sorry?", saidInFull: false, noted: { misses: 3 } };
    const turns = turnsOf(
      ...Array.from({ length: 12 }, () => bad),
      ...Array.from({ length: 9 }, () => ({ said: "Hello?" })),
    );
    const figures = { answerP50Ms: 5_000, answerP95Ms: 9_000 };
    expect(judge(factsWith({ turns, figures, outcome: "failed" })).score).toBe(0);
  });

  test("turns of older versions, without notes, are judged by what they have", () => {
    const turns = turnsOf({ heard: "x", said: day }, { heard: "what?", said: day }).map(({ noted, ...turn }) => turn);
    expect(kinds({ turns })).toEqual([["repeated", 1, 4]]);
  });
});
