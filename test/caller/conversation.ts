/** One whole call: dials, listens, answers when the agent has been silent for a while, until somebody hangs up. */
import { createEars, type Turn } from "./ears.ts";
import { type Asked, answerTo, askedIn, type Wish } from "./persona.ts";
import { dial, type Target } from "./phone.ts";

const agentSilenceMs = 900;
/** A call that takes longer than this has gone wrong. */
const longestMs = 180_000;
/** After this many lines the caller gives up. */
const mostLines = 16;

export type Conversation = { ended: "them" | "us"; status: number | undefined; lines: string[] };

export type CallerParts = {
  say(line: string): Int16Array;
  understand(samples: Int16Array): Promise<string>;
  /** Told of what the caller heard and says, as it happens. */
  narrate?(what: "heard" | "says" | "answered", text: string): void;
  received?(frame: Int16Array, atMs: number): void;
  sent?(frame: Int16Array, atMs: number): void;
  /** Aborted: the caller hangs up, or puts down a dead telephone. */
  signal?: AbortSignal;
};

export async function converse(target: Target, wish: Wish, parts: CallerParts): Promise<Conversation> {
  const ears = createEars(agentSilenceMs);
  const said: Asked[] = [];
  const lines: string[] = [];
  const over = Promise.withResolvers<Conversation>();
  let thinking = false;

  const phone = await dial(target, {
    answered: () => parts.narrate?.("answered", ""),
    heard(frame) {
      const turn = ears.hear(frame);
      if (turn && !thinking && !phone.speaking()) void answer(turn).catch(over.reject);
    },
    ended: (by, status) => over.resolve({ ended: by, status, lines }),
    received: (frame, atMs) => parts.received?.(frame, atMs),
    sent: (frame, atMs) => parts.sent?.(frame, atMs),
  });

  async function answer(turn: Turn): Promise<void> {
    thinking = true;
    const heard = await parts.understand(turn.samples);
    parts.narrate?.("heard", heard);
    const reply = answerTo(askedIn(heard), wish, said);
    if (reply === undefined || lines.length >= mostLines) return; // they hang up; or the bound below
    said.push(reply.asked);
    lines.push(reply.line);
    parts.narrate?.("says", reply.line);
    phone.say(parts.say(reply.line));
    thinking = false;
  }

  const bound = setTimeout(() => phone.hangUp(), longestMs);
  const putDown = () => phone.hangUp();
  parts.signal?.addEventListener("abort", putDown);
  if (parts.signal?.aborted) putDown();
  try {
    return await over.promise;
  } finally {
    clearTimeout(bound);
    parts.signal?.removeEventListener("abort", putDown);
    phone.close();
  }
}
