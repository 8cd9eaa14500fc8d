/**
 * One DTLS association of a media path (RFC 5764): from datagrams to SRTP keys. It is bound by the peer's fingerprint
 * and nothing else; DTLS 1.2 only, never resumed, never negotiated anew. No I/O: time and datagrams are passed in.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { SrtpKeys } from "../messages.ts";
import type { Source } from "../source-latch.ts";
import { sayClientHello } from "./client.ts";
import { type DtlsRefusal, type Handshake, handshakeType, type Party, type Said, type Turn } from "./conversation.ts";
import { createFlight, type Flight } from "./flight.ts";
import { type ClientHello, readClientHello, writeHelloVerify } from "./hello.ts";
import { type Role, recordKeys } from "./key-schedule.ts";
import { createReassembly, type HandshakeMessage, type Reassembly, writeHandshake } from "./reassembly.ts";
import { contentType, type DtlsRecord, openRecord, type RecordKey, readRecords, writeRecord } from "./records.ts";
import { answerClientHello } from "./server.ts";

/** Why a datagram was let go, or the handshake failed. */
export type DtlsDrop = DtlsRefusal | "dtls-source" | "dtls-stray" | "dtls-flood" | "dtls-alert" | "dtls-timeout";

export type DtlsEffects = {
  send: { bytes: Uint8Array; to: Source }[];
  dropped?: DtlsDrop;
  keys?: SrtpKeys;
  /** Nothing more will come of it. */
  failed?: true;
};

export type Association = {
  /** The active side's first word. */
  start(nowMs: number): DtlsEffects;
  receive(datagram: Uint8Array, from: Source, nowMs: number): DtlsEffects;
  tick(nowMs: number): DtlsEffects;
};

const cookieBytes = 20;
/** Of those who have shown no cookie yet; each costs us a hash and a datagram shorter than theirs. */
const mostHellosPerSecond = 50;
/** Of those who have: each costs us a key pair and a signature. */
const mostHandshakes = 8;
const mostOfStrangers = 4;
const nothing: DtlsEffects = { send: [] };

/** One handshake under way or done. */
type Attempt = {
  handshake: Handshake;
  flight: Flight;
  reassembly: Reassembly;
  peer: Source;
  clientRandom: Uint8Array | undefined;
  /** The peer's key of epoch 1, and the highest record number seen under it. */
  readKey: RecordKey | undefined;
  highest: number;
};

/** @param target where the other side says that it is. A passive side answers whoever shows that he is where he says. */
export function createAssociation(role: Role, party: Party, target: Source): Association {
  const cookieSecret = randomBytes(32);
  let attempt: Attempt | undefined;
  let state: "handshaking" | "connected" | "failed" = "handshaking";
  let handshakes = 0;
  let hellos = { count: 0, sinceMs: Number.NEGATIVE_INFINITY };

  const to = (peer: Source, datagrams: readonly Uint8Array[]) => datagrams.map((bytes) => ({ bytes, to: peer }));
  const drop = (dropped: DtlsDrop): DtlsEffects => ({ send: [], dropped });

  /** Perhaps the peer behind a NAT that its description knows nothing of. */
  const isStranger = ({ address }: Source) => role === "server" && address !== target.address;

  function fail(dropped: DtlsDrop): DtlsEffects {
    state = "failed";
    attempt = undefined;
    return { send: [], dropped, failed: true };
  }

  function begin(
    made: { handshake: Handshake; flight: Said[] },
    peer: Source,
    nowMs: number,
    hello?: Hello,
  ): DtlsEffects {
    const flight = createFlight(hello?.record.sequence ?? 0);
    attempt = {
      handshake: made.handshake,
      flight,
      reassembly: createReassembly(hello === undefined ? 0 : hello.message.sequence + 1),
      peer,
      clientRandom: hello?.read.random,
      readKey: undefined,
      highest: -1,
    };
    return { send: to(peer, flight.send(made.flight, true, nowMs)) };
  }

  /** RFC 6347 §4.2.1: nothing is kept of a stranger until he has shown that he hears what is sent to his address. */
  function greet(hello: Hello, from: Source, nowMs: number): DtlsEffects {
    const cookie = cookieFor(cookieSecret, from, hello.read);
    const isShown = hello.read.cookie.length === cookieBytes && timingSafeEqual(hello.read.cookie, cookie);
    if (!isShown) return askForCookie(hello, cookie, from, nowMs);
    if (attempt?.clientRandom !== undefined && Buffer.compare(attempt.clientRandom, hello.read.random) === 0) {
      return { send: to(attempt.peer, attempt.flight.again(nowMs)) };
    }
    if (isStranger(from) && attempt !== undefined && !isStranger(attempt.peer)) return drop("dtls-source");
    if (handshakes >= (isStranger(from) ? mostOfStrangers : mostHandshakes)) return drop("dtls-flood");
    handshakes++;
    const made = answerClientHello(party, hello.read, hello.message);
    return made === undefined ? drop("dtls-nothing-in-common") : begin(made, from, nowMs, hello);
  }

  function askForCookie({ record, message }: Hello, cookie: Uint8Array, from: Source, nowMs: number): DtlsEffects {
    if (nowMs - hellos.sinceMs >= 1000) hellos = { count: 0, sinceMs: nowMs };
    if (++hellos.count > mostHellosPerSecond) return drop("dtls-flood");
    const body = writeHelloVerify(cookie);
    const { helloVerifyRequest: type } = handshakeType;
    const fragment = writeHandshake({ type, sequence: message.sequence, body });
    return { send: to(from, [writeRecord({ ...record, fragment })]) };
  }

  /** @returns its clear content, or undefined if it is not to be believed. */
  function opened(current: Attempt, record: DtlsRecord): Uint8Array | undefined {
    if (record.epoch === 0) return record.fragment;
    if (record.epoch !== 1 || current.readKey === undefined || record.sequence <= current.highest) return undefined;
    const clear = openRecord(current.readKey, record);
    if (clear !== undefined) current.highest = record.sequence;
    return clear;
  }

  function take(current: Attempt, record: DtlsRecord, nowMs: number): DtlsEffects {
    const clear = opened(current, record);
    if (clear === undefined) return drop("dtls-stray");
    // RFC 6347 §4.1.2.7: in the clear anybody could have said it.
    if (record.type === contentType.alert)
      return record.epoch === 1 && state !== "connected" ? fail("dtls-alert") : drop("dtls-alert");
    if (record.type !== contentType.handshake) return nothing;
    if (state === "connected") return repeat(current, record, clear, nowMs);
    current.reassembly.add(clear);
    const effects: DtlsEffects[] = [];
    for (let message = next(current); message !== undefined; message = next(current)) {
      effects.push(apply(current, current.handshake.message(message, record.epoch === 1), nowMs));
    }
    return merged(effects);
  }

  function next(current: Attempt): HandshakeMessage | undefined {
    return state === "handshaking" && attempt === current ? current.reassembly.next() : undefined;
  }

  /** §4.2.4: who said the last word says it again where the other's Finished shows that it was not heard. */
  function repeat(current: Attempt, { epoch }: DtlsRecord, clear: Uint8Array, nowMs: number): DtlsEffects {
    const isFinished = epoch === 1 && clear[0] === handshakeType.finished;
    if (role === "client" || !isFinished) return drop("dtls-stray");
    return { send: to(current.peer, current.flight.again(nowMs)) };
  }

  /** Whoever comes from elsewhere and is not who he should be spoils nothing for him who is (RFC 6347 §4.1.2.7). */
  function refused(current: Attempt, reason: DtlsDrop): DtlsEffects {
    if (!isStranger(current.peer)) return fail(reason);
    attempt = undefined;
    return drop(reason);
  }

  function apply(current: Attempt, turn: Turn, nowMs: number): DtlsEffects {
    if (turn.kind === "refused") return refused(current, turn.reason);
    if (turn.kind !== "connected" && turn.secrets !== undefined) {
      const keys = recordKeys(turn.secrets);
      current.flight.protect(keys[role]);
      current.readKey = keys[role === "client" ? "server" : "client"];
    }
    if (turn.kind === "wait") return nothing;
    if (turn.kind === "say") return { send: to(current.peer, current.flight.send(turn.flight, true, nowMs)) };
    state = "connected";
    current.flight.answered();
    const send = turn.flight.length === 0 ? [] : current.flight.send(turn.flight, false, nowMs);
    return { send: to(current.peer, send), keys: turn.keys };
  }

  return {
    start: (nowMs) => (role === "client" ? begin(sayClientHello(party), target, nowMs) : nothing),
    receive(datagram, from, nowMs) {
      if (state === "failed") return drop("dtls-stray");
      const records = readRecords(datagram);
      if (records.length === 0) return drop("dtls-malformed");
      const hello = role === "server" && state === "handshaking" ? readHello(records[0]) : undefined;
      if (hello === "malformed") return drop("dtls-malformed");
      if (hello !== undefined) return greet(hello, from, nowMs);
      if (attempt === undefined) return drop("dtls-stray");
      const { peer } = attempt;
      if (from.address !== peer.address || (role === "server" && from.port !== peer.port)) return drop("dtls-source");
      const effects: DtlsEffects[] = [];
      for (const record of records) if (attempt !== undefined) effects.push(take(attempt, record, nowMs));
      return merged(effects);
    },
    tick(nowMs) {
      if (attempt === undefined) return nothing;
      const due = attempt.flight.tick(nowMs);
      return due === "timeout" ? refused(attempt, "dtls-timeout") : { send: to(attempt.peer, due) };
    },
  };
}

type Hello = { record: DtlsRecord; message: HandshakeMessage; read: ClientHello };

/** A ClientHello in one piece, as one must be that is judged without keeping anything of it. */
function readHello(record: DtlsRecord | undefined): Hello | "malformed" | undefined {
  const isHello =
    record?.type === contentType.handshake && record.epoch === 0 && record.fragment[0] === handshakeType.clientHello;
  if (record === undefined || !isHello) return undefined;
  const sequence = ((record.fragment[4] ?? 0) << 8) | (record.fragment[5] ?? 0);
  const reassembly = createReassembly(sequence);
  reassembly.add(record.fragment);
  const message = reassembly.next();
  const read = message && readClientHello(message.body);
  return message === undefined || read === undefined ? "malformed" : { record, message, read };
}

function cookieFor(secret: Uint8Array, { address, port }: Source, hello: ClientHello): Uint8Array {
  const cookie = createHmac("sha256", secret).update(`${address} ${port} `).update(hello.random).digest();
  return cookie.subarray(0, cookieBytes);
}

function merged(effects: readonly DtlsEffects[]): DtlsEffects {
  return Object.assign({}, ...effects, { send: effects.flatMap(({ send }) => send) });
}
