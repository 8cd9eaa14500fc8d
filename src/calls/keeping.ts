/**
 * What is kept of one call, in order, and patience with a disk that does not take it: the call goes on, and what could
 * not be written is written when there is room again, in the call or after it. Nothing of it waits anywhere but in memory.
 */
import { AppError } from "../app-error.ts";
import type { FromMedia, ToMedia } from "../media/messages.ts";
import type { CallDesk, CallLog, Recording, StoredTurn } from "./ports.ts";

export type KeepingPorts = {
  log: CallLog;
  desk: Pick<CallDesk, "noteEmergency">;
  media: { send(message: ToMedia): void };
  record(callId: string): Recording;
  schedule(afterMs: number, fire: () => void): () => void;
  failed(callId: string, error: unknown): void;
};

export type Keeping = {
  /** @throws AppError if the call's row cannot be opened: then it must not be taken at all. */
  begin(...call: Parameters<CallLog["begin"]>): void;
  /** From here on the caller may be kept, and the sound of both is. */
  disclosed(identity: Parameters<CallLog["disclosed"]>[1], at: Date): void;
  turn(turn: StoredTurn): void;
  emergency(emergency: Parameters<CallDesk["noteEmergency"]>[0]["emergency"]): void;
  /** Whether the sound of both is kept, of a call whose sound may be. */
  keepSound(on: boolean): void;
  /** No more of it is kept, whatever `keepSound` says later: the caller does not want it. */
  stopSound(): void;
  sound(chunk: Extract<FromMedia, { kind: "recorded" }>): void;
  end(end: Parameters<CallLog["end"]>[1]): void;
};

const retryMs = 2_000;
/** Half an hour. A call whose end is not written by then is closed at the next start of the appliance. */
const mostRetries = 900;

type Write = { key: string; run: () => void };

export function createKeeping(callId: string, ports: KeepingPorts): Keeping {
  /** Not yet written. One entry for each turn, so a conversation's length bounds it. */
  const pending: Write[] = [];
  let recording: Recording | undefined;
  let retries = 0;
  let isWaiting = false;
  /** The caller's own wish: it holds for the rest of the call. */
  let isUnwanted = false;
  let isOver = false;

  function keep(key: string, run: () => void): void {
    const same = pending.findIndex((write) => write.key === key);
    if (same < 0) pending.push({ key, run });
    else pending[same] = { key, run };
    if (!isWaiting) writeAll();
  }

  /** @throws what is no failure of the storage: a bug. */
  function writeAll(): void {
    for (let next = pending[0]; next; next = pending[0]) {
      try {
        next.run();
      } catch (error) {
        if (!(error instanceof AppError)) {
          pending.shift();
          throw error;
        }
        return waitAndRetry(error);
      }
      pending.shift();
    }
    retries = 0;
  }

  function waitAndRetry(error: AppError): void {
    if (retries === 0) ports.failed(callId, error);
    if (++retries > mostRetries) {
      pending.length = 0;
      return;
    }
    isWaiting = true;
    ports.schedule(retryMs, () => {
      isWaiting = false;
      try {
        writeAll();
      } catch (bug) {
        ports.failed(callId, bug);
      }
    });
  }

  /** A recording that cannot go on ends where it is: what is there stays readable, and the call is worth more. */
  function soundly(work: () => void): void {
    try {
      work();
    } catch (error) {
      recording?.abandon();
      recording = undefined;
      if (!(error instanceof AppError)) throw error;
      ports.failed(callId, error);
      if (!isOver) ports.media.send({ kind: "record", callId, on: false });
    }
  }

  return {
    begin: (call) => ports.log.begin(call),
    disclosed(identity, at) {
      keep("disclosed", () => ports.log.disclosed(callId, identity, at));
      keep("recording", () =>
        soundly(() => {
          if (isOver) return;
          recording = ports.record(callId);
          ports.media.send({ kind: "record", callId, on: true });
        }),
      );
    },
    turn: (turn) => keep(`turn ${turn.n}`, () => ports.log.turn(callId, turn)),
    emergency: (emergency) => keep("emergency", () => ports.desk.noteEmergency({ emergency, callId })),
    stopSound() {
      if (recording !== undefined) ports.media.send({ kind: "record", callId, on: false });
      isUnwanted = true;
    },
    keepSound(on) {
      if (recording !== undefined && !isUnwanted) ports.media.send({ kind: "record", callId, on });
    },
    sound: (chunk) => soundly(() => recording?.append(chunk)),
    end(end) {
      isOver = true;
      soundly(() => recording?.finish());
      keep("end", () => ports.log.end(callId, end));
    },
  };
}
