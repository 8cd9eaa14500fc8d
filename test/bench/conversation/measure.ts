/**
 * From a call's two channels to what happened in it. Pure. Latencies run from the packet with the caller's last loud
 * frame to the packet with the agent's first; what the executable told (`told.ts`) only divides them.
 */
import { isLoud } from "../../caller/loudness.ts";
import type { Mark, Recording } from "./call.ts";
import { type Heard, type Interruption, interruptionOf, isBeginningOf, type Prompt } from "./interruptions.ts";
import type { Script, SoundKind, TurnLabel } from "./script.ts";
import type { Rendered, Span } from "./sounds.ts";
import type { Told } from "./told.ts";

/** In mid-turn; in numbers of any length, elsewhere of 300 or 600 ms. `atMs`: where it begins, before the turn's end. */
export type PauseFigure = { ms: number; atMs: number; inNumber: boolean; cutOff: boolean };

/** What was made of the caller's words, ms from the turn's end (negative before it): at a pause, or as a turn taken. */
export type Understood = { atMs: number; taken: boolean; text: string };

/** What the agent had asked for when the caller began, and what was made of his words until his next ones. */
export type Words = { asked: string | null; understood: Understood[] };

/** Parts of a latency, ms from its beginning: the words are known, the turn is taken. */
export type Parts = { textMs: number | undefined; takenMs: number | undefined };

export type Measured =
  | ({
      kind: "turn";
      move: number;
      label: TurnLabel | "barge-in";
      latencyMs: number | undefined;
      pauses: PauseFigure[];
    } & Parts &
      Words)
  /** `silentMs`: as of any other sound. */
  | { kind: "barge-in"; move: number; silentMs: number | undefined }
  | ({ kind: "sound"; move: number; sound: SoundKind } & Interruption & Words)
  /** The disturbed words were not those heard before: nothing can be said of it. */
  | { kind: "unmeasured"; move: number }
  | { kind: "silence"; move: number; agentSpoke: boolean };

/** Less is a gap between the agent's words. */
const agentPauseMs = 200;
/** Less is a gap between its sentences: the longest in what it says is half of that. */
const promptGapFrames = 35;

export function measured(
  recording: Recording,
  script: Script,
  sounds: readonly Rendered[],
  told: readonly Told[],
): Measured[] {
  const times = timesOf(recording, sounds);
  const loud = recording.received.frames.map(isLoud);
  const call: Call = { heard: { frames: recording.received.frames, loud }, told, ...times };
  const disturbances = recording.marks.map((mark) => call.soundAt(mark));
  const prompts = promptsOf(call.heard, disturbances);
  return recording.marks.flatMap((mark, i): Measured[] => {
    const [move, sound] = [script.moves[mark.move], sounds[mark.move]];
    if (move === undefined || sound === undefined) return [];
    const next = recording.marks[i + 1];
    const untilMs = next === undefined ? Number.POSITIVE_INFINITY : call.beginMs(next);
    if (move.kind === "silence") return [silenceAt(call, mark, untilMs)];
    const cut = move.kind === "turn" ? undefined : cutAt(call, prompts, call.soundAt(mark), untilMs);
    if (move.kind === "sound") {
      const { from, to } = sound.heard;
      const at = { fromMs: call.sentMs(mark.frame + from), endMs: call.sentMs(mark.frame + to - 1), untilMs };
      const { move: index } = mark;
      return [cut ? { kind: "sound", move: index, sound: move.sound, ...cut, ...wordsOf(told, at) } : unmeasured(mark)];
    }
    const label = move.kind === "turn" ? move.label : "barge-in";
    const turn = turnAt(call, { mark, label, sound, untilMs });
    if (move.kind === "turn") return [turn];
    return [cut ? { kind: "barge-in", move: mark.move, silentMs: cut.silentMs } : unmeasured(mark), turn];
  });
}

const unmeasured = ({ move }: Mark): Measured => ({ kind: "unmeasured", move });

type Times = {
  /** When that frame was sent. */
  sentMs(frame: number): number;
  beginMs(mark: Mark): number;
  /** Of a mark's sound, in frames received at the time. */
  soundAt(mark: Mark): Span;
  /** Index of the first packet that came in at or after that moment. */
  receivedAt(ms: number): number;
  receivedMs(index: number): number;
};

type Call = Times & { heard: Heard; told: readonly Told[] };

function timesOf({ sent, received }: Recording, sounds: readonly Rendered[]): Times {
  const sentMs = (frame: number) => sent.atMs[frame] ?? sent.atMs.at(-1) ?? 0;
  const receivedAt = (ms: number) => {
    let [low, high] = [0, received.atMs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((received.atMs[middle] ?? 0) < ms) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const heardOf = ({ move }: Mark) => sounds[move]?.heard ?? { from: 0, to: 0 };
  return {
    sentMs,
    receivedAt,
    receivedMs: (index) => received.atMs[index] ?? Number.POSITIVE_INFINITY,
    beginMs: (mark) => sentMs(mark.frame + heardOf(mark).from),
    soundAt(mark) {
      const { from, to } = heardOf(mark);
      return { from: receivedAt(sentMs(mark.frame + from)), to: receivedAt(sentMs(mark.frame + to)) };
    },
  };
}

function turnAt(
  call: Call,
  { mark, label, sound, untilMs }: { mark: Mark; label: TurnLabel | "barge-in"; sound: Rendered; untilMs: number },
): Measured {
  const { from, to } = sound.heard;
  const endMs = call.sentMs(mark.frame + to - 1);
  const onsetMs = onsetAfter(call, endMs, untilMs);
  const pauses = sound.pauses.map((pause, i) => {
    const next = sound.pauses[i + 1]?.from ?? to;
    const onset = onsetAfter(call, call.sentMs(mark.frame + pause.from - 1), call.sentMs(mark.frame + next - 1));
    const atMs = call.sentMs(mark.frame + pause.from - 1) - endMs;
    return { ms: pause.ms, atMs, inNumber: label === "number", cutOff: onset !== undefined };
  });
  const fromMs = call.sentMs(mark.frame + from);
  const parts = partsOf(call.told, { fromMs, endMs, onsetMs });
  const words = wordsOf(call.told, { fromMs, endMs, untilMs });
  return { kind: "turn", move: mark.move, label, latencyMs: onsetMs && onsetMs - endMs, pauses, ...parts, ...words };
}

/** The words of the last pause come as a caption, or only with the turn if it was waited for. */
function partsOf(told: readonly Told[], at: { fromMs: number; endMs: number; onsetMs: number | undefined }): Parts {
  const until = at.onsetMs ?? Number.NEGATIVE_INFINITY;
  const since = told.filter(({ atMs }) => atMs > at.endMs && atMs < until);
  const taken = since.find(({ event }) => event.kind === "turn" && event.heard !== "");
  if (taken === undefined) return { textMs: undefined, takenMs: undefined };
  const text = since.find(({ atMs, event }) => event.kind === "caption" && atMs < taken.atMs) ?? taken;
  return { textMs: text.atMs - at.endMs, takenMs: taken.atMs - at.endMs };
}

function wordsOf(told: readonly Told[], at: { fromMs: number; endMs: number; untilMs: number }): Words {
  const turns = told.flatMap(({ atMs, event }) => (event.kind === "turn" && atMs < at.fromMs ? [event] : []));
  const understood = told.flatMap(({ atMs, event }): Understood[] => {
    if (atMs < at.fromMs || atMs >= at.untilMs || (event.kind !== "caption" && event.kind !== "turn")) return [];
    const text = event.kind === "turn" ? event.heard : event.text;
    return text === "" ? [] : [{ atMs: atMs - at.endMs, taken: event.kind === "turn", text }];
  });
  return { asked: turns.at(-1)?.asks ?? null, understood };
}

function silenceAt(call: Call, mark: Mark, untilMs: number): Measured {
  const agentSpoke = onsetAfter(call, call.sentMs(mark.frame), untilMs) !== undefined;
  return { kind: "silence", move: mark.move, agentSpoke };
}

/** What a sound did to the agent's words, if the same were heard undisturbed. */
function cutAt(call: Call, prompts: readonly Prompt[], sound: Span, untilMs: number): Interruption | undefined {
  const prompt = prompts.find(({ from, to }) => from < sound.from && sound.from < to);
  if (prompt === undefined) return undefined;
  const spoken = { prompt: prompt.from, sound, until: call.receivedAt(untilMs) };
  const same = prompts.find((other) => !other.disturbed && isBeginningOf(call.heard, spoken, other));
  return same && interruptionOf(call.heard, same, spoken);
}

/** What the agent said, as stretches without a long gap. */
function promptsOf({ frames, loud }: Heard, disturbances: readonly Span[]): Prompt[] {
  const prompts: Prompt[] = [];
  const keep = (from: number, to: number) => {
    const disturbed = disturbances.some((sound) => sound.from < to && from < sound.to);
    prompts.push({ from, to, disturbed, frames: frames.slice(from, to), loud: loud.slice(from, to) });
  };
  let [from, last] = [-1, -1];
  for (const [i, isHeard] of loud.entries()) {
    if (!isHeard) continue;
    if (from >= 0 && i - last > promptGapFrames) keep(from, last + 1);
    if (from < 0 || i - last > promptGapFrames) from = i;
    last = i;
  }
  if (from >= 0) keep(from, last + 1);
  return prompts;
}

/** First loud packet after `fromMs` and before `untilMs` that begins something. */
function onsetAfter({ heard, receivedAt, receivedMs }: Call, fromMs: number, untilMs: number): number | undefined {
  let lastLoudMs = Number.NEGATIVE_INFINITY;
  for (let i = receivedAt(fromMs - agentPauseMs); i < heard.loud.length && receivedMs(i) < untilMs; i++) {
    if (!heard.loud[i]) continue;
    const atMs = receivedMs(i);
    if (atMs > fromMs && atMs - lastLoudMs >= agentPauseMs) return atMs;
    lastLoudMs = atMs;
  }
  return undefined;
}
