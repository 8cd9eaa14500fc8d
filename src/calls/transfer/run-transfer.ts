/** Runs one attempt to put a caller through: steps the pure machine and carries out what it asks for. */
import type { ReferTarget } from "../../sip/leg-ports.ts";
import type { LiveEvent } from "../ports.ts";
import { type Leg, placeLeg } from "./leg.ts";
import type { TransferEffect, TransferEvent, TransferState, TransferTimer } from "./machine.ts";
import type { TransferPorts, TransferRequest } from "./ports.ts";
import { beginTransfer, stepTransfer } from "./step.ts";

export type RunningTransfer = {
  /** The caller wants it no more. */
  withdraw(): void;
  callerGone(): void;
  /** A key that the caller pressed while he was no longer ours. */
  press(digit: string, durationMs: number): void;
};

type Progress = Extract<LiveEvent, { kind: "transfer" }>["state"];

export function runTransfer(callId: string, { to, about }: TransferRequest, ports: TransferPorts): RunningTransfer {
  const timers = new Map<TransferTimer, () => void>();
  const begun = beginTransfer(ports.mode);
  let state: TransferState = begun.state;
  let leg: Leg | undefined;
  let queue: TransferEvent[] = [];
  let isBusy = true;

  /** One at a time, in order, also those that carrying out another brings about. */
  function post(event: TransferEvent): void {
    queue.push(event);
    if (!isBusy) drain();
  }

  function drain(): void {
    isBusy = true;
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const before = state.phase;
        const step = stepTransfer(state, next);
        state = step.state;
        carryOutAll(step.effects);
        if (before !== state.phase && state.phase === "asking") tell("asking");
      }
    } catch (error) {
      queue = [];
      giveUp(error);
    } finally {
      isBusy = false;
    }
  }

  /** A bug in here costs the attempt, not the call. */
  function giveUp(error: unknown): void {
    ports.failed(error);
    const last = stepTransfer(state, { kind: "no-media" });
    leg?.hangUp();
    for (const cancel of timers.values()) cancel();
    timers.clear();
    state = { ...last.state, phase: "over", hasLeg: false };
    ports.media.send({ kind: "unbridge", callId });
    ports.media.send({ kind: "ringback", callId, on: false });
    ports.returned("failed");
  }

  const tell = (progress: Progress) => ports.publish({ kind: "transfer", callId, person: to.name, state: progress });

  function carryOutAll(effects: readonly TransferEffect[]): void {
    for (const effect of effects) carryOut(effect);
  }

  function carryOut(effect: TransferEffect): void {
    switch (effect.kind) {
      case "call-leg":
        leg = placeLeg({ purpose: "transfer", forCall: callId, extension: to.extension }, ports, post, pressedByLeg);
        return;
      case "hang-up-leg":
        return leg?.hangUp();
      case "ask-leg":
        return leg?.say(about);
      case "timer":
        return setTimer(effect.name, effect.afterMs);
      case "stop-timers":
        for (const cancel of timers.values()) cancel();
        return timers.clear();
      case "ringback":
        return ports.media.send({ kind: "ringback", callId, on: effect.on });
      case "handed-over":
        tell("connected");
        return ports.handedOver();
      case "bridge":
        return ports.media.send({ kind: "bridge", callId, withCallId: leg?.mediaId ?? "" });
      case "unbridge":
        return ports.media.send({ kind: "unbridge", callId });
      case "refer":
        return refer(effect.to);
      case "hang-up-caller":
        return ports.hangUpCaller();
      case "returned":
        tell("failed");
        return ports.returned(effect.reason);
      case "completed":
        return;
    }
  }

  function setTimer(name: TransferTimer, afterMs: number): void {
    timers.get(name)?.();
    const cancel = ports.schedule(afterMs, () => {
      timers.delete(name);
      post({ kind: "timer", name });
    });
    timers.set(name, cancel);
  }

  function refer(whom: "leg" | "extension"): void {
    const target = targetOf(whom);
    if (target === undefined) return post({ kind: "refer-done", outcome: "refused" });
    ports.legs.refer(callId, target, {
      accepted: () => post({ kind: "refer-accepted" }),
      done: (outcome) => post({ kind: "refer-done", outcome }),
    });
  }

  function targetOf(whom: "leg" | "extension"): ReferTarget | undefined {
    if (whom === "extension") return { kind: "extension", extension: to.extension };
    const legId = leg?.dialogId();
    return legId === undefined ? undefined : { kind: "leg", legId };
  }

  /** Before the bridge a key is an answer; after it, it is for the caller's side. */
  function pressedByLeg(digit: string, durationMs: number): void {
    if (state.phase === "bridged") ports.media.send({ kind: "press", callId, digit, durationMs });
    else post({ kind: "key", digit });
  }

  tell("ringing");
  try {
    carryOutAll(begun.effects);
  } catch (error) {
    giveUp(error);
  }
  drain();
  return {
    withdraw: () => post({ kind: "withdrawn" }),
    callerGone: () => post({ kind: "caller-gone" }),
    press(digit, durationMs) {
      if (state.phase === "bridged") leg?.press(digit, durationMs);
    },
  };
}
