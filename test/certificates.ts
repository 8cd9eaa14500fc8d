/** Certificates for tests, made in memory: authorities and what they sign. */
import "reflect-metadata"; // @peculiar/x509 needs it, first
import { createHash, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

export type TestCertificate = {
  /** PEM. */
  certificate: string;
  privateKey: string;
  /** As a configuration pins it: 64 hex digits in lower case. */
  pinned: string;
  /** As it is shown: "AB:CD:…". */
  fingerprint: string;
  keys: CryptoKeyPair;
  name: string;
};

const elliptic = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
let serial = 1;

/** @param issuer An authority; left out: it signs itself, and may sign others. */
export async function makeCertificate(
  name: string,
  {
    issuer,
    endsAt,
    kind = "elliptic",
    usage,
  }: { issuer?: TestCertificate; endsAt?: Date; kind?: "elliptic" | "rsa"; usage?: "serverAuth" } = {},
): Promise<TestCertificate> {
  const algorithm = kind === "rsa" ? rsa : elliptic;
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  serial += 1;
  const made = await x509.X509CertificateGenerator.create({
    serialNumber: serial.toString(16).padStart(4, "0"),
    subject: `CN=${name}`,
    issuer: `CN=${issuer?.name ?? name}`,
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: endsAt ?? new Date(Date.now() + 86_400_000),
    signingKey: (issuer?.keys ?? keys).privateKey,
    publicKey: keys.publicKey,
    signingAlgorithm: issuer === undefined ? algorithm : elliptic,
    extensions: [
      new x509.BasicConstraintsExtension(issuer === undefined, undefined, true),
      ...(usage === undefined ? [] : [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[usage]])]),
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
    ],
  });
  const hash = createHash("sha256").update(Buffer.from(made.rawData)).digest("hex");
  return {
    certificate: made.toString("pem"),
    privateKey: x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY"),
    pinned: hash,
    fingerprint: hash.toUpperCase().replace(/..(?=.)/g, "$&:"),
    keys,
    name,
  };
}
