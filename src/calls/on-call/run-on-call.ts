/** Runs the on-call ring: steps the machine, places its legs, and keeps what comes of them. */
import { type Leg, placeLeg } from "../transfer/leg.ts";
import type { TransferEvent } from "../transfer/machine.ts";
import type { LegPorts, LegSide } from "../transfer/ports.ts";
import { noAlerts, type OnCallEffect, type OnCallEvent, type OnCallPhone, type OnCallTimer } from "./machine.ts";
import type { OnCallBooks } from "./ports.ts";
import { stepOnCall } from "./step.ts";

export type OnCallPorts = Omit<LegPorts, "newLegSide"> & {
  books: OnCallBooks;
  /** Who is on call now, in order, and may be called. */
  phones(): readonly OnCallPhone[];
  newLegSide(trunk: string): LegSide;
  /** What the one who answers is told of that emergency, and asked. */
  question(alertId: string): string;
  /** Said to the one who has taken it. */
  thanks(): string;
};

export type OnCall = {
  raised(alertId: string): void;
  acknowledged(alertId: string): void;
  /** No telephone rings any more. What is not acknowledged is rung again at the next start. */
  stop(): void;
};

const lastingTimer = "again";

export function runOnCall(ports: OnCallPorts): OnCall {
  let state = noAlerts;
  let leg: Leg | undefined;
  /** What comes late of a telephone that is rung no more is not for the next one. */
  let legNumber = 0;
  let queue: OnCallEvent[] = [];
  let isBusy = false;
  const timers = new Map<string, () => void>();

  /** One at a time, in order, also those that carrying out another brings about. */
  function post(event: OnCallEvent): void {
    queue.push(event);
    if (isBusy) return;
    isBusy = true;
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const step = stepOnCall(state, next, ports.phones());
        state = step.state;
        for (const effect of step.effects) carryOut(effect);
      }
    } catch (error) {
      queue = [];
      ports.failed(error);
    } finally {
      isBusy = false;
    }
  }

  function carryOut(effect: OnCallEffect): void {
    switch (effect.kind) {
      case "call-phone":
        return call(effect.alertId, effect.phone);
      case "hang-up":
        legNumber += 1;
        leg?.hangUp();
        leg = undefined;
        return;
      case "ask":
        return leg?.say(ports.question(effect.alertId));
      case "thank":
        return leg?.say(ports.thanks());
      case "timer":
        return setTimer(effect.name, effect.alertId, effect.afterMs);
      case "stop-phone-timers":
        for (const name of timers.keys()) if (!name.startsWith(lastingTimer)) stopTimer(name);
        return;
      case "stop-again":
        return stopTimer(`${lastingTimer} ${effect.alertId}`);
      case "tried":
        return keep(() => ports.books.tried(effect.alertId, effect.phone.extension, effect.result));
      case "taken":
        return keep(() => ports.books.taken(effect.alertId, effect.phone.extension));
    }
  }

  /** A disk that takes nothing stops no telephone: what is not written is rung again after a restart. */
  function keep(write: () => void): void {
    try {
      write();
    } catch (error) {
      ports.failed(error);
    }
  }

  function call(alertId: string, phone: OnCallPhone): void {
    const number = ++legNumber;
    const isCurrent = () => number === legNumber;
    leg = placeLeg(
      { purpose: "on-call", forCall: alertId, trunk: phone.trunk, extension: phone.extension },
      { ...ports, newLegSide: () => ports.newLegSide(phone.trunk) },
      (event) => {
        const told = isCurrent() ? eventOf(event) : undefined;
        if (told !== undefined) post(told);
      },
      (digit) => {
        if (isCurrent()) post({ kind: "key", digit });
      },
    );
  }

  function setTimer(name: OnCallTimer, alertId: string, afterMs: number): void {
    const key = `${name} ${alertId}`;
    stopTimer(key);
    const cancel = ports.schedule(afterMs, () => {
      timers.delete(key);
      post({ kind: "timer", name, alertId });
    });
    timers.set(key, cancel);
  }

  function stopTimer(key: string): void {
    timers.get(key)?.();
    timers.delete(key);
  }

  return {
    raised: (alertId) => post({ kind: "raised", alertId }),
    acknowledged: (alertId) => post({ kind: "acknowledged", alertId }),
    stop: () => post({ kind: "stop" }),
  };
}

/** Words are no key: of what is said only a machine's announcement counts, and it does not accept. */
function eventOf(event: TransferEvent): OnCallEvent | undefined {
  switch (event.kind) {
    case "answered":
    case "no-media":
      return { kind: event.kind };
    case "leg-ended":
      return { kind: "leg-ended" };
    case "said":
      return { kind: "said", spoken: event.spoken };
    case "words":
      return event.answer === "machine" ? { kind: "machine" } : undefined;
    default:
      return undefined;
  }
}
