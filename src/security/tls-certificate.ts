/** A self-signed certificate. The library that makes it is loaded for that alone: it takes longer than all that the pages need. */
import { webcrypto } from "node:crypto";
import { isIP } from "node:net";

const dayMs = 86_400_000;
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * @param names Host names and addresses that it is for.
 * @returns The certificate as DER and its private key as PKCS #8.
 */
export async function makeCertificate(
  names: readonly string[],
  now: Date,
  { lifeDays, usages }: { readonly lifeDays: number; readonly usages: readonly ("serverAuth" | "clientAuth")[] },
): Promise<{ certificate: Uint8Array; privateKey: Uint8Array }> {
  await import("reflect-metadata"); // @peculiar/x509 needs it, first
  const x509 = await import("@peculiar/x509");
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const serial = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40; // positive and of full length (RFC 5280 §4.1.2.2)
  const subject = names.find((name) => isIP(name) === 0 && name !== "localhost") ?? "localhost";
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial.toString("hex"),
    name: [{ CN: [subject] }, { O: ["Gatehouse"] }],
    notBefore: new Date(now.getTime() - dayMs), // the clock of a laptop may be behind ours
    notAfter: new Date(now.getTime() + (lifeDays - 1) * dayMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      // Cannot sign others: whoever trusts it trusts this server and nothing more.
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(usages.map((usage) => x509.ExtendedKeyUsage[usage])),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) !== 0 ? "ip" : "dns", value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: new Uint8Array(certificate.rawData),
    privateKey: new Uint8Array(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)),
  };
}
