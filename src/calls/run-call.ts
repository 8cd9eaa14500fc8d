/**
 * Runs one call: listens to its SIP dialog and its media, steps the pure machine and carries out what it asks for.
 * One AbortController per call; each spoken turn and each transcription has a child of it.
 */
import { AppError } from "../app-error.ts";
import type { FromMedia, NegotiatedMedia, ToMedia } from "../media/messages.ts";
import type { ServerCall } from "../sip/ports.ts";
import type { LiveVoice, Transcriber } from "../speech/ports.ts";
import type { AnswerDelay } from "./answer-delay.ts";
import { deskAnswer, emergencyOf } from "./desk-answers.ts";
import { fromMedia } from "./from-media.ts";
import { createKeeping } from "./keeping.ts";
import {
  type CallEffect,
  type CallEvent,
  type CallState,
  type Now,
  openCall,
  type Talk,
  type TimerName,
} from "./machine.ts";
import type { AfterCall, CallDesk, CallLog, LiveEvent, Recording } from "./ports.ts";
import { createSpeaker, type PreparedPrompts } from "./speaker.ts";
import { stepCall } from "./step.ts";
import { createTranscriptions } from "./transcriptions.ts";
import { createCallTransfers } from "./transfer/call-transfers.ts";
import type { TransferPorts } from "./transfer/ports.ts";

export type CallPorts<S> = {
  talk: Talk<S>;
  media: { send(message: ToMedia): void };
  speech: Transcriber & LiveVoice;
  hearing: HearingPort;
  prompts: PreparedPrompts;
  /** One of them: said while the voice takes its time. */
  filler?: string;
  log: CallLog;
  desk: CallDesk;
  /** Opens the encrypted recording of a call, once it may be recorded. */
  record(callId: string): Recording;
  publish(event: LiveEvent): void;
  /** Told of the call's media, to see how long its caller waits. */
  answers?: AnswerDelay;
  /** Puts callers through; left out where there is nobody to put them through to. */
  transfers?: TransferDesk;
  now(): Now;
  /** Runs `fire` after that time; the returned function cancels. */
  schedule(afterMs: number, fire: () => void): () => void;
  /** Bugs of this call: logged without caller data; the call ends, the appliance goes on. */
  failed(callId: string, error: unknown): void;
};

/** Whether there is anything that hears, for more than a moment. */
export type HearingPort = {
  works(): boolean;
  /** @returns what ends that. */
  onChange(listener: (works: boolean) => void): () => void;
};

export type TransferDesk = Pick<TransferPorts, "legs" | "media" | "newId" | "newLegSide" | "nowMs" | "mode">;

export type RunningCall = {
  /** From the dialog. */
  acknowledged(): void;
  ended(by: "caller" | "gatehouse"): void;
  /** From the Worker. */
  media(event: FromMedia): void;
  hangUp(): void;
  state(): { phase: string };
};

export function runCall<S>(
  call: ServerCall,
  media: NegotiatedMedia,
  line: string,
  ports: CallPorts<S>,
  after: AfterCall,
): RunningCall {
  const abort = new AbortController();
  const timers = new Map<TimerName, () => void>();
  const startedAt = ports.now();
  let state: CallState<S> = openCall(call.id, ports.talk, startedAt, call.caller.number);
  /** Where on the call's clock the recording would have begun, had it never paused; and how long it is so far. */
  let recordingFromMs: number | undefined;
  let recordedMs = 0;
  let queue: CallEvent[] = [];
  let draining = false;

  const speaker = createSpeaker(call.id, media.codec, { ...ports, signal: abort.signal, ended: post, failed: bug });
  const hearing = createTranscriptions(call.id, {
    speech: ports.speech,
    signal: abort.signal,
    done: post,
    failed: bug,
  });
  const keeping = createKeeping(call.id, ports);
  const transfers =
    ports.transfers &&
    createCallTransfers(call.id, {
      ...ports,
      ...ports.transfers,
      failed: report,
      hangUpCaller: () => call.hangUp(),
      handedOver: () => post({ kind: "handed-over" }),
      returned: (reason) => post({ kind: "transfer-failed", reason }),
    });

  keeping.begin({ id: call.id, line, startedAt: new Date(startedAt.utc) });
  ports.publish({ kind: "started", callId: call.id, line, at: startedAt.utc });
  ports.media.send({ kind: "start", callId: call.id, media, mode: "converse" });

  /** Events are handled one at a time, in order, also those that handling another brings about. */
  function post(event: CallEvent): void {
    queue.push(event);
    if (draining) return;
    draining = true;
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const step = stepCall(state, ports.talk, next, ports.now());
        state = step.state;
        for (const effect of step.effects) carryOut(effect);
      }
    } catch (error) {
      bug(error);
    } finally {
      draining = false;
    }
  }

  const stopWatching = ports.hearing.onChange((works) => post({ kind: "hearing", works }));
  if (!ports.hearing.works()) post({ kind: "hearing", works: false });

  function report(error: unknown): void {
    ports.failed(call.id, error);
  }

  /** A bug ends this call and nothing else. */
  function bug(error: unknown): void {
    queue = [];
    ports.failed(call.id, error);
    call.hangUp();
  }

  function carryOut(effect: CallEffect): void {
    switch (effect.kind) {
      case "speak":
        return speaker.speak(effect.say);
      case "cancel-speech":
        return speaker.cancel(effect.playId);
      case "hush":
        return ports.media.send({ kind: "silence", callId: call.id });
      case "transcribe":
        return hearing.start(effect);
      case "hasten-transcription":
        return hearing.hasten(effect.utteranceId);
      case "cancel-transcription":
        return hearing.cancel(effect.utteranceId);
      case "wait":
        return ports.media.send({
          kind: "wait",
          callId: call.id,
          utteranceId: effect.utteranceId,
          silenceMs: effect.silenceMs,
          ...(effect.pause === undefined ? {} : { pause: effect.pause }),
        });
      case "release": {
        const { utteranceId, pause } = effect;
        return ports.media.send({ kind: "release", callId: call.id, utteranceId, pause });
      }
      case "timer":
        timers.get(effect.name)?.();
        timers.set(
          effect.name,
          ports.schedule(effect.afterMs, () => {
            timers.delete(effect.name);
            post({ kind: "timer", name: effect.name });
          }),
        );
        return;
      case "stop-timer":
        timers.get(effect.name)?.();
        timers.delete(effect.name);
        return;
      case "disclosed":
        return startKeeping();
      case "store-turn":
        return keeping.turn(effect.turn);
      case "publish":
        return ports.publish(effect.event);
      case "do":
        return post({ kind: "desk", answer: deskAnswer(ports.desk, effect.action, call.id, report) });
      case "emergency":
        return keeping.emergency(emergencyOf(effect));
      case "transfer":
        return transfers ? transfers.begin(effect) : post({ kind: "transfer-failed", reason: "unreachable" });
      case "cancel-transfer":
        return transfers?.withdraw();
      case "stop-recording":
        return keeping.stopSound();
      case "keep-sound":
        return keeping.keepSound(effect.on);
      case "hang-up":
        return call.hangUp();
      case "finish":
        return finish(effect.outcome, effect.endedBy);
    }
  }

  /** The disclosure has been heard: identity, turns and sound may be kept from here on. */
  function startKeeping(): void {
    keeping.disclosed(call.caller, new Date(ports.now().utc));
    ports.publish({ kind: "identified", callId: call.id, caller: call.caller.number ?? null });
  }

  function finish(outcome: Parameters<CallLog["end"]>[1]["outcome"], endedBy: "caller" | "gatehouse"): void {
    abort.abort(new AppError("media_failed", "the call has ended"));
    stopWatching();
    const at = new Date(ports.now().utc);
    transfers?.callerGone(); // before his own sound is gone
    const figures = transfers?.figures();
    ports.media.send({ kind: "close", callId: call.id });
    after.ended((quality) => {
      keeping.end({ at, outcome, endedBy, quality: { ...quality, ...figures, ...ports.answers?.figures() } });
      ports.publish({ kind: "ended", callId: call.id, at: at.toISOString(), outcome });
    });
  }

  return {
    acknowledged: () => post({ kind: "acknowledged" }),
    ended: (by) => post({ kind: "gone", by }),
    hangUp: () => call.hangUp(),
    state: () => ({ phase: state.phase }),
    media(event) {
      ports.answers?.media(event);
      if (event.kind === "recorded") {
        if (event.atMs !== undefined) recordingFromMs = event.atMs - recordedMs;
        recordedMs += event.caller.length / samplesPerMs;
        return guarded(() => keeping.sound(event), bug);
      }
      if (event.kind === "play-held") return speaker.playHeld(event);
      if (event.kind === "play-ended") return speaker.playEnded(event);
      if (event.kind === "inactive") return call.hangUp();
      if (event.kind === "digit" && state.phase === "handed-over")
        return transfers?.press(event.digit, event.durationMs);
      const translated = fromMedia(event, recordingFromMs);
      if (translated) post(translated);
    },
  };
}

/** Of a recording: G.711, whatever the call's codec. */
const samplesPerMs = 8;

function guarded(run: () => void, failed: (error: unknown) => void): void {
  try {
    run();
  } catch (error) {
    failed(error);
  }
}
