/** One scripted call over SIP and RTP, and its two channels as they passed the caller's own sockets. */
import { isLoud } from "../../caller/loudness.ts";
import { dial, type Target } from "../../caller/phone.ts";
import type { Move, Script } from "./script.ts";
import type { Rendered } from "./sounds.ts";

/** One direction: packets of 20 ms in order, with `performance.now()` of the moment each was sent or came in. */
export type Channel = { frames: Int16Array[]; atMs: number[] };

/** Where a move's sound begins in the channel of what was sent; nothing was sent for a silence. */
export type Mark = { move: number; frame: number };

export type Recording = {
  sent: Channel;
  received: Channel;
  marks: Mark[];
  answeredAtMs: number | undefined;
  /** Of a call that was not taken. */
  status: number | undefined;
};

/** So long a caller waits after the agent's last word until he takes it for his turn. */
const quietMs = 800;
/** An agent that has not spoken for so long is spoken to again: a turn that was never answered. */
const patienceMs = 8_000;
/** After a goodbye the agent hangs up. */
const goodbyeMs = 1_000;
/** After a sound into the agent's words: time to see what becomes of them. */
const lookMs = 2_500;
const pollMs = 10;

export async function playScript(target: Target, script: Script, sounds: readonly Rendered[]): Promise<Recording> {
  const recording: Recording = {
    sent: { frames: [], atMs: [] },
    received: { frames: [], atMs: [] },
    marks: [],
    answeredAtMs: undefined,
    status: undefined,
  };
  const { sent, received, marks } = recording;
  const answered = Promise.withResolvers<void>();
  let over = false;
  let agentAtMs = { first: Number.NaN, last: Number.NaN };
  /** End of the caller's latest sound, and whether the agent must speak before the next. */
  let since = { atMs: performance.now(), needsVoice: true, notBeforeMs: 0 };

  const phone = await dial(target, {
    answered() {
      recording.answeredAtMs = performance.now();
      since.atMs = performance.now();
      answered.resolve();
    },
    heard: () => undefined,
    ended(_, status) {
      over = true;
      recording.status = status;
      answered.resolve();
    },
    sent: (frame, atMs) => keep(sent, frame, atMs),
    received(frame, atMs) {
      keep(received, frame, atMs);
      if (!isLoud(frame)) return;
      agentAtMs = { first: agentAtMs.first > since.atMs ? agentAtMs.first : atMs, last: atMs };
    },
  });

  async function until(isTime: (nowMs: number) => boolean): Promise<void> {
    while (!over && !isTime(performance.now())) await Bun.sleep(pollMs);
  }
  const hasSpoken = () => agentAtMs.first > since.atMs;
  const isTurn = (nowMs: number) => {
    if (nowMs < since.notBeforeMs) return false;
    const isQuiet = !(nowMs - agentAtMs.last < quietMs);
    const isUnanswered = nowMs - since.atMs > patienceMs && isQuiet;
    return isUnanswered || (isQuiet && (hasSpoken() || !since.needsVoice));
  };

  async function send(index: number, move: Move): Promise<void> {
    const { samples } = sounds[index] ?? { samples: new Int16Array(0) };
    marks.push({ move: index, frame: sent.frames.length });
    phone.say(samples);
    await until(() => !phone.speaking());
    const atMs = performance.now();
    const notBeforeMs = atMs + (move.kind === "sound" ? lookMs : move.kind === "silence" ? move.ms : 0);
    since = { atMs, needsVoice: move.kind !== "sound" && move.kind !== "silence", notBeforeMs };
  }

  await answered.promise;
  for (const [index, move] of script.moves.entries()) {
    if (over) break;
    if (move.kind === "turn" || move.kind === "silence") await until(isTurn);
    else {
      const begunMs = since.atMs;
      await until((nowMs) => nowMs - begunMs > patienceMs || (hasSpoken() && nowMs - agentAtMs.first >= move.afterMs));
      if (!hasSpoken()) continue; // nothing to speak into
    }
    if (!over) await send(index, move);
  }
  await until(isTurn);
  const lastMs = performance.now();
  await until((nowMs) => nowMs - lastMs > goodbyeMs);
  if (!over) phone.hangUp();
  await Bun.sleep(200); // its BYE is answered
  phone.close();
  return recording;
}

function keep(channel: Channel, frame: Int16Array, atMs: number): void {
  channel.frames.push(frame);
  channel.atMs.push(atMs);
}
