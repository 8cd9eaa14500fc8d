/** The call while somebody else has the caller, and his way back. Pure. */
import type { TransferFailure } from "../receptionist/contract.ts";
import { cancelled } from "./earlier.ts";
import {
  type CallEffect,
  type CallEvent,
  type CallState,
  longestCallMs,
  type Now,
  type Step,
  type Talk,
} from "./machine.ts";
import { converse } from "./talking.ts";

/** Of two people, on hold or not: a PBX that has died while both were held would otherwise hold a place for ever. */
export const longestJoinedMs = 8 * 60 * 60_000;

/** Two people talk: nothing is said, heard or kept, and their call may last. */
export function handedOver<S>(state: CallState<S>, talk: Talk<S>, now: Now): Step<S> {
  if (state.phase !== "talking" || !state.transferring) return { state, effects: [] };
  const silenced: CallEffect[] = [
    ...(["no-input", "keys"] as const).map((name): CallEffect => ({ kind: "stop-timer", name })),
    { kind: "timer", name: "longest", afterMs: longestJoinedMs },
    ...state.saying.map(({ playId }): CallEffect => ({ kind: "cancel-speech", playId })),
    ...cancelled([...state.earlier, ...(state.hearing ? [{ hearing: state.hearing }] : [])]),
    { kind: "hush" },
    { kind: "keep-sound", on: false },
  ];
  const quiet: CallState<S> = { ...state, saying: [], hearing: undefined, earlier: [], keys: "" };
  const step = converse(quiet, talk, [{ kind: "transferred", now: now.local }], now);
  return { state: { ...step.state, phase: "handed-over" }, effects: [...silenced, ...step.effects] };
}

/** Whatever was still on its way when he was handed over is void. */
export function whileHandedOver<S>(state: CallState<S>, talk: Talk<S>, event: CallEvent, now: Now): Step<S> {
  if (event.kind === "timer" && event.name === "longest") return { state, effects: [{ kind: "hang-up" }] };
  if (event.kind !== "transfer-failed") return { state, effects: [] };
  const kept: CallEffect[] = [
    { kind: "keep-sound", on: true },
    { kind: "timer", name: "longest", afterMs: longestCallMs },
  ];
  const step = transferFailed({ ...state, phase: "talking" }, talk, event.reason, now);
  return { state: step.state, effects: [...kept, ...step.effects] };
}

export function transferFailed<S>(state: CallState<S>, talk: Talk<S>, reason: TransferFailure, now: Now): Step<S> {
  if (!state.transferring) return { state, effects: [] };
  return converse({ ...state, transferring: false }, talk, [{ kind: "transfer-failed", reason, now: now.local }], now);
}
