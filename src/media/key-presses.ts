/**
 * Keys that we press for somebody: telephone events (RFC 4733 §2.5.1), one packet each packet time in the place of
 * sound. Pure.
 */

/** One packet's worth of a key. `isFirst`: it carries the marker, and its timestamp is that of the whole event. */
export type EventPacket = { payload: Uint8Array; isFirst: boolean };

export type KeyPresses = {
  /** @param digit 0–9, *, #, A–D; others are passed over. */
  press(digit: string, durationMs: number): void;
  /** What leaves in this packet time instead of sound; undefined: sound. @param ticksPerMs of the event's RTP clock. */
  next(ms: number, ticksPerMs: number): EventPacket | undefined;
};

const digits = "0123456789*#ABCD";
/** Shorter ones are missed by some, longer ones need segments (§2.5.1.3) that few understand. */
const shortestMs = 60;
const longestMs = 6000;
const longestTicks = 0xffff;
/** Between two keys, so that the same one twice is two. */
const pauseMs = 80;
/** §2.5.1.4: the last packet is sent three times. */
const ends = 3;
/** −10 dBm0. */
const volume = 10;
const mostWaiting = 32;

type Pressing = { event: number; totalMs: number; passedMs: number; endsLeft: number };

export function createKeyPresses(): KeyPresses {
  const waiting: Pressing[] = [];
  let pausedMs = 0;

  function advance(key: Pressing, ms: number, ticksPerMs: number): EventPacket {
    const isFirst = key.passedMs === 0;
    const totalMs = Math.min(key.totalMs, longestTicks / ticksPerMs);
    key.passedMs = Math.min(totalMs, key.passedMs + ms);
    const isOver = key.passedMs === totalMs;
    if (isOver) key.endsLeft--;
    if (key.endsLeft === 0) {
      waiting.shift();
      pausedMs = pauseMs;
    }
    const ticks = Math.round(key.passedMs * ticksPerMs);
    return { payload: Uint8Array.of(key.event, (isOver ? 0x80 : 0) | volume, ticks >> 8, ticks & 0xff), isFirst };
  }

  return {
    press(digit, durationMs) {
      const event = digits.indexOf(digit);
      if (digit.length !== 1 || event < 0 || waiting.length >= mostWaiting) return;
      const totalMs = Math.min(longestMs, Math.max(shortestMs, durationMs));
      waiting.push({ event, totalMs, passedMs: 0, endsLeft: ends });
    },
    next(ms, ticksPerMs) {
      const key = waiting[0];
      if (pausedMs > 0) pausedMs -= ms;
      else if (key !== undefined) return advance(key, ms, ticksPerMs);
      return undefined;
    },
  };
}
