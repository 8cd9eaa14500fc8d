/** The passive side of a handshake, from a ClientHello that has shown its cookie (RFC 5246 §7.3, figure 1). */
import { type KeyObject, randomBytes, timingSafeEqual } from "node:crypto";
import type { SrtpSuite } from "../messages.ts";
import {
  isSigned,
  matchesFingerprint,
  ourScheme,
  publicKeyOf,
  readCertificate,
  signWith,
  writeCertificate,
  writeCertificateRequest,
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
import { type CipherSuite, type ClientHello, cipherSuites, p256, srtpProfiles, writeServerHello } from "./hello.ts";
import { createKeyExchange, readClientKeyExchange, writeServerParameters } from "./key-exchange.ts";
import { extendedMasterSecret, type Secrets, srtpKeys, verifyData } from "./key-schedule.ts";
import type { HandshakeMessage } from "./reassembly.ts";
import { joined } from "./wire.ts";

type Agreed = { suite: CipherSuite; profileId: number; profile: SrtpSuite };

/** @returns the handshake and its first flight, or undefined if there is nothing in common. */
export function answerClientHello(
  party: Party,
  hello: ClientHello,
  message: HandshakeMessage,
): { handshake: Handshake; flight: Said[] } | undefined {
  const agreed = agree(hello);
  if (agreed === undefined) return undefined;
  // RFC 6347 §4.2.2: the message that answers a ClientHello with a cookie has its number.
  const conversation = createConversation(message.sequence);
  conversation.heard(message);
  const serverRandom = new Uint8Array(randomBytes(32));
  const exchange = createKeyExchange();
  const parameters = writeServerParameters(exchange.publicKey);
  const signed = signWith(party.identity, joined(hello.random, serverRandom, parameters));
  const flight = [
    conversation.say(is.serverHello, writeServerHello(serverRandom, agreed.suite, agreed.profileId)),
    conversation.say(is.certificate, writeCertificate(party.identity.certificate)),
    conversation.say(is.serverKeyExchange, joined(parameters, signed)),
    // RFC 5763 §5: both sides show a certificate.
    conversation.say(is.certificateRequest, writeCertificateRequest()),
    conversation.say(is.serverHelloDone, new Uint8Array(0)),
  ];
  let peerKey: KeyObject | undefined;
  let secrets: Secrets | undefined;
  let expected: number = is.certificate;

  function certificate({ body }: HandshakeMessage): Turn {
    const shown = readCertificate(body);
    if (shown === undefined || !matchesFingerprint(shown, party.fingerprints)) return refuse("dtls-fingerprint");
    peerKey = publicKeyOf(shown);
    expected = is.clientKeyExchange;
    return peerKey === undefined ? refuse("dtls-signature") : { kind: "wait" };
  }

  function keyExchange({ body }: HandshakeMessage, { suite }: Agreed, clientRandom: Uint8Array): Turn {
    const theirs = readClientKeyExchange(body);
    const shared = theirs && exchange.agree(theirs);
    if (shared === undefined) return refuse("dtls-malformed");
    const { hash, keyBytes } = suite;
    const master = extendedMasterSecret(hash, shared, conversation.transcript());
    secrets = { hash, keyBytes, master, clientRandom, serverRandom };
    expected = is.certificateVerify;
    return { kind: "wait", secrets };
  }

  /** RFC 5246 §7.4.8: over all that was said before it; without this the certificate would prove nothing. */
  function certificateVerify({ body }: HandshakeMessage, before: Uint8Array): Turn {
    if (peerKey === undefined || !isSigned(body, before, peerKey)) return refuse("dtls-signature");
    expected = is.finished;
    return { kind: "wait" };
  }

  function finished({ body }: HandshakeMessage, before: Uint8Array, { profile }: Agreed): Turn {
    if (secrets === undefined) return refuse("dtls-unexpected");
    const right = verifyData(secrets, "client", before);
    if (body.length !== right.length || !timingSafeEqual(body, right)) return refuse("dtls-finished");
    const ours = conversation.say(is.finished, verifyData(secrets, "server", conversation.transcript()), 1);
    return { kind: "connected", keys: srtpKeys(secrets, profile, "server"), flight: [changeCipherSpec, ours] };
  }

  function step(message: HandshakeMessage, isProtected: boolean): Turn {
    if (message.type !== expected || isProtected !== (expected === is.finished)) return refuse("dtls-unexpected");
    const before = conversation.transcript();
    conversation.heard(message);
    if (message.type === is.certificate) return certificate(message);
    if (message.type === is.clientKeyExchange) return keyExchange(message, agreedOn, hello.random);
    if (message.type === is.certificateVerify) return certificateVerify(message, before);
    return finished(message, before, agreedOn);
  }

  const agreedOn = agreed;
  return { handshake: { message: step }, flight };
}

function agree(hello: ClientHello): Agreed | undefined {
  // Our certificate is one of ECDSA.
  const suite = cipherSuites.find(({ id, signedBy }) => signedBy === "ec" && hello.suites.includes(id));
  const [profileId, profile] = [...srtpProfiles].find(([id]) => hello.profiles.includes(id)) ?? [];
  const canTalk = hello.groups.includes(p256) && hello.signatures.includes(ourScheme);
  if (suite === undefined || profileId === undefined || profile === undefined || !canTalk) return undefined;
  // RFC 7627 §5.3: without it the keys would not be bound to this handshake. And we never do another inside of one.
  if (!hello.hasExtendedMasterSecret || hello.renegotiates) return undefined;
  return { suite, profileId, profile };
}
