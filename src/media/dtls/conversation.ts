/** What both roles of a handshake share: the transcript, our own messages' numbers, and what a message leads to. */
import type { Fingerprint, SrtpKeys } from "../messages.ts";
import type { DtlsIdentity } from "./certificates.ts";
import type { Secrets } from "./key-schedule.ts";
import { type HandshakeMessage, writeHandshake } from "./reassembly.ts";
import { type ContentType, contentType } from "./records.ts";
import { joined, uint } from "./wire.ts";

export const handshakeType = {
  clientHello: 1,
  serverHello: 2,
  helloVerifyRequest: 3,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
} as const;

export type Party = {
  identity: DtlsIdentity;
  /** What the peer's description said of its certificate; one must fit. */
  fingerprints: readonly Fingerprint[];
};

/** One record to send, kept for sending it again; epoch 1 is under the keys just agreed. */
export type Said = { type: ContentType; epoch: 0 | 1; payload: Uint8Array };

export type DtlsRefusal =
  | "dtls-unexpected"
  | "dtls-malformed"
  | "dtls-nothing-in-common"
  | "dtls-fingerprint"
  | "dtls-signature"
  | "dtls-finished";

/** What a message leads to. `secrets`: from now on records of epoch 1 can be read and written. */
export type Turn =
  | { kind: "wait"; secrets?: Secrets }
  | { kind: "say"; flight: Said[]; secrets?: Secrets }
  /** `flight`: what the other side still has to hear; it does not answer it. */
  | { kind: "connected"; keys: SrtpKeys; flight: Said[] }
  | { kind: "refused"; reason: DtlsRefusal };

export type Handshake = {
  /** @param isProtected whether it came under the new keys. */
  message(message: HandshakeMessage, isProtected: boolean): Turn;
};

export type Conversation = {
  say(type: number, body: Uint8Array, epoch?: 0 | 1): Said;
  heard(message: HandshakeMessage): void;
  forget(): void;
  transcript(): Uint8Array;
};

/** @param first number of our first message. */
export function createConversation(first: number): Conversation {
  let messages: Uint8Array[] = [];
  let next = first;
  return {
    say(type, body, epoch = 0) {
      const payload = writeHandshake({ type, sequence: next++, body });
      messages.push(payload);
      return { type: contentType.handshake, epoch, payload };
    },
    heard: (message) => void messages.push(writeHandshake(message)),
    // RFC 6347 §4.2.1: a ClientHello without a cookie and what answers it are no part of the handshake proper.
    forget() {
      messages = [];
    },
    transcript: () => joined(...messages),
  };
}

export const changeCipherSpec: Said = { type: contentType.changeCipherSpec, epoch: 0, payload: uint(1, 1) };

export function refuse(reason: DtlsRefusal): Turn {
  return { kind: "refused", reason };
}
