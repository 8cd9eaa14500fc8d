/** What one call offers and accepts by way of SRTP: by its trunk's policy and by how its INVITE came. */
import type { Fingerprint, NegotiatedMedia, SrtpSuite } from "../media/messages.ts";
import type { Encryption } from "../media/sdp-security.ts";

export type SrtpPolicy = "off" | "prefer" | "require";

export type SrtpPorts = {
  /** @param trunk by which the call came. */
  policyOf(trunk: string | undefined): SrtpPolicy;
  /** Whether every message of that trunk's legs goes by TLS, however the call came for which they are placed. */
  legsByTls(trunk: string | undefined): boolean;
  /** SDES also where others on the way could read its keys. */
  evenInClear: boolean;
  newKey(suite: SrtpSuite): Uint8Array;
  /** Of our certificate for DTLS. */
  fingerprint: Fingerprint;
  /** At least 20 characters that nobody can guess (RFC 8842 §4). */
  newTlsId(): string;
};

/** What holds for the next offer or answer of the call. @param current what its sound runs on by now. */
export type CallKeys = (current: NegotiatedMedia | undefined) => Encryption | undefined;

export function createCallKeys(
  { byTls, trunk }: { byTls: boolean; trunk: string | undefined },
  { policyOf, evenInClear, newKey, fingerprint, newTlsId }: SrtpPorts,
): CallKeys {
  const policy = policyOf(trunk);
  if (policy === "off") return () => undefined;
  const keys = remembered(newKey);
  const tlsIds = remembered<string, string>(newTlsId);
  let before: SrtpSuite | undefined;
  // RFC 4568 §7.1.2 wants the keys protected on their way. A fingerprint is no secret: over clear SIP it keeps out all
  // who only listen, though not one who can change the messages on their way.
  const hasSdes = byTls || evenInClear;
  return (current) => {
    const suite = current?.srtp?.suite;
    // RFC 3711 §9.1: whatever has left a key has left its counters, and must not begin again under it.
    if (before !== undefined && suite !== before) keys.forget(before);
    before = suite;
    return {
      policy,
      ...(hasSdes && { keyFor: keys.of }),
      dtls: { fingerprint, current: current?.dtls, tlsIdFor: tlsIds.of },
      inUse: current?.dtls ? "dtls" : current?.srtp ? "sdes" : undefined,
    };
  };
}

function remembered<K, V>(make: (key: K) => V): { of(key: K): V; forget(key: K): void } {
  const made = new Map<K, V>();
  return {
    of(key) {
      const value = made.get(key) ?? make(key);
      made.set(key, value);
      return value;
    },
    forget: (key) => void made.delete(key),
  };
}
