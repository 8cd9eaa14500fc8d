/** What running calls are doing now: every event to every reader, and to a new reader first how things stand. */
import type { LiveEvent } from "./ports.ts";

export interface LiveCalls {
  publish(event: LiveEvent): void;
  /** The events that bring a new reader up to date, call by call. Ended calls are not in it. */
  snapshot(): LiveEvent[];
  /** @returns what ends the subscription. A reader that throws is dropped. */
  subscribe(read: (event: LiveEvent) => void): () => void;
}

/** A conversation ends within 40 turns; anything longer is not shown twice. */
const keptTurns = 60;

type Standing = {
  started: LiveEvent;
  identified?: LiveEvent;
  caption?: LiveEvent;
  booked?: LiveEvent;
  transfer?: LiveEvent;
  turns: Map<number, LiveEvent>;
};

export function createLiveCalls(failed: (error: unknown) => void): LiveCalls {
  const standing = new Map<string, Standing>();
  const readers = new Set<(event: LiveEvent) => void>();

  function remember(event: LiveEvent): void {
    if (event.kind === "started") {
      standing.set(event.callId, { started: event, turns: new Map() });
      return;
    }
    const call = standing.get(event.callId);
    if (!call) return;
    if (event.kind === "ended") standing.delete(event.callId);
    else if (event.kind === "turn") {
      delete call.caption; // the turn holds the caption's words in their final form
      if (call.turns.size < keptTurns) call.turns.set(event.n, event);
    } else call[event.kind] = event;
  }

  return {
    publish(event) {
      remember(event);
      for (const read of readers) {
        try {
          read(event);
        } catch (error) {
          readers.delete(read);
          failed(error);
        }
      }
    },
    snapshot: () =>
      [...standing.values()].flatMap(({ started, identified, caption, booked, transfer, turns }) =>
        [started, identified, ...turns.values(), caption, booked, transfer].filter((event) => event !== undefined),
      ),
    subscribe(read) {
      readers.add(read);
      return () => readers.delete(read);
    },
  };
}
