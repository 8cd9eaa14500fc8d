/** How long one step of a conversation takes against a large register: every input of many scripted calls, timed. */
import type { CachedAgencyView } from "../../../src/agency/agency-view.ts";
import type { Property } from "../../../src/agency/types.ts";
import type { Effect, Input } from "../../../src/receptionist/contract.ts";
import { receptionFlow } from "../../../src/receptionist/flows/reception.ts";
import { createTalk } from "../../../src/receptionist/talk.ts";
import { type Random, randomFrom } from "../../agency/diary/random.ts";

export type Measured = {
  /** Of steps upon words, the first time, whatever else the machine was doing. */
  onceMs: number[];
  /** The best of three: a step is pure, so what differs is the machine's. */
  stepsMs: number[];
  /** Calls whose home was understood exactly as it was named in full, of so many. */
  understood: number;
  calls: number;
};

const now = "2026-11-24T10:05";

export function measureSteps(view: CachedAgencyView, calls: number, seed: number): Measured {
  const random = randomFrom(seed);
  const talk = createTalk(receptionFlow, view);
  const measured: Measured = { onceMs: [], stepsMs: [], understood: 0, calls };
  const shown = view.properties().filter(({ status }) => status === "available"); // of others a person tells
  for (let call = 0; call < calls; call++) {
    let state = talk.start();
    const give = (input: Input) => {
      const inputs: Input[] = [input];
      for (let next = inputs.shift(); next !== undefined; next = inputs.shift()) {
        const timed = [1, 2, 3].map(() => {
          const from = performance.now();
          const stepped = talk.step(state, next);
          return { stepped, ms: performance.now() - from };
        });
        const [first] = timed;
        if (first === undefined) throw new Error("nothing was stepped");
        if (next.kind === "heard") {
          measured.onceMs.push(first.ms);
          measured.stepsMs.push(Math.min(...timed.map(({ ms }) => ms)));
        }
        const { stepped } = first;
        state = stepped.state;
        inputs.push(...stepped.effects.flatMap(spoken));
      }
    };
    const home = random.pick(shown);
    give({ kind: "started", now });
    for (const nbest of linesFor(random, home)) {
      give({ kind: "heard", heard: { text: nbest[0]?.[0] ?? "", nbest }, now });
      if (talk.read(state).slots.property?.value === home.id) break;
    }
    if (talk.read(state).slots.property?.value === home.id) measured.understood++;
    for (const nbest of laterLines(random)) give({ kind: "heard", heard: { text: nbest[0]?.[0] ?? "", nbest }, now });
  }
  return measured;
}

/** What is said is heard in full at once; nothing is booked: a caller of this bench never says yes. */
const spoken = (effect: Effect): Input[] =>
  effect.kind === "say" ? [{ kind: "said", sayId: effect.sayId, completed: true, heardShare: 1, now }] : [];

type NBest = [string, number | null][];

/** The home by its address, then with its postcode: as recognised, with what it might have been beside it. */
function linesFor(random: Random, { address, postcode }: Property): NBest[] {
  return [heard(random, `I'd like to view ${address}`), heard(random, `${address}, ${postcode}`)];
}

const laterLines = (random: Random): NBest[] =>
  [
    "what's the council tax on it, and the parking like",
    "on Saturday at half past two, or Monday any time after three",
    "no, not that one, the one on Maple Road, number fourteen I think",
    "it's Jane Smith, S M I T H",
    "oh seven seven double oh, nine hundred, one two three",
    "a house with three bedrooms under four hundred thousand in Chester Road or Ash Lane",
  ].map((text) => heard(random, text));

/** Five readings, each with a word lost, doubled or changed. */
function heard(random: Random, text: string): NBest {
  const words = text.split(" ");
  const others = Array.from({ length: 4 }, (_, n): [string, number] => {
    const at = random.below(words.length);
    const word = words[at] ?? "";
    const changed = random.pick(["", `${word} ${word}`, word.slice(1), `${word}s`, "the"]);
    return [words.toSpliced(at, 1, changed).join(" ").trim(), -1 - n];
  });
  return [[text, -0.5], ...others];
}
