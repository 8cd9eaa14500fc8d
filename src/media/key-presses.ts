/**
 * Keys that we press for somebody: telephone events (RFC 4733 §2.5.1), one packet each packet time in the place of
 * sound. Pure; times in ticks of the RTP clock.
 */

/** One packet's worth of a key. `isFirst`: it carries the marker, and its timestamp is that of the whole event. */
export type EventPacket = { payload: Uint8Array; isFirst: boolean };

export type KeyPresses = {
  /** @param digit 0–9, *, #, A–D; others are passed over. */
  press(digit: string, durationMs: number): void;
  /** What leaves in this packet time instead of sound; undefined: sound. */
  next(ticks: number): EventPacket | undefined;
};

const digits = "0123456789*#ABCD";
const ticksPerMs = 8;
/** Shorter ones are missed by some, longer ones need segments (§2.5.1.3) that few understand. */
const shortestMs = 60;
const longestMs = 6000;
/** Between two keys, so that the same one twice is two. */
const pauseMs = 80;
/** §2.5.1.4: the last packet is sent three times. */
const ends = 3;
/** −10 dBm0. */
const volume = 10;
const mostWaiting = 32;

type Pressing = { event: number; totalTicks: number; ticks: number; endsLeft: number };

export function createKeyPresses(): KeyPresses {
  const waiting: Pressing[] = [];
  let pauseTicks = 0;

  function advance(key: Pressing, ticks: number): EventPacket {
    const isFirst = key.ticks === 0;
    key.ticks = Math.min(key.totalTicks, key.ticks + ticks);
    const isOver = key.ticks === key.totalTicks;
    if (isOver) key.endsLeft--;
    if (key.endsLeft === 0) {
      waiting.shift();
      pauseTicks = pauseMs * ticksPerMs;
    }
    const payload = Uint8Array.of(key.event, (isOver ? 0x80 : 0) | volume, key.ticks >> 8, key.ticks & 0xff);
    return { payload, isFirst };
  }

  return {
    press(digit, durationMs) {
      const event = digits.indexOf(digit);
      if (digit.length !== 1 || event < 0 || waiting.length >= mostWaiting) return;
      const totalTicks = Math.round(Math.min(longestMs, Math.max(shortestMs, durationMs)) * ticksPerMs);
      waiting.push({ event, totalTicks, ticks: 0, endsLeft: ends });
    },
    next(ticks) {
      const key = waiting[0];
      if (pauseTicks > 0) pauseTicks -= ticks;
      else if (key !== undefined) return advance(key, ticks);
      return undefined;
    },
  };
}
