/** The main thread's side of the media Worker. */
import { AppError } from "../app-error.ts";
import { workerUrl } from "../embedded/self.ts";
import type { FromMedia, MediaSettings, MediaStats, MediaStatus, ToMedia } from "./messages.ts";

export type MediaClient = {
  /**
   * Two sockets for the call; RTP on the port returned. Register `onEvent` before.
   * @throws AppError("media_failed") if no port is free, the address is not ours, or the Worker is gone.
   */
  open(callId: string, address: string): Promise<{ port: number }>;
  /** Sound is copied. While the Worker is gone, what is sent is dropped. */
  send(message: ToMedia): void;
  /** One handler for each call, until its `closed` (then it is forgotten) or until the returned function is called. */
  onEvent(callId: string, handler: (event: FromMedia) => void): () => void;
  /** @throws AppError("media_failed") if the Worker is gone. */
  status(): Promise<MediaStatus>;
  /** A new Worker in place of one that died. @throws AppError("media_failed") if it cannot start. */
  restart(): Promise<void>;
  /** Ends all calls and the Worker. Idempotent. */
  close(): Promise<void>;
};

export type MediaOptions = {
  /** The Worker died. Every call that was in it has had its `closed` (with empty figures); call `restart`. */
  died?: (reason: string) => void;
  /** A bug closed one call. No caller content. */
  fault?: (callId: string, message: string) => void;
};

type Settle<T> = { resolve: (value: T) => void; reject: (error: AppError) => void };

const closeBoundMs = 2000;

/** @throws AppError("media_failed") if the Worker cannot start (a native library or the model is missing or damaged). */
export async function startMedia(settings: MediaSettings, options: MediaOptions = {}): Promise<MediaClient> {
  const handlers = new Map<string, (event: FromMedia) => void>();
  const opening = new Map<string, Settle<{ port: number }>>();
  const asked = new Map<number, Settle<MediaStatus>>();
  let nextRequestId = 1;
  let worker: Worker | undefined;

  function spawn(): Promise<void> {
    const fresh = new Worker(workerUrl("media"));
    const started = Promise.withResolvers<void>();
    let isReady = false;
    const lost = (reason: string) => {
      started.reject(new AppError("media_failed", `The media Worker cannot start: ${reason}`));
      fresh.terminate();
      if (worker !== fresh) return;
      worker = undefined;
      loseAll(reason);
      if (isReady) options.died?.(reason);
    };
    fresh.onmessage = ({ data }: MessageEvent<FromMedia>) => {
      if (data.kind === "failed") return lost(data.message);
      if (data.kind !== "ready") return receive(data);
      isReady = true;
      started.resolve();
    };
    fresh.onerror = (event) => lost(event.message);
    fresh.addEventListener("close", () => lost("it has ended"));
    fresh.postMessage(settings);
    worker = fresh;
    return started.promise;
  }

  function receive(event: FromMedia): void {
    switch (event.kind) {
      case "opened":
        return settle(opening, event.callId)?.resolve({ port: event.port });
      case "open-failed":
        return settle(opening, event.callId)?.reject(refused(event.reason));
      case "status":
        return settle(asked, event.requestId)?.resolve(event.status);
      case "fault":
        return options.fault?.(event.callId, event.message);
      case "ready":
      case "failed":
        return;
      default:
        deliver(event);
    }
  }

  function deliver(event: Extract<FromMedia, { callId: string }>): void {
    const handler = handlers.get(event.callId);
    if (event.kind === "closed") {
      handlers.delete(event.callId);
      settle(opening, event.callId)?.reject(refused("the call was closed"));
    }
    handler?.(event);
  }

  /** Nobody is left waiting for a Worker that is no more. */
  function loseAll(reason: string): void {
    const gone = refused(reason);
    for (const { reject } of [...opening.values(), ...asked.values()]) reject(gone);
    opening.clear();
    asked.clear();
    for (const callId of [...handlers.keys()]) deliver({ kind: "closed", callId, stats: noStats() });
  }

  function send(message: ToMedia): void {
    worker?.postMessage(message); // copied: prompts out of a cache are played again
  }

  await spawn();
  return {
    send,
    open(callId, address) {
      if (worker === undefined) return Promise.reject(refused("the media Worker is gone"));
      const waiting = Promise.withResolvers<{ port: number }>();
      opening.set(callId, waiting);
      send({ kind: "open", callId, address });
      return waiting.promise;
    },
    onEvent(callId, handler) {
      handlers.set(callId, handler);
      return () => {
        if (handlers.get(callId) === handler) handlers.delete(callId);
      };
    },
    status() {
      if (worker === undefined) return Promise.reject(refused("the media Worker is gone"));
      const waiting = Promise.withResolvers<MediaStatus>();
      const requestId = nextRequestId++;
      asked.set(requestId, waiting);
      send({ kind: "status", requestId });
      return waiting.promise;
    },
    async restart() {
      if (worker === undefined) await spawn();
    },
    async close() {
      const ending = worker;
      if (ending === undefined) return;
      const ended = Promise.withResolvers<void>();
      ending.addEventListener("close", () => ended.resolve());
      const bound = setTimeout(() => ended.resolve(), closeBoundMs);
      send({ kind: "shutdown" });
      worker = undefined; // from here on its end is no accident
      await ended.promise;
      clearTimeout(bound);
      ending.terminate();
      loseAll("the appliance is shutting down");
    },
  };
}

function settle<K, T>(waiting: Map<K, Settle<T>>, key: K): Settle<T> | undefined {
  const one = waiting.get(key);
  waiting.delete(key);
  return one;
}

function refused(reason: string): AppError {
  return new AppError("media_failed", `No media for this call: ${reason}`);
}

function noStats(): MediaStats {
  return {
    received: 0,
    lost: 0,
    late: 0,
    duplicated: 0,
    skipped: 0,
    dropped: {},
    sent: 0,
    jitterMs: 0,
    concealedMs: 0,
  };
}
