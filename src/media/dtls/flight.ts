/** What we said last, and when to say it again (RFC 6347 §4.2.4). Clock passed in. */
import type { Said } from "./conversation.ts";
import { type RecordKey, sealRecord, writeRecord } from "./records.ts";
import { joined } from "./wire.ts";

export type Flight = {
  /** Datagrams to send now. @param awaitsAnswer whether to say it again until `answered`. */
  send(said: readonly Said[], awaitsAnswer: boolean, nowMs: number): Uint8Array[];
  /** The same again, under new record numbers; at most once in a while, whoever asks for it. */
  again(nowMs: number): Uint8Array[];
  answered(): void;
  protect(key: RecordKey): void;
  /** What is due, or "timeout" if it has been said in vain for too long. */
  tick(nowMs: number): Uint8Array[] | "timeout";
};

/**
 * RFC 6347 §4.2.4.1 begins at 1 s, but lets those who are in a hurry be so: a caller waits for the first word, and the
 * first flight often comes to a peer that has not read our SDP yet.
 */
const firstWaitMs = 100;
const longestWaitMs = 1600;
const patienceMs = 20_000;
/** RFC 6347 §4.1.1: what every path carries, with room for tunnels. */
const datagramBytes = 1200;
const shortestIntervalMs = 50;

/** @param firstSequence of our records of epoch 0. */
export function createFlight(firstSequence: number): Flight {
  const sequences = [firstSequence, 0];
  let key: RecordKey | undefined;
  let said: readonly Said[] = [];
  let waitMs = firstWaitMs;
  let nextMs: number | undefined;
  let sinceMs = 0;
  let sentMs = Number.NEGATIVE_INFINITY;

  function write({ type, epoch, payload }: Said): Uint8Array {
    const sequence = sequences[epoch] ?? 0;
    sequences[epoch] = sequence + 1;
    const record = { type, epoch, sequence, fragment: payload };
    return writeRecord(epoch === 1 && key !== undefined ? sealRecord(key, record) : record);
  }

  function transmit(nowMs: number): Uint8Array[] {
    sentMs = nowMs;
    const datagrams: Uint8Array[] = [];
    for (const record of said.map(write)) {
      const last = datagrams.at(-1);
      if (last !== undefined && last.length + record.length <= datagramBytes)
        datagrams.push(joined(datagrams.pop() ?? last, record));
      else datagrams.push(record);
    }
    return datagrams;
  }

  return {
    send(next, awaitsAnswer, nowMs) {
      said = next;
      waitMs = firstWaitMs;
      sinceMs = nowMs;
      nextMs = awaitsAnswer ? nowMs + waitMs : undefined;
      return transmit(nowMs);
    },
    again: (nowMs) => (nowMs - sentMs < shortestIntervalMs ? [] : transmit(nowMs)),
    answered() {
      nextMs = undefined;
    },
    protect(fresh) {
      key = fresh;
    },
    tick(nowMs) {
      if (nextMs === undefined || nowMs < nextMs) return [];
      if (nowMs - sinceMs >= patienceMs) return "timeout";
      waitMs = Math.min(2 * waitMs, longestWaitMs);
      nextMs = nowMs + waitMs;
      return transmit(nowMs);
    },
  };
}
