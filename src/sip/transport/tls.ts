/** Connections to a registrar by TLS (RFC 3261 §26.3, RFC 5922): 1.3 where the peer has it, 1.2 otherwise, never less. */
import { isIP } from "node:net";
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from "node:tls";
import type { Endpoint } from "../endpoint.ts";
import type { TlsTrust } from "../ports.ts";

/** The socket is not to be used before "secureConnect": by then the peer has proven itself, or "error" has come. */
export function connectTls(to: Endpoint, { name, ca, pinned }: TlsTrust): TLSSocket {
  const socket = connect({
    host: to.address,
    port: to.port,
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.3",
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
