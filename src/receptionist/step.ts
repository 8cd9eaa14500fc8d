/** The receptionist: one input, the next state and what to do. Pure; never throws for any input. */
import { byKeys, hearAgain, pressedAtKeys, unheardAtKeys } from "./by-keys.ts";
import type { Action, Effect, Heard, Input, StepView } from "./contract.ts";
import { afterAlarm, alarm } from "./danger.ts";
import { disclose } from "./disclosure.ts";
import { type Draft, end, enter, miss, say, speak } from "./draft.ts";
import { urgentTurn } from "./emergency-urgent.ts";
import type { Flow } from "./flow.ts";
import { repeatQuestion, wantsNoRecording } from "./global.ts";
import { isForUs, isPlainAnswer } from "./interruption.ts";
import { keysAsWords } from "./keypad.ts";
import { askedNow, listeningOf } from "./listening.ts";
import { leftUnattended } from "./on-duty.ts";
import { actionDone, actionRefused } from "./results.ts";
import { noInput } from "./silence.ts";
import type { Spoken, State } from "./state.ts";
import { transferFailed, whileTransferring } from "./transfer.ts";
import { takeTurn } from "./turns.ts";
import { readEmergency } from "./understanding/emergencies.ts";
import { readIntents } from "./understanding/intents.ts";
import { tokenise } from "./understanding/tokens.ts";
import { understand } from "./understanding/understand.ts";

/** Under these names words in a row are counted that could not be made out, and those at which our hearing failed. */
const UNHEARD = "hearing";
const FAILED = "hearing-failed";
const MOST_UNHEARD = 3;
const MOST_FAILED = 1;
/** Keys that answer nothing, between two answers. */
const IDLE_KEYS = "keys";
const MOST_IDLE_KEYS = 4;
/** After the words of an emergency silence needs no patience. */
const EMERGENCY_NO_INPUT_MS = 4_000;

/** @returns A new state (the one passed in is not touched) and effects, to be carried out in order. */
export function step(flow: Flow, before: State, input: Input, view: StepView): { state: State; effects: Effect[] } {
  if (before.ended) return { state: before, effects: [] };
  const draft: Draft = { flow, view, now: input.now, state: structuredClone(before), effects: [], said: [] };
  take(draft, input);
  const isOurs = draft.state.phase.kind !== "transferring";
  if (!draft.state.ended && isOurs && draft.state.turns >= flow.limits.turns) {
    endTooLong(draft);
  }
  const left = draft.state.ended ? leftUnattended(flow, draft.state) : undefined;
  if (left !== undefined) draft.effects.unshift(left);
  listen(draft, input);
  // Through an alarm or a pause the question before it is kept: there the call goes on.
  const aside = draft.state.phase.kind === "emergency" || !isOurs || draft.state.holds !== null;
  const question = draft.said.filter((spoken) => !isAside(flow, spoken));
  if (question.length > 0 && !aside) draft.state.lastSaid = question;
  return { state: draft.state, effects: draft.effects };
}

/** What would have been asked or done now has no time left; words of an alarm are the last there are. */
function endTooLong(draft: Draft): void {
  const { effects, state } = draft;
  if (state.phase.kind === "emergency") return end(draft, "emergency");
  effects.splice(0, effects.length, ...effects.filter(({ kind }) => LASTING.has(kind)));
  say(draft, "tooLong");
  end(draft, "failed");
}

/** Whatever comes after them, these hold. */
const LASTING: ReadonlySet<Effect["kind"]> = new Set(["disclosed", "emergency", "stop-recording", "cancel-transfer"]);

/** Said before a question, or in passing: not worth saying twice. */
// biome-ignore format: a list
const ASIDES = [
  "noInput", "notUnderstood", "notHeard", "slower", "isMachine", "isRecorded", "recordingStopped", "yesOrNo", "misheardDanger", "cannotAnswer", "holding", "stillHere", "goOn",
  "giveUpMessage", "calm", "personMessage", "otherTopic", "deaf", "heardAgain", "moment",
] as const;

const isAside = ({ prompts }: Flow, { text }: Spoken): boolean => ASIDES.some((name) => prompts[name].includes(text));

function take(draft: Draft, input: Input): void {
  const { state } = draft;
  switch (input.kind) {
    case "started":
      state.caller = input.caller ?? null;
      if (state.disclosureSayId === null) disclose(draft);
      return;
    case "hearing":
      state.hears = input.works; // the caller is told when he speaks: until then he may get what he wants
      return;
    case "said":
      return afterSaid(draft, input);
    case "heard":
      state.turns++;
      return hear(draft, input.heard);
    case "keys":
      state.turns++;
      return press(draft, input.digits);
    case "no-input":
      state.turns++;
      if (state.phase.kind === "transferring") return; // somebody is being rung: the caller waits for him, not for us
      if (state.disclosed || state.phase.kind === "emergency") noInput(draft, input.faint === true);
      return;
    case "late":
      if (state.phase.kind === "keypad" && state.phase.at === "voice") return; // nobody waits for an answer to it
      if (state.disclosed && !isDeaf(state.phase)) speakMoment(draft, input.times);
      return;
    case "not-heard":
      state.turns++;
      if (state.phase.kind === "keypad") return unheardAtKeys(draft, state.phase);
      if (state.disclosed && !isDeaf(state.phase)) notHeard(draft, input.failed === true);
      return;
    case "not-spoken":
      if (state.phase.kind === "transferring") return; // the ringing tone says it
      return giveUpCall(draft);
    case "transferred":
      if (state.phase.kind === "transferring") state.transferred = true;
      return;
    case "transfer-failed":
      state.transferred = false;
      if (state.phase.kind === "transferring") transferFailed(draft, state.phase, input.reason);
      return;
    case "done":
      if (awaits(draft, input.done.action)) answered(draft, () => actionDone(draft, input.done));
      return;
    case "refused":
      if (awaits(draft, input.action)) answered(draft, () => actionRefused(draft, input.reason));
      return;
  }
}

/** Phases in which words that could not be made out are not asked for again. */
const isDeaf = ({ kind }: State["phase"]): boolean => ["emergency", "waiting", "transferring"].includes(kind);

/** Not to be interrupted: what the caller said before it is still to be heard. */
function speakMoment(draft: Draft, times: number): void {
  const wordings = draft.flow.prompts.moment;
  speak(draft, { text: wordings[Math.min(times, wordings.length - 1)] ?? "", fixed: true }, false);
}

/** Asked again, until there is no sense in it: whoever is not made out by then has keys. */
function notHeard(draft: Draft, hasFailed: boolean): void {
  const failed = hasFailed ? miss(draft, FAILED) : 0;
  if (!draft.state.hears || failed > MOST_FAILED || miss(draft, UNHEARD) > MOST_UNHEARD) return byKeys(draft);
  say(draft, "notHeard");
  if (draft.state.interrupted) repeatQuestion(draft);
}

function giveUpCall(draft: Draft): void {
  say(draft, "cannotHelp");
  end(draft, "failed");
}

/** Of "That's booked: …": from here on it is known what was booked. */
const ENOUGH_HEARD = 0.5;

/** Only once the disclosure has been heard in full may anything of the caller be kept; cut short, it comes again first. */
function afterSaid(draft: Draft, input: Extract<Input, { kind: "said" }>): void {
  const { state } = draft;
  if (input.sayId !== state.disclosureSayId || state.disclosed) {
    state.interrupted = !input.completed;
    if (state.readBack?.sayId === input.sayId)
      state.readBack.missed = !input.completed && !toldAll(state.readBack, input);
    if (state.result?.sayId === input.sayId) state.result.missed = !input.completed && input.heardShare < ENOUGH_HEARD;
    return;
  }
  if (state.phase.kind === "emergency") return;
  if (!input.completed) return disclose(draft);
  state.disclosed = true;
  draft.effects.push({ kind: "disclosed" });
  enter(draft, { kind: "open" });
  if (!state.hears) return byKeys(draft);
  const early = state.pending.splice(0);
  if (early.length > 0) hear(draft, together(early));
  if (draft.said.length === 0 && !state.ended) say(draft, "welcome");
}

const toldAll = ({ values }: { values: string[] }, { heardText = "" }: { heardText?: string }): boolean =>
  values.every((value) => heardText.includes(value));

const awaits = ({ state: { phase } }: Draft, action: Action["kind"]): boolean =>
  phase.kind === "waiting" && phase.action === action;

/** A booking or message has been settled; words spoken meanwhile are answered after it. */
function answered(draft: Draft, settle: () => void): void {
  settle();
  const meanwhile = draft.state.pending.splice(0);
  if (meanwhile.length > 0 && !draft.state.ended && draft.state.phase.kind === "else") hear(draft, together(meanwhile));
}

function together(all: readonly Heard[]): Heard {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only;
  const text = all.map((heard) => heard.text).join(". ");
  return { text, nbest: [[text, null]] };
}

const MOST_PENDING = 8;

function hear(draft: Draft, heard: Heard): void {
  const { state } = draft;
  if (wantsUnrecorded(state.phase, heard)) draft.effects.push({ kind: "stop-recording" });
  const danger = readEmergency(heard);
  if (state.phase.kind === "emergency") return afterAlarm(draft, state.phase, heard.text);
  if (danger) return alarm(draft, danger, heard);
  const wasAtKeys = state.phase.kind === "keypad";
  if (state.phase.kind === "keypad") {
    if (heard.doubtful || state.phase.at === "voice") return; // his message: for people to hear
    hearAgain(draft);
  }
  if (state.phase.kind === "transferring") {
    if (!heard.doubtful) whileTransferring(draft, state.phase, understand(heard, listeningOf(draft, null)));
    return;
  }
  if (heard.doubtful) return state.disclosed && state.phase.kind !== "waiting" ? notHeard(draft, false) : undefined;
  if (!state.disclosed || state.phase.kind === "waiting") {
    if (state.pending.length < MOST_PENDING) state.pending.push(heard);
    return;
  }
  if (urgentTurn(draft, heard)) return settle(state);
  const understood = understand(heard, listeningOf(draft, askedNow(draft)));
  if (state.holds !== null && !isForUs(understood, state.asks)) return;
  settle(state);
  // A yes was meant for what was said of keys: to the question from before it would be one that nobody gave.
  if (wasAtKeys && understood.answer !== undefined && isPlainAnswer(understood)) return repeatQuestion(draft);
  takeTurn(draft, understood);
  state.interrupted = false;
}

/** Phases that answer other words than these; elsewhere it is answered as well. */
const BUSY: ReadonlySet<State["phase"]["kind"]> = new Set(["emergency", "urgent", "transferring", "waiting"]);

const wantsUnrecorded = ({ kind }: State["phase"], { text, doubtful }: Heard): boolean =>
  BUSY.has(kind) && doubtful !== true && readIntents(tokenise(text)).has("recording") && wantsNoRecording(text);

/** Something was made out: what went wrong before is forgotten. */
function settle(state: State): void {
  state.silences = 0;
  state.holds = null;
  delete state.tries[UNHEARD];
  delete state.tries[FAILED];
  delete state.tries[IDLE_KEYS];
}

function press(draft: Draft, digits: string): void {
  if (draft.state.phase.kind === "transferring" && !digits.includes("*")) return;
  if (draft.state.phase.kind === "keypad") return pressedAtKeys(draft, draft.state.phase, digits);
  const words = keysAsWords(draft, digits);
  if (words !== undefined && words !== "") return hear(draft, { text: words, nbest: [[words, null]] });
  const { disclosed, phase } = draft.state;
  if (!disclosed || phase.kind === "waiting" || phase.kind === "emergency") return;
  if (miss(draft, IDLE_KEYS) > MOST_IDLE_KEYS) return giveUpCall(draft);
  repeatQuestion(draft);
}

/** Every turn of ours ends in listening, unless we hang up or wait for an answer of our own house. */
function listen(draft: Draft, input: Input): void {
  const { state, flow } = draft;
  if (state.ended || state.phase.kind === "waiting" || input.kind === "started") return;
  if (state.phase.kind === "transferring") return;
  if (state.phase.kind === "emergency") {
    if (draft.said.length > 0) draft.effects.push({ kind: "listen", noInputMs: EMERGENCY_NO_INPUT_MS });
    return;
  }
  if (!state.disclosed || (input.kind === "said" && draft.said.length === 0)) return;
  const { noInputMs, phoneNoInputMs, holdMs } = flow.limits;
  const ms = state.holds !== null ? holdMs : state.asks === "phone" ? phoneNoInputMs : noInputMs;
  draft.effects.push({ kind: "listen", noInputMs: ms });
}
