/** The certificate that a running appliance shows, for a browser that is to trust this one and no other. */
import { createHash, X509Certificate } from "node:crypto";
import { connect } from "node:tls";

/** @returns `spkiSha256` as browsers are told of it (RFC 7469 §2.4), `fingerprint` as they show it. */
export async function certificateOf(url: string): Promise<{ spkiSha256: string; fingerprint: string }> {
  const { hostname, port } = new URL(url);
  const raw = await new Promise<Buffer>((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().raw);
      socket.end();
    });
    socket.once("error", reject);
  });
  const certificate = new X509Certificate(raw);
  const key = certificate.publicKey.export({ type: "spki", format: "der" });
  return { spkiSha256: createHash("sha256").update(key).digest("base64"), fingerprint: certificate.fingerprint256 };
}
