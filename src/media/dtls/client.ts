/** The active side of a handshake (RFC 5246 §7.3, figure 1; HelloVerifyRequest of RFC 6347 §4.2.1). */
import { type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import {
  isSigned,
  matchesFingerprint,
  publicKeyOf,
  readCertificate,
  signatureSchemes,
  signWith,
  writeCertificate,
} from "./certificates.ts";
import {
  changeCipherSpec,
  createConversation,
  type Handshake,
  handshakeType as is,
  type Party,
  refuse,
  type Said,
  type Turn,
} from "./conversation.ts";
import { readHelloVerify, readServerHello, type ServerHello, writeClientHello } from "./hello.ts";
import { createKeyExchange, readServerKeyExchange, writeClientKeyExchange } from "./key-exchange.ts";
import { extendedMasterSecret, type Secrets, srtpKeys, verifyData } from "./key-schedule.ts";
import type { HandshakeMessage } from "./reassembly.ts";
import { joined } from "./wire.ts";

export function sayClientHello({ identity, fingerprints }: Party): { handshake: Handshake; flight: Said[] } {
  const conversation = createConversation(0);
  const clientRandom = new Uint8Array(randomBytes(32));
  const sayHello = (cookie: Uint8Array) =>
    conversation.say(is.clientHello, writeClientHello(clientRandom, cookie, signatureSchemes));
  const flight = [sayHello(new Uint8Array(0))];
  let hasVerified = false;
  let hello: ServerHello | undefined;
  let peerKey: KeyObject | undefined;
  let theirs: Uint8Array | undefined;
  let isAsked = false;
  let secrets: Secrets | undefined;
  let expected: readonly number[] = [is.helloVerifyRequest, is.serverHello];

  function helloVerify({ body }: HandshakeMessage): Turn {
    const cookie = readHelloVerify(body);
    if (cookie === undefined || hasVerified) return refuse("dtls-malformed");
    hasVerified = true;
    conversation.forget();
    return { kind: "say", flight: [sayHello(cookie)] };
  }

  function serverHello({ body }: HandshakeMessage): Turn {
    hello = readServerHello(body);
    expected = [is.certificate];
    return hello === undefined ? refuse("dtls-nothing-in-common") : { kind: "wait" };
  }

  function certificate({ body }: HandshakeMessage): Turn {
    const shown = readCertificate(body);
    if (shown === undefined || !matchesFingerprint(shown, fingerprints)) return refuse("dtls-fingerprint");
    peerKey = publicKeyOf(shown);
    expected = [is.serverKeyExchange];
    if (peerKey === undefined || peerKey.asymmetricKeyType !== hello?.suite.signedBy) return refuse("dtls-signature");
    return { kind: "wait" };
  }

  /** RFC 5246 §7.4.3: signed over both randoms, or anybody with a copy of the certificate could stand here. */
  function serverKeyExchange({ body }: HandshakeMessage): Turn {
    const read = readServerKeyExchange(body);
    if (read === undefined || hello === undefined || peerKey === undefined) return refuse("dtls-malformed");
    const data = joined(clientRandom, hello.random, read.parameters);
    if (!isSigned(read.signed, data, peerKey)) return refuse("dtls-signature");
    theirs = read.publicKey;
    expected = [is.certificateRequest, is.serverHelloDone];
    return { kind: "wait" };
  }

  function helloDone(): Turn {
    const exchange = createKeyExchange();
    const shared = theirs && exchange.agree(theirs);
    if (shared === undefined || hello === undefined) return refuse("dtls-malformed");
    const said: Said[] = [];
    if (isAsked) said.push(conversation.say(is.certificate, writeCertificate(identity.certificate)));
    said.push(conversation.say(is.clientKeyExchange, writeClientKeyExchange(exchange.publicKey)));
    const { hash, keyBytes } = hello.suite;
    const master = extendedMasterSecret(hash, shared, conversation.transcript());
    secrets = { hash, keyBytes, master, clientRandom, serverRandom: hello.random };
    if (isAsked) said.push(conversation.say(is.certificateVerify, signWith(identity, conversation.transcript())));
    const finished = conversation.say(is.finished, verifyData(secrets, "client", conversation.transcript()), 1);
    expected = [is.finished];
    return { kind: "say", flight: [...said, changeCipherSpec, finished], secrets };
  }

  function finished({ body }: HandshakeMessage, before: Uint8Array): Turn {
    if (secrets === undefined || hello === undefined) return refuse("dtls-unexpected");
    const right = verifyData(secrets, "server", before);
    if (body.length !== right.length || !timingSafeEqual(body, right)) return refuse("dtls-finished");
    return { kind: "connected", keys: srtpKeys(secrets, hello.profile, "client"), flight: [] };
  }

  function step(message: HandshakeMessage, isProtected: boolean): Turn {
    const isFinished = message.type === is.finished;
    if (!expected.includes(message.type) || isProtected !== isFinished) return refuse("dtls-unexpected");
    const before = conversation.transcript();
    if (message.type === is.helloVerifyRequest) return helloVerify(message);
    conversation.heard(message);
    switch (message.type) {
      case is.serverHello:
        return serverHello(message);
      case is.certificate:
        return certificate(message);
      case is.serverKeyExchange:
        return serverKeyExchange(message);
      case is.certificateRequest:
        isAsked = true;
        expected = [is.serverHelloDone];
        return { kind: "wait" };
      case is.serverHelloDone:
        return helloDone();
      default:
        return finished(message, before);
    }
  }

  return { handshake: { message: step }, flight };
}
