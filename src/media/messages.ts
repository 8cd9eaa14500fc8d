/**
 * What the main process and the media Worker say to one another. Structured-cloned; audio buffers are transferred.
 * Times are in ms of the call's own sample clock (0 = first frame processed) unless a name says otherwise.
 */
import type { Voice } from "./voice-likeness.ts";

/** One byte a sample of 8000 Hz. Recordings are kept in these. */
export type G711Name = "PCMA" | "PCMU";

/** All of them, as SDP writes them (codecs.ts). */
export type CodecName = G711Name | "G722" | "opus";

/** What the other side's decoder asks of our encoder (RFC 7587 §6.1). */
export type OpusTerms = {
  /** It can use the redundancy that stands in for a packet lost before. */
  inBandFec: boolean;
  /** It wants every packet equally long. */
  constantBitrate: boolean;
  /** bit/s, on average; at most so much is to be sent. */
  maxBitrate?: number;
  /** Beyond half of this it plays nothing, Hz. */
  maxPlaybackHz?: number;
};

/** Those that SDES can name (srtp-suites.ts). */
export type SrtpSuite =
  | "AES_CM_128_HMAC_SHA1_80"
  | "AES_CM_128_HMAC_SHA1_32"
  | "AES_256_CM_HMAC_SHA1_80"
  | "AES_256_CM_HMAC_SHA1_32"
  | "AEAD_AES_128_GCM"
  | "AEAD_AES_256_GCM";

/** Master key and master salt of each direction, as SDES settled them. Keys are secret: they go into no log, error or status. */
export type SrtpKeys = { suite: SrtpSuite; sendKey: Uint8Array; receiveKey: Uint8Array };

/** Of a certificate, as a description names it (RFC 8122); weaker hashes are not read. */
export type Fingerprint = { hash: "sha256" | "sha384" | "sha512"; value: Uint8Array };

/** DTLS-SRTP as offer and answer settled it (RFC 5763). The same value after a re-INVITE: the same association goes on. */
export type NegotiatedDtls = {
  /** Ours: who is the client speaks first (`a=setup:active`). */
  role: "client" | "server";
  /** The peer's certificate must fit one of them before anything of its sound is believed. */
  fingerprints: Fingerprint[];
  /** RFC 8842: another one is another association, whatever the rest says. */
  tlsId?: string;
};

/** How a call's sound is protected: by nothing, by keys in the SDP, by keys of a handshake. */
export type Protection = "none" | "sdes" | "dtls";

/** DER, and PKCS #8: secret, for the Worker only. */
export type DtlsCredentials = { certificate: Uint8Array; privateKey: Uint8Array };

/** Of PCM. */
export type RateHz = 8000 | 16_000;

/** One negotiated audio stream: what the SDP answer settled (RFC 3264). */
export type NegotiatedMedia = {
  codec: CodecName;
  /** Payload type that we send with, and the one that we accept; they may differ (RFC 3264 §6.1). */
  sendPayloadType: number;
  receivePayloadType: number;
  /** Only with Opus. */
  opus?: OpusTerms;
  /** Payload type of telephone-event (RFC 4733), if agreed: the one that we accept. */
  dtmfPayloadType?: number;
  /** The one that we send with, where it is another (RFC 3264 §5.1). */
  sendDtmfPayloadType?: number;
  /** Its clock, if that is not 8000 Hz. */
  dtmfClockHz?: number;
  ptimeMs: number;
  remote: { address: string; port: number };
  /** Where the peer wants RTCP, if not on the port after RTP (RFC 3605). */
  remoteRtcpPort?: number;
  /** From our side: `sendrecv` both ways, `recvonly` we must not send, `sendonly` the peer sends nothing, `inactive` neither. */
  direction: "sendrecv" | "sendonly" | "recvonly" | "inactive";
  /** RTCP goes and comes by the port of RTP (RFC 5761). */
  rtcpMux?: true;
  /** SRTP both ways with keys of SDES, if agreed. Secret: into no log, error or status. */
  srtp?: SrtpKeys;
  /** Or with keys of a handshake over the RTP port: until it is through, nothing is sent and nothing believed. */
  dtls?: NegotiatedDtls;
};

/** As a voice or a cache has it; the Worker makes of it what the call's codec wants. */
export type PlayableAudio =
  | { kind: "encoded"; codec: G711Name; bytes: Uint8Array }
  | { kind: "pcm"; rateHz: RateHz; samples: Int16Array };

export type ToMedia =
  /** Takes one UDP port of the range for this call. Answered by `opened` or `open-failed`. */
  | { kind: "open"; callId: string; address: string }
  /** Applies a negotiated session; may come again after a re-INVITE (the source is latched anew). RTP flows from now. */
  | { kind: "start"; callId: string; media: NegotiatedMedia; mode: "converse" | "echo" }
  /**
   * Appends audio to the play queue of `playId`; `last` closes it. Playing starts with its first chunk. `joins`: it goes on
   * where the chunk before it ended, in the middle of a clause.
   */
  | {
      kind: "play";
      callId: string;
      playId: number;
      audio: PlayableAudio | undefined;
      joins?: boolean;
      last: boolean;
      interruptible: boolean;
    }
  /** Drops what is still unplayed of one prompt, or of all. Each answers with its `play-ended`. */
  | { kind: "drop"; callId: string; playId: number }
  | { kind: "silence"; callId: string }
  /**
   * What that utterance was is known, as far as its pause: prompts that it holds may go on, and later ones be said.
   * Ignored if the caller has spoken since, whether in this utterance or another: then that decides.
   */
  | { kind: "release"; callId: string; utteranceId: number; pause: number }
  /**
   * How long the caller must be silent before the utterance in progress is over; at once, if he has been already. Said
   * in a pause it holds for that pause only (then the usual wait returns); said in mid-speech, for the rest of the
   * utterance. `pause`: the one whose text led to this; it is ignored if that pause is over.
   */
  | { kind: "wait"; callId: string; utteranceId: number; silenceMs: number; pause?: number }
  /** The recording tap: forwards both directions to main as `recorded` from now on, or stops. */
  | { kind: "record"; callId: string; on: boolean }
  /** The ringing tone, whenever nothing else is being said, until it is switched off. */
  | { kind: "ringback"; callId: string; on: boolean }
  /**
   * From now on the two hear one another, whatever their codecs; we neither listen nor speak. Not for calls in `echo`
   * mode. It ends with `unbridge`, or with either of them: then the other is as it was before.
   */
  | { kind: "bridge"; callId: string; withCallId: string }
  | { kind: "unbridge"; callId: string }
  /** Presses a key towards this call, as RFC 4733 has it; nothing happens where that was not agreed. */
  | { kind: "press"; callId: string; digit: string; durationMs: number }
  | { kind: "close"; callId: string }
  | { kind: "status"; requestId: number }
  | { kind: "shutdown" };

export type FromMedia =
  | { kind: "ready" }
  | { kind: "failed"; message: string }
  | { kind: "opened"; callId: string; port: number }
  | { kind: "open-failed"; callId: string; reason: string }
  /** The first RTP packet of the caller arrived (source latched). */
  | { kind: "rtp-arrived"; callId: string }
  /** The caller began to speak. What he may interrupt has already fallen silent; it is held until `release` or `drop`. */
  | { kind: "speech-started"; callId: string; utteranceId: number; atMs: number }
  /** ~120 ms of silence after speech: audio of the utterance so far (16 kHz, −1…1), for a speculative transcription. */
  | {
      kind: "paused";
      callId: string;
      utteranceId: number;
      pause: number;
      atMs: number;
      samples: Float32Array;
      voice: Voice;
    }
  /** Speech went on after `paused`: what was started for it is void, and prompts are held again. */
  | { kind: "resumed"; callId: string; utteranceId: number }
  /**
   * The utterance is over. `pause` names the `paused` whose audio is the whole of it (its text is final); `samples`
   * are given only where there was none (cut at the longest length allowed).
   */
  | {
      kind: "utterance";
      callId: string;
      utteranceId: number;
      pause: number | undefined;
      samples: Float32Array | undefined;
      startedAtMs: number;
      speechEndedAtMs: number;
      voice: Voice;
      reason: "silence" | "too-long";
    }
  /** One key press, reported once, at its end (RFC 4733). */
  | { kind: "digit"; callId: string; digit: string; durationMs: number }
  | { kind: "play-started"; callId: string; playId: number; atMs: number }
  /** The caller speaks into it, or before it could begin. `playedMs`: how much of it had left for him by then. */
  | { kind: "play-held"; callId: string; playId: number; playedMs: number }
  /** `playedMs`: how much of it left for the caller. `completed` false: ended by `drop` or `silence`. */
  | { kind: "play-ended"; callId: string; playId: number; playedMs: number; completed: boolean }
  /** About 1 s of both directions (`atMs`: its first sample), A-law or µ-law (as on the wire, if the call is in it), equal lengths, gaps filled with silence. */
  | {
      kind: "recorded";
      callId: string;
      sequence: number;
      atMs?: number;
      codec: G711Name;
      caller: Uint8Array;
      agent: Uint8Array;
    }
  /** Neither RTP, RTCP nor comfort noise for the configured time (not while held). */
  | { kind: "inactive"; callId: string }
  /** A bug: the call was closed because of it (`closed` follows). For the log; no content of the call is in it. */
  | { kind: "fault"; callId: string; message: string }
  | { kind: "closed"; callId: string; stats: MediaStats }
  | { kind: "status"; requestId: number; status: MediaStatus };

/** Of one call; packets unless named otherwise. */
export type MediaStats = {
  received: number;
  lost: number;
  late: number;
  duplicated: number;
  /** Came in time and were left out, to lower the delay. */
  skipped: number;
  dropped: Record<string, number>;
  sent: number;
  jitterMs: number;
  concealedMs: number;
  /** Of our direction as the peer's RTCP last told it; absent while it has told nothing. */
  atPeer?: { lost: number; jitterMs: number; roundTripMs?: number };
  /** As it was last. */
  protection?: Protection;
  /** Of our own voice, where it came back: how much weaker than it left, how much later, and for how long it was taken out. */
  echo?: { returnLossDb: number; delayMs: number; cancelledMs: number };
};

export type MediaStatus = {
  sockets: number;
  calls: number;
  timers: number;
  heapBytes: number;
  dropped: Record<string, number>;
  /** What was taken and yet never heard: packets that came too late, twice, or were skipped; steps of voice activity. */
  unheard: Record<string, number>;
  latenessP99Ms: number;
};

/** Given once, as the Worker's first message. */
export type MediaSettings = {
  kind: "settings";
  rtpPorts: { from: number; to: number } | undefined; // undefined: any free port
  nativeDir: string;
  /** Our end of every DTLS handshake; without it none succeeds. */
  dtls?: DtlsCredentials;
  inactivityMs: number;
  /** Pause after which `paused` is sent, and the wait that holds until `wait` says otherwise. */
  speculateAfterMs: number;
  defaultSilenceMs: number;
  maxUtteranceMs: number;
};
