/**
 * The last SIP messages, for `gatehouse sip trace`: redacted before they are kept, in memory only, off until asked for.
 * The oldest go when there are too many.
 */
import { type Endpoint, hostPort } from "../endpoint.ts";
import { redactMessage } from "./redact.ts";

export type TracedMessage = {
  /** ISO, UTC. */
  readonly at: string;
  readonly direction: "in" | "out";
  /** "192.0.2.1:5060" */
  readonly peer: string;
  readonly text: string;
};

export interface Trace {
  note(direction: "in" | "out", bytes: Uint8Array, peer: Endpoint): void;
  /** Off: what was kept is forgotten. */
  set(on: boolean): void;
  show(): { on: boolean; messages: readonly TracedMessage[] };
}

const maxMessages = 1_000;
const maxCharacters = 2_000_000;

export function createTrace(nowIso: () => string): Trace {
  let on = false;
  let kept: TracedMessage[] = [];
  let characters = 0;

  return {
    note(direction, bytes, peer) {
      if (!on) return;
      const text = redactMessage(bytes);
      kept.push({ at: nowIso(), direction, peer: hostPort(peer), text });
      characters += text.length;
      while (kept.length > maxMessages || characters > maxCharacters) characters -= kept.shift()?.text.length ?? 0;
    },
    set(wanted) {
      on = wanted;
      if (on) return;
      kept = [];
      characters = 0;
    },
    show: () => ({ on, messages: [...kept] }),
  };
}
