/** Who goes on before he can have heard the answer says one turn; and nothing that was committed is ever taken back. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type CallEffect, type CallEvent, type CallState, openCall, type Talk } from "../../src/calls/machine.ts";
import { stepCall } from "../../src/calls/step.ts";
import type { Effect } from "../../src/receptionist/contract.ts";
import { clearVoice, transcript } from "./harness.ts";

const runs = { seed: 20_261_121, numRuns: 600 };
/** "mm" is none of them: the answer goes on. */
const words = ["monday", "at ten", "please", "the seventh", "yes", "a person", "gas", "mm"] as const;
const yes = words.indexOf("yes");
const person = words.indexOf("a person");
const gas = words.indexOf("gas");
const mm = words.indexOf("mm");

type Ledger = { disclosed: boolean; heard: string[]; committed: string[]; nextSayId: number };

/** Keeps what it heard, and what it committed: a message at "yes", a transfer for "a person", an alarm at "gas". */
const ledger: Talk<Ledger> = {
  start: () => ({ disclosed: false, heard: [], committed: [], nextSayId: 1 }),
  step(state, input) {
    const next = { ...state };
    const effects: Effect[] = [];
    const say = (text: string, disclosure = false) =>
      effects.push({
        kind: "say",
        sayId: next.nextSayId++,
        text,
        interruptible: !disclosure,
        fixed: false,
        disclosure,
      });
    const commit = (kind: string, effect: Effect) => {
      next.committed = [...next.committed, kind];
      effects.push(effect);
    };
    if (input.kind === "started") say("This call is recorded.", true);
    if (input.kind === "said" && input.completed && !state.disclosed) {
      next.disclosed = true;
      effects.push({ kind: "disclosed" });
    }
    if (input.kind === "keys") {
      next.heard = [...next.heard, `[${input.digits}]`];
      say("Thank you.");
    }
    if (input.kind === "heard") {
      const { text } = input.heard;
      next.heard = [...next.heard, text];
      const about = { name: "", phone: "", about: text, forWhom: undefined };
      const to = { name: "", extension: "1", roles: [] };
      if (text.endsWith("yes")) commit("do", { kind: "do", action: { kind: "take-message", ...about } });
      if (text.endsWith("person")) commit("transfer", { kind: "transfer", to, about: text });
      if (text.endsWith("gas")) commit("emergency", { kind: "emergency", emergency: "gas" });
      say(`You said ${text}.`);
    }
    if (input.kind === "transfer-failed") say("Nobody is there.");
    return { state: next, effects };
  },
  read: ({ disclosed }) => ({ asks: null, slots: {}, disclosed, ended: false }),
  expectsAddress: () => true,
  interrupts: (_, { text }) => text !== "mm",
  outcome: (_, otherwise) => otherwise,
  unattended: () => undefined,
  patience: () => 300,
  notes: () => ({ task: null, answered: [], unanswered: [], misses: {}, holding: false }),
};

/** Its recogniser hears what it is given: a sample is the number of the words that were said. */
const heardIn = (samples: Float32Array): string => [...samples].map((word) => words[word] ?? "?").join(" ");

function answered() {
  let state: CallState<Ledger> = openCall("call-1", ledger, nowAt(0));
  let atMs = 0;
  let utteranceId = 0;
  const effects: CallEffect[] = [];
  const texts = new Map<number, { pause: number; text: string }>();
  const post = (event: CallEvent): void => {
    const step = stepCall(state, ledger, event, nowAt(atMs));
    state = step.state;
    for (const effect of step.effects) {
      effects.push(effect);
      if (effect.kind === "transcribe")
        texts.set(effect.utteranceId, { pause: effect.pause, text: heardIn(effect.samples) });
      if (effect.kind === "cancel-transcription") texts.delete(effect.utteranceId);
    }
  };
  const played = () => {
    for (const { playId } of state.saying) {
      post({ kind: "play-ended", playId, completed: true, heardShare: 1, heardText: "" });
    }
  };
  const arrive = (id: number) => {
    const text = texts.get(id);
    texts.delete(id);
    if (text) post({ kind: "transcribed", utteranceId: id, pause: text.pause, transcript: transcript(text.text) });
  };
  post({ kind: "acknowledged" });
  post({ kind: "rtp-arrived" });
  played();
  return {
    post,
    played,
    arrive,
    effects,
    state: () => state,
    wait: (ms: number) => {
      atMs += ms;
    },
    /** The caller speaks into what has been heard for so long. */
    start(playedMs: number): number {
      utteranceId++;
      const [first] = state.saying;
      if (first) post({ kind: "play-held", playId: first.playId, playedMs, heardShare: 0.1, heardText: "" });
      post({ kind: "speech-started", utteranceId });
      return utteranceId;
    },
    pause: (...said: number[]) =>
      post({ kind: "paused", utteranceId, pause: said.length, samples: Float32Array.from(said), voice: clearVoice }),
    over: (pause: number) =>
      post({
        kind: "utterance",
        utteranceId,
        pause,
        samples: undefined,
        voice: clearVoice,
        fromMs: 1_000 * utteranceId,
        toMs: 1_000 * utteranceId + 500,
      }),
    /** One utterance without a pause, its text there in time. */
    say(word: number, playedMs = 0): void {
      const id = this.start(playedMs);
      this.pause(word);
      this.arrive(id);
      this.over(1);
    },
    log(): string[] {
      const turns = new Map<number, string>();
      for (const effect of effects) if (effect.kind === "store-turn") turns.set(effect.turn.n, effect.turn.heard);
      return [...turns.entries()].sort(([a], [b]) => a - b).flatMap(([, heard]) => (heard === "" ? [] : [heard]));
    },
  };
}

function nowAt(ms: number) {
  const utc = new Date(Date.UTC(2026, 10, 24, 10, 5) + ms).toISOString();
  return { utc, local: utc.slice(0, 16) };
}

describe("who goes on before the answer", () => {
  test("says one turn: the conversation is as if he had not paused, and so is what is kept", () => {
    const [halves, whole] = [answered(), answered()];
    halves.say(0);
    expect(halves.state().talk.heard).toEqual(["monday"]);
    halves.say(1, 400);
    whole.start(0);
    whole.pause(0, 1);
    whole.arrive(1);
    whole.over(2);
    expect(halves.state().talk).toEqual(whole.state().talk);
    expect(halves.state().turn).toMatchObject({ n: 1, heard: "monday at ten", heardFromMs: 1_000, heardToMs: 2_500 });
    expect(halves.log()).toEqual(["monday at ten"]);
    expect(halves.effects).toContainEqual({ kind: "cancel-speech", playId: 2 });
    expect(halves.state().saying.map(({ text }) => text)).toEqual(["You said monday at ten."]);
  });

  test("as often as he does", () => {
    const call = answered();
    for (const word of [0, 1, 2]) call.say(word, 100);
    expect(call.log()).toEqual(["monday at ten please"]);
    expect(call.state().turn.heardFromMs).toBe(1_000);
  });

  test("but 'mm' takes nothing back, and after it he may still go on", () => {
    const call = answered();
    call.say(0);
    call.say(mm, 100);
    expect(call.log()).toEqual(["monday"]);
    expect(call.effects.at(-1)).toEqual({ kind: "release", utteranceId: 2, pause: 1 });
    call.say(1, 400);
    expect(call.log()).toEqual(["monday at ten"]);
  });

  test.each([
    [500, 2_000, ["monday at ten"]],
    [501, 0, ["monday", "at ten"]],
    [0, 2_001, ["monday", "at ten"]],
  ])("having heard %d ms of it, after %d ms: %p", (playedMs, waitedMs, log) => {
    const call = answered();
    call.say(0);
    call.wait(waitedMs);
    call.say(1, playedMs);
    expect(call.log()).toEqual(log);
    expect(call.state().talk.heard).toEqual(log);
  });

  test("an answer that was heard to its end, or a key, stands", () => {
    const [heard, pressed] = [answered(), answered()];
    heard.say(0);
    heard.played();
    heard.say(1);
    expect(heard.log()).toEqual(["monday", "at ten"]);
    pressed.say(0);
    pressed.post({ kind: "digit", digit: "1" });
    pressed.post({ kind: "digit", digit: "#" });
    pressed.say(1);
    expect(pressed.log().slice(0, 2)).toEqual(["monday", "[1]"]);
  });

  test.each([yes, person, gas])("what was committed is never taken back (%d)", (word) => {
    const call = answered();
    call.say(word);
    const { committed } = call.state().talk;
    expect(committed).toHaveLength(1);
    call.say(0);
    expect(call.state().talk.committed).toEqual(committed);
    expect(call.log()[0]).toBe(words[word] ?? "");
  });

  /** The second is on its way to the recogniser with the first, which is heard as something else this time. */
  function heardAnew(text: string, meanwhile: (call: ReturnType<typeof answered>) => void) {
    const call = answered();
    call.say(0);
    call.start(0);
    call.pause(1);
    call.over(1);
    meanwhile(call);
    call.post({ kind: "transcribed", utteranceId: 2, pause: 1, transcript: transcript(text) });
    return call.state().talk.heard;
  }

  test("the half may be heard as other words with its rest: the whole counts", () => {
    expect(heardAnew("Sunday at ten", () => undefined)).toEqual(["Sunday at ten"]);
    expect(heardAnew("Monday.", () => undefined)).toEqual(["monday"]);
  });

  test("where the half came to stand meanwhile, what was added is the next turn", () => {
    expect(heardAnew("Monday, at ten.", (call) => call.played())).toEqual(["monday", "at ten."]);
    expect(heardAnew("Monday.", (call) => call.played())).toEqual(["monday"]);
  });

  test("what comes to more than the recogniser takes is another turn", () => {
    const call = answered();
    call.start(0);
    const long = new Float32Array(28 * 16_000);
    call.post({ kind: "paused", utteranceId: 1, pause: 1, samples: long, voice: clearVoice });
    call.post({ kind: "transcribed", utteranceId: 1, pause: 1, transcript: transcript("a story") });
    call.over(1);
    call.say(1);
    expect(call.log()).toEqual(["a story", "at ten"]);
  });
});

type Act =
  | { kind: "say"; said: number[]; playedMs: number; waitedMs: number; text: "in time" | "late" | "later" }
  | { kind: "played" }
  | { kind: "key" };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("say" as const),
      said: fc.array(fc.nat({ max: words.length - 1 }), { minLength: 1, maxLength: 3 }),
      playedMs: fc.nat({ max: 900 }),
      waitedMs: fc.nat({ max: 2_500 }),
      text: fc.constantFrom("in time" as const, "late" as const, "later" as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "played" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "key" as const }) },
);

/** Every text in the end, and what was said in order: without what is no turn. */
function live(acts: readonly Act[]) {
  const call = answered();
  const said: string[] = [];
  let pending: number | undefined;
  for (const one of acts) {
    if (one.kind === "played") call.played();
    else if (one.kind === "key") {
      call.post({ kind: "digit", digit: "1" });
      call.post({ kind: "digit", digit: "#" });
    } else {
      call.wait(one.waitedMs);
      const id = call.start(one.playedMs);
      if (pending !== undefined) call.arrive(pending);
      pending = undefined;
      one.said.forEach((_, at) => {
        if (at > 0) call.post({ kind: "resumed", utteranceId: id });
        call.pause(...one.said.slice(0, at + 1));
      });
      if (one.text === "in time") call.arrive(id);
      call.over(one.said.length);
      if (one.text === "late") call.arrive(id);
      if (one.text === "later") pending = id;
      said.push(one.said.map((word) => words[word]).join(" "));
    }
  }
  if (pending !== undefined) call.arrive(pending);
  return { call, said };
}

describe("whatever happens", () => {
  test("all that was committed is committed in the conversation, in that order", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 14 }), (acts) => {
        const { call } = live(acts);
        const kinds = ["do", "transfer", "emergency"];
        const done = call.effects.flatMap(({ kind }) => (kinds.includes(kind) ? [kind] : []));
        expect(call.state().talk.committed).toEqual(done);
      }),
      runs,
    );
  });

  test("what is kept of the turns is what the conversation has heard", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 14 }), (acts) => {
        const { call } = live(acts);
        expect(call.log()).toEqual(call.state().talk.heard);
      }),
      runs,
    );
  });

  test("no word is lost and none is heard twice", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 14 }), (acts) => {
        const { call, said } = live(acts);
        const heard = call.state().talk.heard.filter((text) => !text.startsWith("["));
        const isTurn = (text: string) => text !== "mm";
        const inOne = (texts: readonly string[]) =>
          texts
            .join(" ")
            .replaceAll(/\bmm\b ?/g, "")
            .trim();
        expect(inOne(heard)).toBe(inOne(said.filter(isTurn)));
      }),
      runs,
    );
  });
});
