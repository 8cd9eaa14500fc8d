/**
 * What the callers of the bench do: one script a call, from a seed alone. Pure. Whatever the agent answers, a caller says
 * the same with the same sounds in the same order; how he is answered is what is measured.
 */
import { type Random, seeded } from "../../sip/random.ts";

/** Words without a break, or a pause between two of them: from the last loud frame to the next. */
export type Piece = { words: string } | { pauseMs: number };

/** `incomplete`: the caller stops where no answer is possible yet, and waits. */
export type TurnLabel = "plain" | "hesitant" | "number" | "incomplete";

export type SoundKind = "backchannel" | "cough" | "side talk";

/** `afterMs`: since the agent began to speak. */
export type Move =
  /** Said when the agent has finished. */
  | { kind: "turn"; label: TurnLabel; pieces: readonly Piece[] }
  /** Words into the agent's, meant to stop it. */
  | { kind: "barge-in"; words: string; afterMs: number }
  /** A sound into the agent's words that is not meant for it. */
  | { kind: "sound"; sound: SoundKind; words: string; variant: number; afterMs: number }
  /** The agent has asked, and nobody says anything. */
  | { kind: "silence"; ms: number };

export type Script = { index: number; voice: string; moves: readonly Move[] };

/** Espeak voices that the demo model hears, none of them the agent's. */
export const callerVoices = ["gmw/en", "gmw/en+f2", "gmw/en+m3", "en-us+f1"] as const;
/** Who talks in the background: another voice than the caller's. */
export const sideVoice = "gmw/en+m7";

/** Free in the demo agency's diary, an hour and more apart, and of two departments: no caller wants what another wants. */
const sales = ["fourteen Maple Road", "thirty five Church Lane"] as const;
const lettings = "nine Station Road";
const times = ["half past ten", "half past two", "quarter past four", "twelve o'clock please"] as const;
const names = ["James Wilson", "David Brown", "Sarah Patel"] as const;
const lastGroups = ["one two three", "four five six", "eight seven one"] as const;
const backchannels = ["mm-hm", "right", "okay", "uh-huh", "I see"] as const;
const asides = ["not now love, I'm on the phone", "put the kettle on would you", "is that the gas man"] as const;
const again = ["Can you say that again please", "Sorry, could you say that again"] as const;
const sounds: readonly SoundKind[] = ["backchannel", "cough", "side talk"];

/**
 * @param days Weekdays by name, on which the agency is open. @param isBrief Half a minute a call instead of one and a half.
 * @returns `count` scripts; the first n of them are the same whatever `count` is.
 */
export function scriptsOf(seed: number, count: number, days: readonly string[], isBrief = false): Script[] {
  return Array.from({ length: count }, (_, index) => scriptOf(seed, index, days, isBrief));
}

function scriptOf(seed: number, index: number, days: readonly string[], isBrief: boolean): Script {
  const random = seeded(seed * 1_000 + index);
  const place = index % 2 === 0 ? (sales[(index / 2) % 2] ?? sales[0]) : lettings;
  const slot = Math.floor(index / 2);
  const day = days[slot % days.length] ?? "Tuesday";
  const time = times[Math.floor(slot / days.length) % times.length] ?? times[0];
  const voice = callerVoices[index % callerVoices.length] ?? callerVoices[0];
  if (isBrief) return { index, voice, moves: briefly(place, day, time) };
  const moves: Move[] = [
    ...wish(index, place),
    ...when(index, day, time),
    name(index, random.pick(names)),
    ...number(index, random),
    ...overReadBack(index, random),
    ...goodbye(index),
  ];
  return { index, voice, moves };
}

/** Half a minute with something of everything but a number. */
function briefly(place: string, day: string, time: string): Move[] {
  return [
    turn("hesitant", "I'd like to book a viewing", 300, `for ${place}`, 600, "please"),
    turn("plain", again[0]),
    { kind: "sound", sound: "cough", words: "", variant: 1, afterMs: 1_000 },
    turn("plain", `${day} please`),
    turn("plain", again[0]),
    { kind: "barge-in", words: time, afterMs: 1_000 },
  ];
}

const turn = (label: TurnLabel, ...parts: (string | number)[]): Extract<Move, { kind: "turn" }> => ({
  kind: "turn",
  label,
  pieces: parts.map((part) => (typeof part === "string" ? { words: part } : { pauseMs: part })),
});

function wish(index: number, place: string): Move[] {
  const whole = turn("plain", `I'd like to book a viewing for ${place} please`);
  switch (index % 4) {
    case 1:
      return [turn("hesitant", "I'd like to book a viewing", 600, `for ${place} please`)];
    case 2:
      return [turn("incomplete", "I'd like to book a viewing for the"), whole];
    case 3:
      return [turn("hesitant", "er", 300, "I'd like to view", 300, `${place} please`)];
    default:
      return [whole];
  }
}

function when(index: number, day: string, time: string): Move[] {
  switch (index % 4) {
    case 1:
      return [turn("hesitant", "er", 600, `on ${day}`, 300, "please"), turn("hesitant", "about", 300, time)];
    case 2:
      return [turn("hesitant", "er", 300, `on ${day}`, 600, "at", 300, time)];
    case 3:
      return [turn("plain", `${day} please`), turn("hesitant", "well", 600, time)];
    default:
      return [turn("plain", `${day} please`), turn("plain", time)];
  }
}

function name(index: number, who: string): Move {
  return index % 2 === 0
    ? turn("plain", `My name is ${who}`)
    : turn("hesitant", "My name is", index % 4 === 1 ? 300 : 600, who);
}

/** In its groups, with the time it takes to look up or remember the next: 600 to 1,000 ms. */
function number(index: number, random: Random): Move[] {
  const pauseMs = () => 600 + 20 * random.below(21);
  const [code, middle, last] = ["oh seven seven oh oh", "nine oh oh", random.pick(lastGroups)];
  if (index % 3 === 1) return [turn("incomplete", code), turn("number", middle, pauseMs(), last)];
  return [turn("number", code, pauseMs(), middle, pauseMs(), last)];
}

/** The first read-back is heard in full; then it is asked for again, and disturbed; at last heard to its end and agreed to. */
function overReadBack(index: number, random: Random): Move[] {
  const disturbed = [0, 1].flatMap((nth): Move[] => {
    const sound = sounds[(index + nth) % sounds.length] ?? "cough";
    const words =
      sound === "backchannel" ? random.pick(backchannels) : sound === "side talk" ? random.pick(asides) : "";
    const afterMs = 1_200 + 20 * random.below(120);
    return [
      turn("plain", random.pick(again)),
      { kind: "sound", sound, words, variant: 1 + random.below(1_000), afterMs },
    ];
  });
  const into = () => 1_000 + 20 * random.below(150);
  const talkOver: Move[] = [
    turn("plain", random.pick(again)),
    { kind: "barge-in", words: random.pick(again), afterMs: into() },
    turn("plain", "Yes, that's correct"),
  ];
  return [...disturbed, ...talkOver];
}

function goodbye(index: number): Move[] {
  const bye = turn("plain", "No, that's everything, thank you");
  return index % 4 === 3 ? [{ kind: "silence", ms: 3_000 }, bye] : [bye];
}
