/** What must be true of the call machine for any order of events. Seeded; a failure prints its case. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { CallEffect, CallEvent } from "../../src/calls/machine.ts";
import { clearVoice, startedCall, transcript } from "./harness.ts";

const runs = { seed: 20_261_121, numRuns: 400 };

/** What the world may do next; the test fills in whatever numbers are in force. */
const happening = fc.constantFrom(
  "speak",
  "speak",
  "pause",
  "pause",
  "text",
  "text",
  "noise",
  "listening",
  "fails",
  "goes-on",
  "over",
  "over",
  "cut",
  "played",
  "played",
  "held",
  "no-voice",
  "no-input",
  "digit",
  "hash",
  "booked",
  "late-text",
);

function live(happenings: readonly string[]) {
  const call = startedCall();
  const effects: CallEffect[] = [];
  const open = new Set<number>();
  const ended: number[] = [];
  let utteranceId = 0;
  let pause = 0;
  let inUtterance = false;

  function post(event: CallEvent): void {
    for (const effect of call.post(event)) {
      effects.push(effect);
      if (effect.kind === "speak") open.add(effect.say.playId);
      // As the speaker has it: a prompt that is cancelled ends, and says so.
      if (effect.kind === "cancel-speech") end(effect.playId, false);
    }
  }

  function end(playId: number, completed: boolean): void {
    if (!open.delete(playId)) return;
    ended.push(playId);
    post({ kind: "play-ended", playId, completed, heardShare: completed ? 1 : 0, heardText: "" });
  }

  const said = (text: string, number = pause) =>
    post({ kind: "transcribed", utteranceId, pause: number, transcript: transcript(text) });

  const acts: Record<string, () => void> = {
    speak() {
      if (inUtterance) return;
      [utteranceId, pause, inUtterance] = [utteranceId + 1, 0, true];
      post({ kind: "speech-started", utteranceId });
    },
    pause: () =>
      inUtterance && post({ kind: "paused", utteranceId, pause: ++pause, samples: call.samples, voice: clearVoice }),
    text: () => said("hello there"),
    noise: () => said(""),
    listening: () => said("okay"),
    "late-text": () => said("hello again", Math.max(0, pause - 1)),
    fails: () => post({ kind: "transcription-failed", utteranceId, pause }),
    "goes-on": () => inUtterance && post({ kind: "resumed", utteranceId }),
    over() {
      if (!inUtterance || pause === 0) return;
      inUtterance = false;
      post({ kind: "utterance", utteranceId, pause, samples: undefined, voice: clearVoice, fromMs: null, toMs: null });
    },
    cut() {
      if (!inUtterance) return;
      inUtterance = false;
      post({
        kind: "utterance",
        utteranceId,
        pause: undefined,
        samples: call.samples,
        voice: clearVoice,
        fromMs: null,
        toMs: null,
      });
    },
    played() {
      const [first] = open;
      if (first !== undefined) end(first, true);
    },
    held() {
      for (const playId of open) post({ kind: "play-held", playId, playedMs: 400, heardShare: 0.4, heardText: "You" });
    },
    "no-voice"() {
      const [first] = open;
      if (first === undefined) return;
      open.delete(first);
      ended.push(first);
      post({ kind: "voice-failed", playId: first });
    },
    "no-input": () => post({ kind: "timer", name: "no-input" }),
    digit: () => post({ kind: "digit", digit: "7" }),
    hash: () => post({ kind: "digit", digit: "#" }),
    booked: () =>
      post({
        kind: "desk",
        answer: {
          kind: "done",
          done: { action: "book-viewing", id: "v", start: "2026-11-24T10:00", awaiting: undefined },
        },
      }),
  };

  post({ kind: "acknowledged" });
  post({ kind: "rtp-arrived" });
  for (const one of happenings) acts[one]?.();
  return { call, post, effects, open, ended, acts };
}

test("every prompt that is handed out is known to be open until it ends, and ends once", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 80 }), (happenings) => {
      const { call, open, ended, effects } = live(happenings);
      expect(new Set(call.state().saying.map(({ playId }) => playId))).toEqual(open);
      expect(new Set(ended).size).toBe(ended.length);
      const spoken = effects.flatMap((effect) => (effect.kind === "speak" ? [effect.say.playId] : []));
      expect(new Set(spoken).size).toBe(spoken.length);
    }),
    runs,
  );
});

test("no utterance makes two turns, and every one that is over and judged gives our voice back", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 80 }), (happenings) => {
      const { call, effects, post, acts } = live(happenings);
      const heard = call.inputs().filter(({ kind }) => kind === "heard" || kind === "not-heard");
      const utterances = happenings.filter((one) => one === "speak").length;
      expect(heard.length).toBeLessThanOrEqual(utterances);
      for (const { hearing, transcript: known } of call.state().earlier) {
        if (known !== undefined || hearing.final === undefined) continue;
        const { utteranceId, final } = hearing;
        post({ kind: "transcribed", utteranceId, pause: final.pause, transcript: transcript("before") });
      }
      // Whatever is open now comes to its end, and with it to a release that names it.
      const last = call.state().hearing?.utteranceId;
      if (last === undefined || call.state().phase !== "talking") return;
      acts.pause?.();
      acts.over?.();
      const final = call.state().hearing?.final;
      if (final !== undefined)
        post({ kind: "transcribed", utteranceId: last, pause: final.pause, transcript: transcript("hello") });
      expect(call.state().hearing).toBeUndefined();
      expect(call.state().earlier).toEqual([]);
      expect(effects).toContainEqual(expect.objectContaining({ kind: "release", utteranceId: last }));
    }),
    runs,
  );
});

test("at the end every timer is stopped, and nothing happens any more", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), fc.array(happening, { maxLength: 20 }), (before, after) => {
      const { post, effects, acts } = live(before);
      post({ kind: "gone", by: "caller" });
      const set = new Set<string>();
      for (const effect of effects) {
        if (effect.kind === "timer") set.add(effect.name);
        if (effect.kind === "stop-timer") set.delete(effect.name);
      }
      expect([...set]).toEqual([]);
      const count = effects.length;
      for (const one of after) acts[one]?.();
      expect(effects.length).toBe(count);
    }),
    runs,
  );
});
