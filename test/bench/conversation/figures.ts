/** From what was measured in the calls of a level to its figures. Pure. */
import { percentile } from "../voice-to-voice.ts";
import type { MeasuredCall } from "./level.ts";
import type { Measured } from "./measure.ts";
import type { SoundKind } from "./script.ts";

export type Spread = { n: number; p50: number; p95: number; p99: number };
/** `n` of `of`. */
export type Share = { n: number; of: number };

export type SoundFigures = {
  /** Taken as a turn, or the agent said no more. */
  wrong: Share;
  /** Fell silent at all; went back to the beginning of its words. */
  stopped: Share;
  repeated: Share;
  resumed: Spread;
};

export type LevelFigures = {
  atOnce: number;
  calls: number;
  refused: number;
  booked: Share;
  unanswered: Share;
  voiceToVoice: Spread;
  incomplete: Spread;
  cutOff: { at300: Share; at600: Share; inNumbers: Share };
  interrupted: Spread;
  /** Words meant to stop the agent over which it spoke on. */
  spokenOver: Share;
  sounds: Record<SoundKind, SoundFigures>;
  /** Disturbances of words that had not been heard before: nothing can be said of them. */
  unmeasured: Share;
  spokeIntoSilence: Share;
  /** Parts of voice to voice: until the words are known; from then until the turn is taken; from then to the voice. */
  text: Spread;
  waited: Spread;
  voice: Spread;
  greeting: Spread;
  /** Of the machine's processor time, what neither the appliance nor the callers took. */
  othersPercent: number;
};

/** Later than this it is no answer: after 7 s an agent that has heard nothing asks whether anybody is there. */
const lateMs = 5_000;
const inTime = (latencyMs: number | undefined) =>
  latencyMs !== undefined && latencyMs <= lateMs ? latencyMs : undefined;

type Of<K extends Measured["kind"]> = Extract<Measured, { kind: K }>;

export function figuresOf(atOnce: number, calls: readonly MeasuredCall[], othersShare: number): LevelFigures {
  const events = calls.flatMap((call) => call.events);
  const of = <K extends Measured["kind"]>(kind: K) => events.filter((event): event is Of<K> => event.kind === kind);
  const turns = of("turn").filter(({ label }) => label !== "incomplete");
  const pauses = of("turn").flatMap((turn) => turn.pauses);
  const cutOff = (at: (pause: (typeof pauses)[number]) => boolean) => share(pauses.filter(at), (pause) => pause.cutOff);
  const barges = of("barge-in");
  const sounds = (kind: SoundKind) => soundFigures(of("sound").filter(({ sound }) => sound === kind));
  const disturbances = [...of("sound"), ...barges, ...of("unmeasured")];
  return {
    atOnce,
    calls: calls.length,
    refused: calls.filter(({ status }) => status !== undefined).length,
    booked: share(calls, ({ outcome }) => outcome === "booked"),
    unanswered: share(turns, ({ latencyMs }) => inTime(latencyMs) === undefined),
    voiceToVoice: spread(turns.map(({ latencyMs }) => inTime(latencyMs))),
    incomplete: spread(of("turn").flatMap(({ label, latencyMs }) => (label === "incomplete" ? [latencyMs] : []))),
    cutOff: {
      at300: cutOff(({ ms, inNumber }) => !inNumber && ms === 300),
      at600: cutOff(({ ms, inNumber }) => !inNumber && ms === 600),
      inNumbers: cutOff(({ inNumber }) => inNumber),
    },
    interrupted: spread(barges.map(({ silentMs }) => silentMs)),
    spokenOver: share(barges, ({ silentMs }) => silentMs === undefined),
    sounds: { backchannel: sounds("backchannel"), cough: sounds("cough"), "side talk": sounds("side talk") },
    unmeasured: share(disturbances, ({ kind }) => kind === "unmeasured"),
    spokeIntoSilence: share(of("silence"), ({ agentSpoke }) => agentSpoke),
    text: spread(turns.map(({ textMs }) => textMs)),
    waited: spread(turns.map(({ textMs, takenMs }) => between(textMs, takenMs))),
    voice: spread(turns.map(({ takenMs, latencyMs }) => between(takenMs, latencyMs))),
    greeting: spread(calls.map(({ greetingMs }) => greetingMs)),
    othersPercent: 100 * othersShare,
  };
}

function soundFigures(events: readonly Of<"sound">[]): SoundFigures {
  return {
    wrong: share(events, ({ outcome }) => outcome === "answered" || outcome === "fell silent"),
    stopped: share(events, ({ silentMs }) => silentMs !== undefined),
    repeated: share(events, ({ outcome }) => outcome === "repeated"),
    resumed: spread(events.flatMap(({ outcome, resumedMs }) => (outcome === "resumed" ? [resumedMs] : []))),
  };
}

const between = (from: number | undefined, to: number | undefined) =>
  from === undefined || to === undefined ? undefined : to - from;

const share = <T>(all: readonly T[], is: (one: T) => boolean): Share => ({ n: all.filter(is).length, of: all.length });

/** In ms. Of nothing all are NaN. */
function spread(values: readonly (number | undefined)[]): Spread {
  const known = values.filter((value) => value !== undefined);
  const at = (share: number) => Math.round(percentile(known, share));
  return { n: known.length, p50: at(50), p95: at(95), p99: at(99) };
}
