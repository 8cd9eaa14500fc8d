/**
 * One call's media: both directions, frame by frame. A frame is first spoken (that must not be late) and then heard.
 * It owns no socket, timer or clock; a throw out of it is a bug of this call alone. Longer than most functions, as it is
 * one closure over the call's state: its parts are the functions within.
 */
import { createAgentSound } from "./agent-sound.ts";
import { type CodecMemory, createCallCodec } from "./call-codec.ts";
import { createCallProtection, type MediaChannel } from "./call-protection.ts";
import { createCallRecorder } from "./call-recorder.ts";
import { createCallReports } from "./call-reports.ts";
import { codecs } from "./codecs.ts";
import type { DtlsIdentity } from "./dtls/certificates.ts";
import { createEchoCanceller, type EchoCanceller } from "./echo/canceller.ts";
import { endpointerSettings } from "./endpointer.ts";
import { createHearing, type Hearing, type SpeechEvent } from "./hearing.ts";
import { createIncoming } from "./incoming.ts";
import { quietPeak } from "./jitter-buffer.ts";
import { createKeyPresses } from "./key-presses.ts";
import type { FromMedia, MediaSettings, MediaStats, NegotiatedMedia, RateHz, ToMedia } from "./messages.ts";
import { createOutgoing } from "./outgoing.ts";
import { createRateConverter } from "./rate-converter.ts";
import { isUnspecified } from "./sdp-read.ts";
import type { Vad } from "./silero.ts";
import type { Source } from "./source-latch.ts";
import { createToneDigits, type ToneDigits } from "./tone-digits.ts";

export type SessionPorts = {
  /** By either port: RTCP too goes by that of RTP where it was so agreed. */
  send(channel: MediaChannel, packet: Uint8Array, to: Source): void;
  /** For DTLS-SRTP. */
  identity?: DtlsIdentity;
  emit(event: FromMedia): void;
  vad: Vad;
  codecMemory: CodecMemory;
  /** 0…1, from a source that nobody can guess. */
  random(): number;
  nowMs(): number;
  unixMs(): number;
};

type Play = Extract<ToMedia, { kind: "play" }>;
type Wait = Extract<ToMedia, { kind: "wait" }>;
type Release = Extract<ToMedia, { kind: "release" }>;

export type CallSession = {
  start(media: NegotiatedMedia, mode: "converse" | "echo"): void;
  rtp(datagram: Uint8Array, source: Source): void;
  rtcp(datagram: Uint8Array, source: Source): void;
  dtls(channel: MediaChannel, datagram: Uint8Array, source: Source): void;
  /** First half of a frame: what leaves. @param deadlineMs the frame's own time. */
  speak(deadlineMs: number, isTimely: boolean): void;
  /** Second half: what has come. */
  hear(deadlineMs: number): void;
  play(message: Play): void;
  dropPlay(playId: number): void;
  silence(): void;
  release(message: Release): void;
  wait(message: Wait): void;
  record(on: boolean): void;
  ringback(on: boolean): void;
  /** What `other` hears is sent from here on, and nothing of our own; undefined: as before. Both must be told. */
  bridge(other: CallSession | undefined): void;
  /** The caller's next `ms`, for whom he is bridged with, at that side's pace; valid until the next call. */
  give(ms: number, rateHz: RateHz, deadlineMs: number): Int16Array;
  press(digit: string, durationMs: number): void;
  drop(reason: string): void;
  close(): void;
  readonly ptimeMs: number;
  readonly stats: MediaStats;
};

export function createCallSession(callId: string, settings: MediaSettings, ports: SessionPorts): CallSession {
  const incoming = createIncoming();
  const outgoing = createOutgoing(ports.random, ports.nowMs());
  const { preRollMs, speculateAfterMs } = endpointerSettings(settings);
  const agent = createAgentSound(callId, preRollMs + speculateAfterMs, ports.emit);
  const recorder = createCallRecorder(callId, ports.emit);
  const keys = createKeyPresses();
  const convert = createRateConverter();
  const dropped: Record<string, number> = {};
  let codec = createCallCodec("PCMA", ports.codecMemory);
  /** By codecs before this one. */
  let concealedMs = 0;
  let media: NegotiatedMedia | undefined;
  let mode: "converse" | "echo" = "converse";
  let hearing: Hearing | undefined;
  let echo: EchoCanceller | undefined;
  /** Only where keys have no packets of their own: they would be told twice. */
  let tones: ToneDigits | undefined;
  const protection = createCallProtection({
    identity: ports.identity,
    send: ports.send,
    drop,
    failed: () => ports.emit({ kind: "inactive", callId }),
  });
  const reports = createCallReports({ incoming, outgoing, protection }, { send: ports.send, times });
  let hasArrived = false;
  let isRecording = false;
  let bridged: CallSession | undefined;
  let given = new Int16Array(0);
  let lastLifeMs = 0;
  let isInactive = false;
  /** Since the first frame, ms. */
  let clockMs = 0;
  /** Of one frame, on the codec's RTP clock. */
  let frameTicks = 0;
  let agentSamples = new Int16Array(0);
  let callerSamples = new Int16Array(0);
  let isQuiet = false;
  /** Of the jitter buffer, when the echo was last looked for. */
  let delayTicks = 0;

  const maySend = (): boolean =>
    protection.canSend("rtp") &&
    (media?.direction === "sendrecv" || media?.direction === "sendonly") &&
    !isUnspecified(media.remote.address);

  function drop(reason: string): void {
    dropped[reason] = (dropped[reason] ?? 0) + 1;
  }

  function start(negotiated: NegotiatedMedia, asked: "converse" | "echo"): void {
    const nowMs = ports.nowMs();
    media = negotiated;
    mode = asked;
    lastLifeMs = nowMs;
    reports.start();
    incoming.expect(negotiated, nowMs);
    delayTicks = incoming.delayTicks;
    change(negotiated);
    protection.start(negotiated, nowMs);
    const samples = (negotiated.ptimeMs * codec.rateHz) / 1000;
    agentSamples = new Int16Array(samples);
    recorder.forget();
    callerSamples = new Int16Array(samples);
    tones = negotiated.dtmfPayloadType === undefined ? createToneDigits(codec.rateHz) : undefined;
    if (mode !== "converse") return;
    hearing ??= createHearing(callId, endpointerSettings(settings), ports.vad, heardSpeech);
    if (echo?.rateHz !== codec.rateHz) echo = createEchoCanceller(codec.rateHz);
  }

  /** A codec that stays keeps its memory: the stream goes on. */
  function change({ codec: name, opus, ptimeMs }: NegotiatedMedia): void {
    const { clockHz } = codecs[name];
    outgoing.setClock(clockHz);
    frameTicks = (ptimeMs * clockHz) / 1000;
    if (name === codec.name) return codec.adapt(opus);
    concealedMs += codec.concealedMs;
    codec.close();
    codec = createCallCodec(name, ports.codecMemory, opus);
  }

  function heardSpeech(event: SpeechEvent): void {
    agent.callerSpeaks(event);
    ports.emit(event);
  }

  function lives(): void {
    lastLifeMs = ports.nowMs();
    isInactive = false;
  }

  function rtp(datagram: Uint8Array, source: Source): void {
    const opened = protection.openRtp(datagram);
    if ("dropped" in opened) return drop(opened.dropped);
    const received = incoming.rtp(opened.clear, source, ports.nowMs());
    if ("dropped" in received) return drop(received.dropped);
    lives();
    if (!hasArrived) ports.emit({ kind: "rtp-arrived", callId });
    hasArrived = true;
    for (const digit of received.digits) ports.emit({ kind: "digit", callId, ...digit });
  }

  function rtcp(datagram: Uint8Array, source: Source): void {
    const reason = reports.receive(datagram, source);
    if (reason === undefined) lives();
    else drop(reason);
  }

  /** The caller's next frame in `samples`, with what was lost made up. */
  function pullCaller(deadlineMs: number, ticks = frameTicks, samples = callerSamples): void {
    codec.decode(incoming.pull(ticks, deadlineMs, isQuiet), samples);
    isQuiet = codec.rateHz > 8000 && samples.every((sample) => Math.abs(sample) < quietPeak);
  }

  function give(ms: number, rateHz: RateHz, deadlineMs: number): Int16Array {
    const samples = (ms * codec.rateHz) / 1000;
    if (given.length !== samples) given = new Int16Array(samples);
    pullCaller(deadlineMs, (ms * codecs[codec.name].clockHz) / 1000, given);
    return convert(given, codec.rateHz, rateHz);
  }

  function fillAgentFrame(ptimeMs: number, deadlineMs: number): void {
    if (mode === "converse") {
      if (bridged === undefined) agent.fill(agentSamples, codec.rateHz, clockMs);
      else agentSamples.set(bridged.give(ptimeMs, codec.rateHz, deadlineMs));
      return;
    }
    pullCaller(deadlineMs);
    agentSamples.set(callerSamples);
  }

  function speak(deadlineMs: number, isTimely: boolean): void {
    const target = incoming.target;
    if (media === undefined || target === undefined) return;
    if (isTimely && maySend()) {
      fillAgentFrame(media.ptimeMs, deadlineMs);
      ports.send("rtp", protection.sealRtp(nextPacket(media)), target);
    } else {
      // What nobody hears is not told to the encoder: the other side's decoder does not hear of it either.
      if (mode === "echo") pullCaller(deadlineMs);
      else bridged?.give(media.ptimeMs, codec.rateHz, deadlineMs); // time passes there too
      agentSamples.fill(0);
      outgoing.skip(frameTicks);
    }
    if (bridged !== undefined) return;
    echo?.said(agentSamples);
    if (isRecording) recorder.spoken(codec.name, agentSamples);
  }

  /** Sound, or the key that is pressed in its place. */
  function nextPacket(to: NegotiatedMedia): Uint8Array {
    const keyPayloadType = to.sendDtmfPayloadType ?? to.dtmfPayloadType;
    const key = keyPayloadType === undefined ? undefined : keys.next(to.ptimeMs, (to.dtmfClockHz ?? 8000) / 1000);
    if (key !== undefined && keyPayloadType !== undefined) return outgoing.event(key, keyPayloadType, frameTicks);
    return outgoing.packet(codec.encode(agentSamples), to.sendPayloadType, frameTicks);
  }

  /** Samples by which the caller's sound waits longer in the jitter buffer than a frame ago. */
  function grownSamples(): number {
    const grownTicks = incoming.delayTicks - delayTicks;
    delayTicks = incoming.delayTicks;
    return (grownTicks * codec.rateHz) / codecs[codec.name].clockHz;
  }

  function hear(deadlineMs: number): void {
    if (media === undefined) return;
    if (mode === "converse" && bridged === undefined) pullCaller(deadlineMs);
    // On hold the PBX may play music to us: nobody is speaking. What two people say to one another we do not hear.
    if (media.direction !== "sendrecv" || bridged !== undefined) callerSamples.fill(0);
    const grown = grownSamples();
    const cleaned = bridged === undefined ? echo?.heard(callerSamples, grown) : undefined;
    const { samples, verdict } = cleaned ?? { samples: callerSamples, verdict: "caller" };
    hearing?.hear(samples, codec.rateHz, verdict);
    if (isRecording && bridged === undefined) recorder.heard(codec.name, callerSamples, agentSamples, clockMs);
    clockMs += media.ptimeMs;
    protection.tick(ports.nowMs());
    const digits = [...incoming.lapse(ports.nowMs()), ...(tones?.push(samples) ?? [])];
    for (const digit of digits) ports.emit({ kind: "digit", callId, ...digit });
    watch(media);
    reports.tick(media);
  }

  function watch({ direction }: NegotiatedMedia): void {
    const nowMs = ports.nowMs();
    if (direction !== "sendrecv") lastLifeMs = nowMs;
    if (isInactive || nowMs - lastLifeMs < settings.inactivityMs) return;
    isInactive = true;
    ports.emit({ kind: "inactive", callId });
  }

  function times(): { nowMs: number; unixMs: number } {
    return { nowMs: ports.nowMs(), unixMs: ports.unixMs() };
  }

  function play(message: Play): void {
    if (agent.play(message) === "full") drop("play-queue-full");
  }

  function close(): void {
    agent.silence();
    hearing?.close();
    codec.close();
    recorder.flush();
    if (media !== undefined) reports.farewell(media);
  }

  return {
    start,
    rtp,
    rtcp,
    dtls: (channel, datagram, source) => protection.dtls(channel, datagram, source, ports.nowMs()),
    speak,
    hear,
    play,
    dropPlay: agent.drop,
    silence: agent.silence,
    release: agent.release,
    wait(message) {
      agent.heardOut(message);
      hearing?.wait(message.utteranceId, message.silenceMs, message.pause);
    },
    record(on) {
      if (!on) recorder.flush();
      isRecording = on;
      recorder.forget();
    },
    ringback: agent.ringback,
    bridge(other) {
      bridged = other;
      // Nothing was listened to meanwhile; afterwards it may be another telephone.
      echo = echo && createEchoCanceller(codec.rateHz);
      if (other === undefined) return;
      agent.ringback(false);
      recorder.forget();
      agent.silence();
    },
    give,
    press: (digit, durationMs) => {
      if (media?.dtmfPayloadType !== undefined) keys.press(digit, durationMs);
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
        concealedMs: concealedMs + codec.concealedMs,
        protection: protection.kind,
        ...(outgoing.atPeer && { atPeer: outgoing.atPeer }),
        ...(echo?.stats && { echo: echo.stats }),
      };
    },
  };
}
