/** How loud the caller is, and that what is faint beside him is for the room: but never danger, and never at first. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isFaintBeside, speechLevel, withTurnLevel } from "../../src/calls/speaking-level.ts";
import { clearVoice, kinds, spoken, startedCall, transcript } from "./harness.ts";

/** Something that rises and falls as syllables do, `ms` of it, at that level (dB of full scale) while it lasts. */
function voiced(ms: number, levelDb: number): Float32Array {
  const samples = Float32Array.from({ length: 16 * ms }, (_, at) => Math.sin(at / 20) * (1 + Math.sin(at / 2_000)));
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const gain = 10 ** (levelDb / 20) / Math.sqrt(power);
  return samples.map((sample) => sample * gain);
}

function joined(...parts: Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

describe("the level of speech", () => {
  const silence = new Float32Array(16 * 900);

  test("is that of its words, whatever silence is around and between them", () => {
    const words = voiced(800, -26);
    for (const samples of [words, joined(silence, words, silence), joined(words, silence, voiced(300, -26))]) {
      expect(Math.abs(speechLevel(samples) + 26)).toBeLessThan(2);
    }
    expect(speechLevel(silence)).toBe(-100);
    expect(speechLevel(new Float32Array(0))).toBe(-100);
  });

  test("nor is it that of a click", () => {
    const clicked = voiced(1_200, -30);
    clicked.fill(1, 3_000, 3_080);
    expect(Math.abs(speechLevel(clicked) + 30)).toBeLessThan(3);
  });

  test("goes up and down with it", () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: -10 }), fc.integer({ min: 200, max: 2_000 }), (levelDb, ms) => {
        const louder = speechLevel(voiced(ms, levelDb)) - speechLevel(voiced(ms, levelDb - 6));
        expect(Math.abs(louder - 6)).toBeLessThan(0.1);
      }),
      { seed: 20_261_121, numRuns: 50 },
    );
  });
});

test("nobody is faint beside a first turn, nor of unknown level; beside the usual one from 10 dB on", () => {
  expect(isFaintBeside([], -60)).toBe(false);
  expect(isFaintBeside([-20], -60)).toBe(false);
  expect(isFaintBeside([-20, -22], undefined)).toBe(false);
  expect(isFaintBeside([-20, -22, -8], -29.9)).toBe(false);
  expect(isFaintBeside([-20, -22, -8], -30)).toBe(true);
});

test("the usual level is that of the latest turns: whoever puts the telephone down is soon not faint any more", () => {
  let levels: readonly number[] = [];
  for (let turn = 0; turn < 20; turn++) levels = withTurnLevel(levels, -20);
  expect(isFaintBeside(levels, -34)).toBe(true);
  for (let turn = 0; turn < 5; turn++) levels = withTurnLevel(levels, -34);
  expect(levels.length).toBe(9);
  expect(isFaintBeside(levels, -34)).toBe(false);
  expect(withTurnLevel(levels, undefined)).toBe(levels);
});

describe("into our words", () => {
  function calling(levelsDb: readonly number[]) {
    const call = startedCall();
    call.greeted();
    let utteranceId = 0;
    const say = (text: string, samples: Float32Array) => {
      utteranceId++;
      call.post({ kind: "speech-started", utteranceId });
      call.post({ kind: "paused", utteranceId, pause: 1, samples, voice: clearVoice });
      const heard = call.post({ kind: "transcribed", utteranceId, pause: 1, transcript: transcript(text) });
      const over = { samples: undefined, voice: clearVoice, fromMs: null, toMs: null };
      return [...heard, ...call.post({ kind: "utterance", utteranceId, pause: 1, ...over })];
    };
    const played = () => {
      for (const { playId, text } of call.state().saying)
        call.post({ kind: "play-ended", playId, completed: true, heardShare: 1, heardText: text });
    };
    for (const levelDb of levelsDb) {
      played();
      say("hello", voiced(700, levelDb));
    }
    return { ...call, say, played };
  }

  test("what is faint is no answer: our voice goes on", () => {
    const call = calling([-22, -25, -23]);
    const effects = call.say("Saturday", voiced(700, -38));
    expect(kinds(effects)).toContain("release");
    expect(spoken(effects)).toEqual([]);
    expect(kinds(effects)).not.toContain("cancel-speech");
  });

  test("what is as loud as ever is one, and so is what is faint when we are silent", () => {
    expect(spoken(calling([-22, -25, -23]).say("Saturday", voiced(700, -27)))).toEqual(["You said Saturday"]);
    const call = calling([-22, -25, -23]);
    call.played();
    expect(spoken(call.say("Saturday", voiced(700, -38)))).toEqual(["You said Saturday"]);
  });

  test("what is faint again and again is the caller, who has put the telephone down", () => {
    const call = calling([-22, -25, -23]);
    for (let times = 0; times < 3; times++) expect(spoken(call.say("Saturday", voiced(700, -38)))).toEqual([]);
    expect(spoken(call.say("Saturday", voiced(700, -38)))).toEqual(["You said Saturday"]);
    expect(spoken(call.say("Sunday", voiced(700, -38)))).toEqual([]); // counted anew from there
  });

  test("danger is, from wherever it is called; and the first words of a call are", () => {
    const alarm = "I can smell gas";
    expect(spoken(calling([-22, -25, -23]).say(alarm, voiced(700, -45)))).toEqual([`You said ${alarm}`]);
    expect(spoken(calling([-22]).say("Saturday", voiced(700, -45)))).toEqual(["You said Saturday"]);
  });
});
