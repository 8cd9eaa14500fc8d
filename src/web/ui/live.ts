/** The stream of live calls, held open while somebody is signed in. */
import { computed, signal } from "@preact/signals";
import type { LiveEvent } from "../api/shapes.ts";
import { get, Refused } from "./api.ts";
import { fromSnapshot, type LiveState, noCalls, withEvent } from "./live-calls.ts";

export const liveState = signal<LiveState>(noCalls);
export const connected = signal(false);
export const runningCalls = computed(() => liveState.value.calls.filter((call) => call.ended === null));
/** Counts calls that ended and viewings booked since the page opened: lists watch it to load anew. */
export const happened = signal(0);

type Message = { kind: "snapshot"; events: LiveEvent[] } | LiveEvent;

const retryMs = 5_000;
let source: EventSource | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;

export function followLive(signedOut: () => void): void {
  stopLive();
  open(signedOut);
}

function open(signedOut: () => void): void {
  source = new EventSource("/api/live");
  source.onopen = () => {
    connected.value = true;
  };
  source.onmessage = (message: MessageEvent<string>) => take(JSON.parse(message.data) as Message);
  source.addEventListener("signed-out", signedOut);
  source.onerror = () => {
    connected.value = false;
    // CLOSED: the server refused, and the browser will not try again by itself.
    if (source?.readyState !== EventSource.CLOSED) return;
    retry = setTimeout(() => void reopen(signedOut), retryMs);
  };
}

/** A refusal gives an EventSource no reason; `get` knows it, and signs out where that is it. */
async function reopen(signedOut: () => void): Promise<void> {
  try {
    await get("/me", undefined, true);
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return;
  }
  open(signedOut);
}

export function stopLive(): void {
  clearTimeout(retry);
  source?.close();
  source = undefined;
  connected.value = false;
  liveState.value = noCalls;
}

function take(message: Message): void {
  if (message.kind === "snapshot") {
    liveState.value = fromSnapshot(liveState.value, message.events);
    return;
  }
  liveState.value = withEvent(liveState.value, message);
  if (message.kind === "ended" || message.kind === "booked") happened.value += 1;
}
