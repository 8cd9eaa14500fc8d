/**
 * A booking on a telephone that is on speaker, and the same words on a handset: whether our own voice, as it comes back,
 * stopped us or was taken for the caller's, and how soon the caller stops us over it.
 */
import type { LocalDate } from "../../src/agency/types.ts";
import { type DifficultCall, ring } from "../caller/difficult.ts";
import { isLoud } from "../caller/loudness.ts";
import type { EchoPath } from "../media/echo/echo-path.ts";
import { type Appliance, until } from "./appliance.ts";
import type { BookedViewing } from "./demo-caller.ts";

export type SpeakerBooking = {
  from: string;
  day: { date: LocalDate; name: string };
  /** Undefined: a handset, whose caller hangs up before anything is booked. */
  speaker: EchoPath | undefined;
};

/** One answer of the agent as it was heard: ms to its beginning, and from there to its end. */
export type Answer = { said: string; latencyMs: number; lengthMs: number };

export type SpeakerResult = {
  lines: readonly string[];
  /** What was taken for the caller's words, turn by turn. */
  heard: readonly string[];
  /** One more than `heard`: the greeting is the first. */
  answers: readonly Answer[];
  /** From the caller's first sound into our words to our last; undefined: we spoke on. */
  stoppedMs: number | undefined;
  booked: ReturnType<typeof wishedOn> | undefined;
};

/** "That's booked" has been heard: it is said when it is. */
const bookedAfterMs = 1_500;
const intoReadBack = { line: 4, afterMs: 2_500 };

/** Each in answer to a question, but for the one said into the read-back. */
const linesOn = (day: string): string[] => [
  "I'd like to view fourteen Maple Road please",
  `${day} at half past two please`,
  "My name is James Wilson",
  "oh seven seven oh oh, nine oh oh, one two three",
  "No, half past three please",
  "Yes please",
];

/** Names are left out: on any line the demo model hears one in a few as another. */
export const wishedOn = ({ date }: SpeakerBooking["day"]) => ({
  property: "14 Maple Road",
  start: `${date}T15:30`,
  phone: "+447700900123",
});

type Frame = { atMs: number; loud: boolean };
type Span = { fromMs: number; toMs: number };
type Turn = { heard: string; said: string };

/** Makes the sounds of all lines beforehand: whoever makes them during a call keeps its packets waiting. */
export function readyMouth(mouth: (line: string) => Int16Array, days: readonly string[]) {
  const ready = new Map(days.flatMap(linesOn).map((line) => [line, mouth(line)]));
  return (line: string) => ready.get(line) ?? mouth(line);
}

export async function bookOnSpeaker(
  appliance: Appliance,
  { from, day, speaker }: SpeakerBooking,
  mouth: (line: string) => Int16Array,
): Promise<SpeakerResult> {
  const [sent, received]: [Frame[], Frame[]] = [[], []];
  const keep = (into: Frame[]) => (frame: Int16Array, atMs: number) => into.push({ atMs, loud: isLoud(frame) });
  const watch = { sent: keep(sent), received: keep(received) };
  const call = await ring({ ...appliance.sip, from, ...(speaker ? { speaker } : {}), mouth, watch });
  const lines = speaker ? linesOn(day.name) : linesOn(day.name).slice(0, -1);
  const spans = await sayAll(call, lines);
  if (speaker) {
    await call.speaking();
    await call.wait(bookedAfterMs);
  } else await call.turn();
  call.hangUp();
  await call.over();
  const turns = await turnsOf(appliance, from);
  const viewings = await appliance.cli<BookedViewing[]>("viewings", "list");
  const booked = viewings.find(({ start }) => start.startsWith(day.date));
  return {
    lines,
    heard: turns.map(({ heard }) => heard).filter(Boolean),
    answers: answersOf(spans, received, turns),
    stoppedMs: stoppedAfter(sent, received, spans[intoReadBack.line]),
    booked: booked && { property: booked.property, start: booked.start, phone: booked.phone },
  };
}

async function sayAll(call: DifficultCall, lines: readonly string[]): Promise<Span[]> {
  const spans: Span[] = [];
  for (const [i, line] of lines.entries()) {
    if (i === intoReadBack.line) {
      await call.speaking();
      await call.wait(intoReadBack.afterMs);
    } else await call.turn();
    if (call.isOver) break;
    const fromMs = performance.now();
    await call.say(line);
    spans.push({ fromMs, toMs: performance.now() });
  }
  return spans;
}

async function turnsOf({ cli }: Appliance, from: string): Promise<Turn[]> {
  type Row = { id: string; caller: string | null; outcome: string | null };
  const row = async () => (await cli<Row[]>("calls", "list")).find(({ caller }) => caller === `+44${from.slice(1)}`);
  await until("the call is closed", async () => (await row())?.outcome !== null);
  return (await cli<{ turns: Turn[] }>("calls", "show", (await row())?.id ?? "")).turns;
}

/** Between two lines, and before the first and behind the last. What is said into our words has its own answer. */
function answersOf(spans: readonly Span[], received: readonly Frame[], turns: readonly Turn[]): Answer[] {
  const [greeting, ...others] = turns;
  const said = [greeting, ...others.filter(({ heard }) => heard !== "")];
  return said.map((turn, i) => {
    const fromMs = spans[i - 1]?.toMs ?? 0;
    const toMs = spans[i]?.fromMs ?? Number.POSITIVE_INFINITY;
    const loud = received.filter((frame) => frame.loud && frame.atMs >= fromMs && frame.atMs < toMs);
    const [first, last] = [loud[0]?.atMs ?? Number.NaN, loud.at(-1)?.atMs ?? Number.NaN];
    return { said: turn?.said ?? "", latencyMs: first - fromMs, lengthMs: last - first };
  });
}

/** Not before the caller has said it all do we speak again, or it was a gap between our words. */
function stoppedAfter(sent: readonly Frame[], received: readonly Frame[], line: Span | undefined): number | undefined {
  if (line === undefined) return undefined;
  const spoken = sent.filter(({ atMs, loud }) => loud && atMs >= line.fromMs && atMs <= line.toMs);
  const [onset, end] = [spoken[0]?.atMs, spoken.at(-1)?.atMs];
  if (onset === undefined || end === undefined) return undefined;
  const ours = received.filter(({ atMs, loud }) => loud && atMs > onset && atMs < end);
  const last = ours.at(-1)?.atMs ?? onset;
  return end - last < leastSilenceMs ? undefined : last - onset;
}

/** Our words have gaps; so long is none. */
const leastSilenceMs = 300;

export type Verdict = {
  /** Answers that took longer to be said than on a handset: something stopped them for a while. */
  halted: string[];
  compared: number;
  /** More or fewer turns than lines, or another viewing than was asked for. */
  mistaken: boolean;
  stoppedMs: number | undefined;
};

/** A voice that was stopped and went on has lost at least the time to know the sound for no words, and says some again. */
const haltedMs = 250;
/** What came so late may have had a word in front of it. */
const lateMs = 1_500;

/** @param handset the same words where nothing came back. */
export function judgeSpeaker(result: SpeakerResult, handset: SpeakerResult, day: SpeakerBooking["day"]): Verdict {
  const interrupted = intoReadBack.line;
  const usual = new Map(handset.answers.filter(isTelling).map(({ said, lengthMs }) => [said, lengthMs]));
  const compared = result.answers.filter(
    (answer, i) => i !== interrupted && isTelling(answer, i) && usual.has(answer.said),
  );
  const halted = compared.filter(({ said, lengthMs }) => lengthMs > (usual.get(said) ?? 0) + haltedMs);
  const isAsSaid = result.heard.length === result.lines.length;
  return {
    halted: halted.map(({ said }) => said),
    compared: compared.length,
    mistaken: !isAsSaid || !Bun.deepEquals(result.booked, wishedOn(day)),
    stoppedMs: result.stoppedMs,
  };
}

const isTelling = ({ latencyMs, lengthMs }: Answer, i: number) => lengthMs > 0 && (i === 0 || latencyMs < lateMs);
