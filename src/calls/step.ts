/** The call machine's one entry: every event to its rule. Pure. */
import type { DeskAnswer } from "../receptionist/contract.ts";
import { paused, resumed, speechStarted, transcribed, transcriptionFailed, utteranceEnded } from "./hearing.ts";
import { late } from "./late.ts";
import {
  type CallEffect,
  type CallEvent,
  type CallState,
  greetAfterAckMs,
  keysPauseMs,
  longestCallMs,
  type Now,
  type Saying,
  type Step,
  type Talk,
} from "./machine.ts";
import { converse, nothingHeard, openTurn, said, settle, silence } from "./talking.ts";
import { handedOver, transferFailed, whileHandedOver } from "./transferring.ts";
import { dropUnfinished } from "./turn-taking.ts";

type Of<K extends CallEvent["kind"]> = Extract<CallEvent, { kind: K }>;

export function stepCall<S>(state: CallState<S>, talk: Talk<S>, event: CallEvent, now: Now): Step<S> {
  if (state.phase === "ended") return { state, effects: [] };
  if (event.kind === "gone") return ended(state, talk, event.by);
  if (event.kind === "hearing") {
    return converse(state, talk, [{ kind: "hearing", works: event.works, now: now.local }], now);
  }
  if (state.phase === "handed-over") return whileHandedOver(state, talk, event, now);
  switch (event.kind) {
    case "acknowledged":
      return greetWhenReady({ ...state, acknowledged: true }, talk, now, [
        { kind: "timer", name: "greet", afterMs: greetAfterAckMs },
        { kind: "timer", name: "longest", afterMs: longestCallMs },
      ]);
    case "rtp-arrived":
      return greetWhenReady({ ...state, rtpArrived: true }, talk, now, []);
    case "timer":
      return timerFired(state, talk, event.name, now);
    case "speech-started":
      return speechStarted(state, talk, event, now);
    case "paused":
      return paused(state, talk, event);
    case "resumed":
      return resumed(state, event);
    case "utterance":
      return utteranceEnded(state, talk, event, now);
    case "transcribed":
      return transcribed(state, talk, event, now);
    case "transcription-failed":
      return transcriptionFailed(state, talk, event, now);
    case "digit":
      return digit(state, talk, event.digit, now);
    case "play-held":
      return { state: { ...state, saying: state.saying.map((say) => withHeard(say, event)) }, effects: [] };
    case "play-ended":
      return playEnded(state, talk, event, now);
    case "voice-failed":
      return voiceFailed(state, talk, event.playId, now);
    case "desk":
      return deskAnswered(state, talk, event.answer, now);
    case "handed-over":
      return handedOver(state, talk, now);
    case "transfer-failed":
      return transferFailed(state, talk, event.reason, now);
  }
}

/** The live pages learn of a booking as soon as it is committed. */
function deskAnswered<S>(state: CallState<S>, talk: Talk<S>, answer: DeskAnswer, now: Now): Step<S> {
  const step = converse(state, talk, [{ ...answer, now: now.local }], now);
  if (answer.kind !== "done" || answer.done.action !== "book-viewing") return step;
  const event = { kind: "booked", callId: state.callId, viewingId: answer.done.id } as const;
  return { state: step.state, effects: [{ kind: "publish", event }, ...step.effects] };
}

/** The greeting waits for the ACK and the caller's first RTP, so that no PBX clips the disclosure. */
function greetWhenReady<S>(state: CallState<S>, talk: Talk<S>, now: Now, effects: CallEffect[]): Step<S> {
  if (state.phase !== "answering") return { state, effects: [] };
  if (!state.acknowledged || !state.rtpArrived) return { state, effects };
  return greet(state, talk, now, effects);
}

function greet<S>(state: CallState<S>, talk: Talk<S>, now: Now, effects: CallEffect[]): Step<S> {
  const step = converse({ ...state, phase: "talking" }, talk, [started(state, now)], now);
  return { state: step.state, effects: [...effects, { kind: "stop-timer", name: "greet" }, ...step.effects] };
}

const started = ({ caller }: { caller: string | undefined }, now: Now) =>
  ({ kind: "started", ...(caller === undefined ? {} : { caller }), now: now.local }) as const;

function timerFired<S>(state: CallState<S>, talk: Talk<S>, name: string, now: Now): Step<S> {
  switch (name) {
    case "greet":
      return state.phase === "answering" ? greet(state, talk, now, []) : { state, effects: [] };
    case "no-input":
      if (state.phase !== "talking" || state.hearing || state.saying.length > 0) return { state, effects: [] };
      return nothingHeard(state, talk, now);
    case "late":
      return late(state, talk, now);
    case "keys":
      return state.keys === "" ? { state, effects: [] } : keysComplete(state, talk, now);
    default: // "closing", "longest": whatever still plays has had its time
      return {
        state: { ...state, outcome: state.outcome ?? talk.outcome(state.talk, "nothing") },
        effects: [{ kind: "hang-up" }],
      };
  }
}

/** A key is an answer: it stops the prompt as speech would. */
function digit<S>(state: CallState<S>, talk: Talk<S>, pressed: string, now: Now): Step<S> {
  const quiet: CallEffect[] = [{ kind: "stop-timer", name: "no-input" }];
  if (state.saying.every(({ interruptible, byKey }) => interruptible || byKey)) quiet.push({ kind: "hush" }); // not the disclosure
  const { asks } = talk.read(state.talk);
  // Star brings back who is waiting for somebody to pick up: at once. A menu is answered by one key.
  if (pressed === "#" || asks === "keys" || (state.transferring && pressed === "*")) {
    const endsMessage = asks === "voice-message";
    const keys = endsMessage ? pressed : pressed === "#" ? state.keys : withKey(state.keys, pressed);
    const step = keysComplete({ ...state, keys }, talk, now);
    return { state: step.state, effects: [...quiet, ...step.effects] };
  }
  return {
    state: { ...state, keys: withKey(state.keys, pressed) },
    effects: [...quiet, { kind: "timer", name: "keys", afterMs: keysPauseMs }],
  };
}

/** Two telephone numbers' worth: what follows without a pause is no answer to anything. */
const mostKeys = 32;

const withKey = (keys: string, pressed: string): string => (keys.length < mostKeys ? keys + pressed : keys);

function keysComplete<S>(state: CallState<S>, talk: Talk<S>, now: Now): Step<S> {
  if (state.keys === "") return { state, effects: settle(state, now) };
  const { inputs, effects, state: cleared } = dropUnfinished(state, now, true);
  const turned = openTurn({ ...cleared, keys: "" }, talk, now, { ...silence, text: `[${state.keys}]` });
  const step = converse(turned, talk, [...inputs, { kind: "keys", digits: state.keys, now: now.local }], now);
  return { state: step.state, effects: [{ kind: "stop-timer", name: "keys" }, ...effects, ...step.effects] };
}

const withHeard = (say: Saying, { playId, playedMs, heardShare, heardText }: Of<"play-held">): Saying =>
  say.playId === playId ? { ...say, playedMs, heardShare, heardText } : say;

function playEnded<S>(state: CallState<S>, talk: Talk<S>, event: Of<"play-ended">, now: Now): Step<S> {
  const say = state.saying.find(({ playId }) => playId === event.playId);
  if (!say) return { state, effects: [] };
  const saying = state.saying.filter((other) => other !== say);
  const rest: CallState<S> = { ...state, saying, silentSinceMs: Date.parse(now.utc) };
  const inFull = rest.saying.length === 0 && event.completed;
  const turn = { ...rest.turn, saidInFull: inFull };
  const step = converse({ ...rest, turn }, talk, [said(say, event, event.completed, now)], now);
  const keep: CallEffect[] =
    inFull && talk.read(step.state.talk).disclosed ? [{ kind: "store-turn", turn: step.state.turn }] : [];
  return { state: step.state, effects: [...step.effects, ...keep] };
}

/** The call cannot go on with words that nobody hears: what else was to be said is dropped, and an end is made. */
function voiceFailed<S>(state: CallState<S>, talk: Talk<S>, playId: number, now: Now): Step<S> {
  if (state.saying.every((say) => say.playId !== playId)) return { state, effects: [] };
  const others = state.saying.filter((say) => say.playId !== playId);
  const step = converse({ ...state, saying: [] }, talk, [{ kind: "not-spoken", now: now.local }], now);
  const cancel = others.map((say): CallEffect => ({ kind: "cancel-speech", playId: say.playId }));
  return { state: step.state, effects: [...cancel, ...step.effects] };
}

function ended<S>(state: CallState<S>, talk: Talk<S>, by: "caller" | "gatehouse"): Step<S> {
  const names = ["late", "greet", "no-input", "keys", "closing", "longest"] as const;
  const outcome = state.outcome ?? talk.outcome(state.talk, by === "caller" ? "abandoned" : "failed");
  const unattended = talk.unattended(state.talk);
  return {
    state: { ...state, phase: "ended", saying: [], hearing: undefined, earlier: [], revocable: undefined },
    effects: [
      ...names.map((name): CallEffect => ({ kind: "stop-timer", name })),
      ...(unattended === undefined ? [] : [unattended]),
      { kind: "finish", outcome, endedBy: by },
    ],
  };
}
