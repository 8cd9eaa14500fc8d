/**
 * One call's media: both directions, frame by frame. A frame is first spoken (that must not be late) and then heard.
 * It owns no socket, timer or clock; a throw out of it is a bug of this call alone. Longer than most functions, as it is
 * one closure over the call's state: its parts are the functions within.
 */
import { createConcealer } from "./concealment.ts";
import { endpointerSettings } from "./endpointer.ts";
import { decode, encode, silenceByte } from "./g711.ts";
import { createHearing, type Hearing, type SpeechEvent } from "./hearing.ts";
import { createIncoming } from "./incoming.ts";
import type { CodecName, FromMedia, MediaSettings, MediaStats, NegotiatedMedia, ToMedia } from "./messages.ts";
import { createOutgoing } from "./outgoing.ts";
import { createPlayout, type PlayoutEvent } from "./playout.ts";
import { createRecordingTap, type RecordedChunk } from "./recording-tap.ts";
import { parseRtcp } from "./rtcp.ts";
import { isUnspecified } from "./sdp-read.ts";
import type { Vad } from "./silero.ts";
import type { Source } from "./source-latch.ts";

export type SessionPorts = {
  sendRtp(packet: Uint8Array, to: Source): void;
  sendRtcp(packet: Uint8Array, to: Source): void;
  emit(event: FromMedia): void;
  vad: Vad;
  /** 0…1, from a source that nobody can guess. */
  random(): number;
  nowMs(): number;
  unixMs(): number;
};

type Play = Extract<ToMedia, { kind: "play" }>;
type Wait = Extract<ToMedia, { kind: "wait" }>;

export type CallSession = {
  start(media: NegotiatedMedia, mode: "converse" | "echo"): void;
  rtp(datagram: Uint8Array, source: Source): void;
  rtcp(datagram: Uint8Array, source: Source): void;
  /** First half of a frame: what leaves. @param deadlineMs the frame's own time. */
  speak(deadlineMs: number, isTimely: boolean): void;
  /** Second half: what has come. */
  hear(deadlineMs: number): void;
  play(message: Play): void;
  silence(): void;
  wait(message: Wait): void;
  record(on: boolean): void;
  drop(reason: string): void;
  close(): void;
  readonly ptimeMs: number;
  readonly stats: MediaStats;
};

const samplesPerMs = 8;
/** A prompt sent before its sender could know that the caller had begun to speak. */
const bargeInGuardMs = 150;

export function createCallSession(callId: string, settings: MediaSettings, ports: SessionPorts): CallSession {
  const incoming = createIncoming();
  const outgoing = createOutgoing(ports.random, ports.nowMs());
  const playout = createPlayout();
  const concealer = createConcealer();
  const tap = createRecordingTap();
  const dropped: Record<string, number> = {};
  let media: NegotiatedMedia | undefined;
  let mode: "converse" | "echo" = "converse";
  let hearing: Hearing | undefined;
  let rtcpSource: Source | undefined;
  let hasArrived = false;
  let isRecording = false;
  let lastLifeMs = 0;
  let isInactive = false;
  let speechStartedMs = Number.NEGATIVE_INFINITY;
  /** Samples since the first frame. */
  let clock = 0;
  let agentFrame = new Uint8Array(0);
  /** What was said in the frames that have not been heard yet, for the recording: both sides of it belong together. */
  const spoken: Uint8Array[] = [];
  let callerFrame = new Uint8Array(0);
  let callerSamples = new Int16Array(0);

  const codec = (): CodecName => media?.codec ?? "PCMA";
  const atMs = (): number => clock / samplesPerMs;
  const maySend = (): boolean =>
    (media?.direction === "sendrecv" || media?.direction === "sendonly") && !isUnspecified(media.remote.address);

  function drop(reason: string): void {
    dropped[reason] = (dropped[reason] ?? 0) + 1;
  }

  function start(negotiated: NegotiatedMedia, asked: "converse" | "echo"): void {
    const nowMs = ports.nowMs();
    media = negotiated;
    mode = asked;
    lastLifeMs = nowMs;
    rtcpSource = undefined;
    incoming.expect(negotiated, nowMs);
    const samples = negotiated.ptimeMs * samplesPerMs;
    agentFrame = new Uint8Array(samples);
    spoken.length = 0;
    callerFrame = new Uint8Array(samples);
    callerSamples = new Int16Array(samples);
    if (mode === "converse") hearing ??= createHearing(callId, endpointerSettings(settings), ports.vad, heardSpeech);
  }

  function heardSpeech(event: SpeechEvent): void {
    if (event.kind === "speech-started") {
      speechStartedMs = ports.nowMs();
      reportPlays(playout.stop("interruptible", true));
    }
    ports.emit(event);
  }

  function reportPlays(events: readonly PlayoutEvent[]): void {
    for (const event of events) {
      if (event.kind === "started") {
        ports.emit({ kind: "play-started", callId, playId: event.playId, atMs: atMs() });
        continue;
      }
      const { playId, completed, byCaller } = event;
      const playedMs = event.playedSamples / samplesPerMs;
      ports.emit({ kind: "play-ended", callId, playId, playedMs, completed, byCaller });
    }
  }

  function lives(): void {
    lastLifeMs = ports.nowMs();
    isInactive = false;
  }

  function rtp(datagram: Uint8Array, source: Source): void {
    const received = incoming.rtp(datagram, source, ports.nowMs());
    if ("dropped" in received) return drop(received.dropped);
    lives();
    if (!hasArrived) ports.emit({ kind: "rtp-arrived", callId });
    hasArrived = true;
    for (const digit of received.digits) ports.emit({ kind: "digit", callId, ...digit });
  }

  function rtcp(datagram: Uint8Array, source: Source): void {
    if (!incoming.isKnownHost(source.address)) return drop("source");
    const packets = parseRtcp(datagram);
    if (packets === undefined) return drop("malformed");
    lives();
    rtcpSource = source;
    outgoing.heard(packets, ports.nowMs());
  }

  /** The caller's next frame, with its losses made up, in `callerSamples`. @returns whether any had to be. */
  function pullCaller(deadlineMs: number): boolean {
    const runs = incoming.pull(callerFrame, codec(), deadlineMs);
    decode(codec(), callerFrame, callerSamples);
    concealer.process(callerSamples, runs);
    return runs.some((run) => run.kind === "lost");
  }

  function fillAgentFrame(deadlineMs: number): void {
    agentFrame.fill(silenceByte[codec()]);
    if (mode === "converse") return reportPlays(playout.pull(agentFrame, codec()));
    agentFrame.set(pullCaller(deadlineMs) ? encode(codec(), callerSamples) : callerFrame);
  }

  function speak(deadlineMs: number, isTimely: boolean): void {
    const target = incoming.target;
    if (media === undefined || target === undefined) return;
    if (isTimely && maySend()) {
      fillAgentFrame(deadlineMs);
      ports.sendRtp(outgoing.packet(agentFrame, media.sendPayloadType), target);
    } else {
      if (mode === "echo") pullCaller(deadlineMs);
      agentFrame.fill(silenceByte[codec()]);
      outgoing.skip(agentFrame.length);
    }
    if (isRecording) spoken.push(agentFrame.slice());
  }

  function hear(deadlineMs: number): void {
    if (media === undefined) return;
    if (mode === "converse") pullCaller(deadlineMs);
    // On hold the PBX may play music to us: nobody is speaking.
    if (media.direction !== "sendrecv") callerSamples.fill(0);
    hearing?.hear(callerSamples);
    if (isRecording) recorded(tap.add(callerFrame, spoken.shift() ?? agentFrame, codec(), atMs()));
    clock += callerFrame.length;
    for (const digit of incoming.lapse(ports.nowMs())) ports.emit({ kind: "digit", callId, ...digit });
    watch(media);
    report(media);
  }

  function recorded(chunk: RecordedChunk | undefined): void {
    if (chunk !== undefined) ports.emit({ kind: "recorded", callId, ...chunk });
  }

  function watch({ direction }: NegotiatedMedia): void {
    const nowMs = ports.nowMs();
    if (direction !== "sendrecv") lastLifeMs = nowMs;
    if (isInactive || nowMs - lastLifeMs < settings.inactivityMs) return;
    isInactive = true;
    ports.emit({ kind: "inactive", callId });
  }

  function rtcpTarget({ remote, remoteRtcpPort }: NegotiatedMedia): Source | undefined {
    if (rtcpSource !== undefined) return rtcpSource;
    const { address, port } = incoming.latched ?? remote;
    const isAsNegotiated = address === remote.address && port === remote.port;
    const target = { address, port: (isAsNegotiated ? remoteRtcpPort : undefined) ?? port + 1 };
    return isUnspecified(address) || target.port > 65_535 ? undefined : target;
  }

  function times(): { nowMs: number; unixMs: number } {
    return { nowMs: ports.nowMs(), unixMs: ports.unixMs() };
  }

  function report(negotiated: NegotiatedMedia): void {
    const packet = outgoing.report(times(), incoming.reception);
    const target = rtcpTarget(negotiated);
    if (packet !== undefined && target !== undefined) ports.sendRtcp(packet, target);
  }

  function play(message: Play): void {
    const appended = playout.append(message, codec());
    if (appended === "full") drop("play-queue-full");
    const isTooSoon = message.interruptible && ports.nowMs() - speechStartedMs < bargeInGuardMs;
    if (isTooSoon) reportPlays(playout.stop("interruptible", true));
  }

  function close(): void {
    reportPlays(playout.stop("all", false));
    hearing?.close();
    recorded(tap.flush());
    const target = media && rtcpTarget(media);
    if (target !== undefined) ports.sendRtcp(outgoing.farewell(times(), incoming.reception), target);
  }

  return {
    start,
    rtp,
    rtcp,
    speak,
    hear,
    play,
    silence: () => reportPlays(playout.stop("all", false)),
    wait: ({ utteranceId, silenceMs, pause }) => hearing?.wait(utteranceId, silenceMs, pause),
    record(on) {
      if (!on) recorded(tap.flush());
      isRecording = on;
      spoken.length = 0;
    },
    drop,
    close,
    get ptimeMs() {
      return media?.ptimeMs ?? 20;
    },
    get stats() {
      return {
        ...incoming.counts,
        dropped,
        sent: outgoing.sent,
        jitterMs: incoming.jitterMs,
        concealedMs: concealer.concealedSamples / samplesPerMs,
      };
    },
  };
}
