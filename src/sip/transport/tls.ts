/**
 * TLS for SIP (RFC 3261 §26.3, RFC 5922): 1.3 where the peer has it, otherwise 1.2 with forward secrecy and authenticated
 * encryption (RFC 9325 §4.2), and less only where an exception in the configuration says so.
 */
import { isIP, type Socket } from "node:net";
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  type PeerCertificate,
  type SecureContext,
  TLSSocket,
} from "node:tls";
import type { Endpoint } from "../endpoint.ts";
import type { TlsCertificate, TlsTrust, TlsWeakness } from "../ports.ts";

/** Of TLS 1.2; those of 1.3 are all good, and BoringSSL leaves no choice among them. */
const usualCiphers = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
];

const usualHandshakeMs = 5_000;

/** Usual, or with what an exception adds. */
function strength(weakness: TlsWeakness | undefined) {
  return {
    minVersion: weakness?.minVersion ?? "TLSv1.2",
    maxVersion: "TLSv1.3",
    ciphers: [...usualCiphers, ...(weakness?.ciphers ?? [])].join(":"),
  } as const;
}

/** What of ours goes into a connection that we open. */
export type TlsOwn = {
  weakness: TlsWeakness | undefined;
  /** For a peer that asks us to prove ourselves too; undefined where we have none. */
  certificate: (() => TlsCertificate) | undefined;
};

/** The socket is not to be used before "secureConnect": by then the peer has proven itself, or "error" has come. */
export function connectTls(to: Endpoint, { name, ca, pinned }: TlsTrust, { weakness, certificate }: TlsOwn): TLSSocket {
  const ours = certificate?.();
  const socket = connect({
    ...(ours === undefined ? {} : { cert: ours.certificate, key: ours.privateKey }),
    host: to.address,
    port: to.port,
    ...strength(weakness),
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: pinned === undefined,
    checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
      pinned === undefined ? checkServerIdentity(name, certificate) : undefined,
  });
  if (pinned !== undefined) {
    socket.prependOnceListener("secureConnect", () => {
      if (fingerprintOf(socket.getPeerCertificate()) !== pinned) socket.destroy(new Error("another certificate"));
    });
  }
  return socket;
}

function fingerprintOf({ fingerprint256 }: PeerCertificate): string {
  return (fingerprint256 ?? "").replaceAll(":", "").toLowerCase();
}

export type TlsDoorPorts = {
  /** Asked for each connection: a new certificate serves from the next one on. */
  certificate(): TlsCertificate;
  /** What the peer at that address has to prove; undefined: nothing. */
  demandOf(address: string): TlsTrust | undefined;
  weakness: TlsWeakness | undefined;
  /** From the connection to the end of its handshake. Default: 5 s. */
  handshakeMs?: number;
};

export type Secured =
  | { readonly ok: true; readonly socket: TLSSocket }
  | { readonly ok: false; readonly reason: string };

export type TlsDoor = {
  /**
   * Our side of the handshake on a connection just accepted. Its reasons are static, for counting. The socket, or what
   * is left of the connection, is the caller's to close.
   */
  secure(raw: Socket, address: string): Promise<Secured>;
};

export function createTlsDoor(ports: TlsDoorPorts): TlsDoor {
  const { certificate, demandOf, weakness, handshakeMs = usualHandshakeMs } = ports;
  /** By the authority asked for, as a context holds it; all of one certificate of ours. */
  const contexts = new Map<string, SecureContext>();
  let madeOf = "";

  function contextFor(ca: string | undefined): SecureContext {
    const ours = certificate();
    if (madeOf !== ours.fingerprint) contexts.clear();
    madeOf = ours.fingerprint;
    const known = contexts.get(ca ?? "");
    if (known !== undefined) return known;
    const made = createSecureContext({
      cert: ours.certificate,
      key: ours.privateKey,
      ...strength(weakness),
      ...(ca === undefined ? {} : { ca }),
    });
    contexts.set(ca ?? "", made);
    return made;
  }

  return {
    secure(raw, address) {
      const demand = demandOf(address);
      const settled = Promise.withResolvers<Secured>();
      const refuse = (reason: string) => settled.resolve({ ok: false, reason });
      const giveUp = setTimeout(() => refuse("tls-handshake-slow"), handshakeMs);
      const socket = new TLSSocket(raw, {
        isServer: true,
        secureContext: contextFor(demand?.ca),
        requestCert: demand !== undefined,
        rejectUnauthorized: demand !== undefined && demand.pinned === undefined,
      });
      socket.once("secure", () => {
        const proven = demand === undefined || isProven(socket.getPeerCertificate(), demand);
        if (!proven) refuse("tls-other-certificate");
        else settled.resolve({ ok: true, socket });
      });
      socket.on("error", (error) => refuse(whyFailed(error))); // later on without effect
      socket.once("close", () => refuse("tls-handshake-failed"));
      return settled.promise.finally(() => clearTimeout(giveUp));
    },
  };
}

/** For IT, who may have to mend the PBX, to name its certificate, or to decide on an exception. */
function whyFailed(error: Error): string {
  const code = String((error as { code?: unknown }).code);
  if (/NO_SHARED_CIPHER|UNSUPPORTED_PROTOCOL/.test(code)) return "tls-too-weak";
  // It is one for servers only, as public authorities make them now: it can be named by its SHA-256.
  if (code === "INVALID_PURPOSE") return "tls-certificate-purpose";
  if (/CERT/.test(code)) return "tls-other-certificate";
  return "tls-handshake-failed";
}

/** Where an authority was asked for, the handshake has checked the chain; the name is for us to look at (RFC 5922 §7.2). */
function isProven(certificate: PeerCertificate | undefined, { name, pinned }: TlsTrust): boolean {
  if (certificate?.fingerprint256 === undefined) return false; // it has shown none
  if (pinned !== undefined) return fingerprintOf(certificate) === pinned;
  return name === "" || checkServerIdentity(name, certificate) === undefined;
}
