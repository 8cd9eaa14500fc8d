/** Our own certificate for DTLS: made anew at each start, never on disk. */
import { webcrypto } from "node:crypto";
import type { DtlsCredentials } from "../messages.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const dayMs = 86_400_000;
/** Nobody looks at its dates: it counts for as long as this process runs and its fingerprint is in our SDP. */
const lifeDays = 3650;

/** @param now for its dates. The name says nothing of the office (RFC 5763 §8 has no need of one). */
export async function makeDtlsCredentials(now: Date): Promise<DtlsCredentials> {
  // Loaded when it is needed: the pages are open before (security/tls-certificate.ts).
  await import("reflect-metadata"); // @peculiar/x509 needs it, first
  const x509 = await import("@peculiar/x509");
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: `40${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString("hex")}`,
    name: [{ CN: ["media"] }],
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + lifeDays * dayMs),
    keys,
    signingAlgorithm: algorithm,
  });
  return {
    certificate: new Uint8Array(certificate.rawData),
    privateKey: new Uint8Array(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)),
  };
}
