/**
 * All calls of the Worker: their sockets, their frames, their end. Whatever goes wrong inside one call closes that call
 * and no other. One closure over the calls and the timer, hence its length.
 */
import type { CodecMemory } from "../call-codec.ts";
import { type CallSession, createCallSession } from "../call-session.ts";
import { deliver } from "../deliver.ts";
import { dtlsIdentity } from "../dtls/certificates.ts";
import { createLateness } from "../lateness.ts";
import type { FromMedia, MediaSettings, MediaStats, MediaStatus, ToMedia } from "../messages.ts";
import { createPacer } from "../pacer.ts";
import type { Vad } from "../silero.ts";
import type { Source } from "../source-latch.ts";
import { sleepLastFraction } from "./last-fraction.ts";
import { type Channel, createPortPool, type SocketPair } from "./rtp-ports.ts";

type Call = {
  session: CallSession;
  sockets: SocketPair | undefined;
  isClosed: boolean;
  /** The call that hears this one, and the reverse. */
  bridgedWith: Call | undefined;
};
type ToCall = Exclude<ToMedia, { kind: "status" | "shutdown" }>;

export type Calls = {
  handle(message: ToCall): void;
  status(): MediaStatus;
  closeAll(): void;
};

const uint32Range = 2 ** 32;

/** From here on a tick is behind its time: as long as the jitter buffer leaves to timers that wake late. */
const behindMs = 5;

export function createCalls(
  settings: MediaSettings,
  { vad, codecMemory }: { vad: Vad; codecMemory: CodecMemory },
  emit: (event: FromMedia) => void,
): Calls {
  const calls = new Map<string, Call>();
  const identity = settings.dtls && dtlsIdentity(settings.dtls);
  const pool = createPortPool(settings.rtpPorts, random);
  const pacer = createPacer(performance.now());
  const lateness = createLateness();
  /** Of calls that are over, and of messages for no call. */
  const dropped: Record<string, number> = {};
  const missed: Record<string, number> = {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Frames spoken but not heard yet, in order. */
  let unheard: { callId: string; call: Call; deadlineMs: number }[] = [];
  let hearTimer: ReturnType<typeof setTimeout> | undefined;

  /** A bug in what `run` does ends this call, says so, and goes no further. */
  function guarded(callId: string, call: Call, run: () => void): void {
    if (call.isClosed) return;
    try {
      run();
    } catch (error) {
      emit({ kind: "fault", callId, message: describe(error) });
      close(callId, call);
    }
  }

  async function open(callId: string, address: string): Promise<void> {
    if (calls.has(callId)) return emit({ kind: "open-failed", callId, reason: "this call is open already" });
    const call: Call = {
      session: createSession(callId),
      sockets: undefined,
      isClosed: false,
      bridgedWith: undefined,
    };
    calls.set(callId, call);
    try {
      const sockets = await pool.open(address, {
        datagram: (channel, bytes, source) =>
          guarded(callId, call, () => deliver(call.session, channel, bytes, source)),
        failed: (channel) => call.session.drop(`${channel}-socket-error`),
      });
      if (call.isClosed) return sockets.close();
      call.sockets = sockets;
      emit({ kind: "opened", callId, port: sockets.port });
    } catch (error) {
      if (call.isClosed) return;
      call.isClosed = true;
      calls.delete(callId);
      emit({ kind: "open-failed", callId, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  function createSession(callId: string): CallSession {
    const send = (channel: Channel, packet: Uint8Array, to: Source) => {
      const call = calls.get(callId);
      if (call?.sockets !== undefined && !sent(call.sockets, channel, packet, to))
        call.session.drop(`${channel}-unsent`);
    };
    return createCallSession(callId, settings, {
      send,
      ...(identity && { identity }),
      emit,
      // The model answers later, out of anybody's frame: a bug in what follows from it is that call's as well.
      vad: guardedVad(vad, (run) => {
        const call = calls.get(callId);
        if (call !== undefined) guarded(callId, call, run);
      }),
      codecMemory,
      random,
      nowMs: () => performance.now(),
      unixMs: () => Date.now(),
    });
  }

  function close(callId: string, call: Call): void {
    if (call.isClosed) return;
    call.isClosed = true;
    unbridge(call);
    pacer.remove(callId);
    try {
      call.session.close();
    } catch (error) {
      emit({ kind: "fault", callId, message: describe(error) });
    }
    calls.delete(callId);
    call.sockets?.close();
    const { stats } = call.session;
    addCounts(dropped, stats.dropped);
    addCounts(missed, unheardOf(stats));
    emit({ kind: "closed", callId, stats });
    arm();
  }

  function bridge(call: Call, other: Call | undefined): void {
    if (other === undefined || other === call) return addCounts(dropped, { "message-for-no-call": 1 });
    unbridge(call);
    unbridge(other);
    call.bridgedWith = other;
    other.bridgedWith = call;
    call.session.bridge(other.session);
    other.session.bridge(call.session);
  }

  function unbridge(call: Call): void {
    const other = call.bridgedWith;
    if (other === undefined) return;
    for (const one of [call, other]) {
      one.bridgedWith = undefined;
      one.session.bridge(undefined);
    }
  }

  function handle(message: ToCall): void {
    const { callId } = message;
    if (message.kind === "open") return void open(callId, message.address);
    const call = calls.get(callId);
    if (call === undefined) return addCounts(dropped, { "message-for-no-call": 1 });
    guarded(callId, call, () => obey(callId, call, message));
  }

  function obey(callId: string, call: Call, message: Exclude<ToCall, { kind: "open" }>): void {
    const { session } = call;
    switch (message.kind) {
      case "start":
        session.start(message.media, message.mode);
        pacer.add(callId, session.ptimeMs, performance.now());
        return arm();
      case "play":
        return session.play(message);
      case "drop":
        return session.dropPlay(message.playId);
      case "silence":
        return session.silence();
      case "release":
        return session.release(message);
      case "wait":
        return session.wait(message);
      case "record":
        return session.record(message.on);
      case "ringback":
        return session.ringback(message.on);
      case "bridge":
        return bridge(call, calls.get(message.withCallId));
      case "unbridge":
        return unbridge(call);
      case "press":
        return session.press(message.digit, message.durationMs);
      case "close":
        return close(callId, call);
    }
  }

  /** The one timer, set for the next deadline of any call. */
  function arm(): void {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    const { nextMs } = pacer;
    if (nextMs === undefined) return;
    timer = setTimeout(tick, Math.max(0, Math.floor(nextMs - performance.now())));
  }

  /**
   * First every packet that is due leaves, then there is time to listen. If this thread was held up, what the callers
   * sent meanwhile is still in the sockets: it is read before their frames of that time are judged, or words that came
   * in time would be taken for lost and made up.
   */
  function tick(): void {
    timer = undefined;
    if (pacer.nextMs !== undefined) sleepLastFraction(pacer.nextMs);
    const startedMs = performance.now();
    let isBehind = false;
    for (const { callId, deadlineMs, send } of pacer.due(startedMs)) {
      const call = calls.get(callId);
      if (call === undefined) continue;
      const nowMs = performance.now();
      if (send) lateness.note(nowMs - deadlineMs, nowMs);
      guarded(callId, call, () => call.session.speak(deadlineMs, send));
      unheard.push({ callId, call, deadlineMs });
      isBehind ||= startedMs - deadlineMs > behindMs;
    }
    if (!isBehind) hear();
    else hearTimer ??= setTimeout(hear, 0); // timers of no time fire after the sockets have been read
    arm();
  }

  function hear(): void {
    clearTimeout(hearTimer);
    hearTimer = undefined;
    const frames = unheard;
    unheard = [];
    for (const { callId, call, deadlineMs } of frames) guarded(callId, call, () => call.session.hear(deadlineMs));
  }

  return {
    handle,
    status() {
      const all = { ...dropped };
      const allMissed = { ...missed };
      for (const { session } of calls.values()) {
        addCounts(all, session.stats.dropped);
        addCounts(allMissed, unheardOf(session.stats));
      }
      if (vad.counts.skipped > 0) allMissed["voice-activity-steps"] = vad.counts.skipped;
      const open = [...calls.values()].filter(({ sockets }) => sockets !== undefined);
      return {
        sockets: 2 * open.length,
        calls: calls.size,
        timers: (timer === undefined ? 0 : 1) + (hearTimer === undefined ? 0 : 1),
        heapBytes: process.memoryUsage().heapUsed,
        dropped: all,
        unheard: allMissed,
        latenessP99Ms: lateness.percentile(0.99),
      };
    },
    closeAll() {
      for (const [callId, call] of [...calls]) close(callId, call);
      hear();
    },
  };
}

function guardedVad(vad: Vad, guard: (run: () => void) => void): Vad {
  return {
    counts: vad.counts,
    stream() {
      const stream = vad.stream();
      return {
        push: (samples, done) => stream.push(samples, (probability) => guard(() => done(probability))),
        close: () => stream.close(),
      };
    },
  };
}

/** A refusal by the system (no route, address family) is the network's fault, not the call's. */
function sent(sockets: SocketPair, channel: Channel, packet: Uint8Array, to: Source): boolean {
  try {
    return sockets.send(channel, packet, to);
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

/** RFC 3550 §5.1: not to be guessed from outside. */
function random(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / uint32Range;
}

function unheardOf({ late, duplicated, skipped }: MediaStats): Record<string, number> {
  const all = { late, duplicated, skipped };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0));
}

function addCounts(total: Record<string, number>, more: Record<string, number>): void {
  for (const [reason, count] of Object.entries(more)) total[reason] = (total[reason] ?? 0) + count;
}

/** Where it happened, never what was said: messages of our own errors hold no caller content. */
function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
