/** The certificates of the web pages and of SIP over TLS: made by ourselves at first start, renewed before they end. */
import "reflect-metadata"; // @peculiar/x509 needs it, first
import { createHash, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { AppError } from "../app-error.ts";
import type { Database } from "../store/connection.ts";
import type { Keys } from "./keys.ts";
import { openBox, sealBox } from "./sealed-box.ts";

export type TlsIdentity = {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. In memory only. */
  privateKey: string;
  /** SHA-256 of the certificate as browsers show it: "AB:CD:…". */
  fingerprint: string;
  /** Base64 SHA-256 of the public key (RFC 7469 §2.4), by which a browser can be told to trust it. */
  spkiSha256: string;
  endsAt: Date;
};

/** What one is for: where it is kept, how long it serves, and whether a new name of the machine makes a new one. */
type Purpose = {
  readonly table: "tls_identity" | "sip_tls_identity";
  readonly keyContext: string;
  readonly lifeDays: number;
  readonly followsNames: boolean;
  readonly usages: readonly string[];
};
const purposes = {
  web: {
    table: "tls_identity",
    keyContext: "web-tls",
    lifeDays: 825, // Apple's devices refuse longer ones, even those that a person has trusted
    followsNames: true,
    usages: [x509.ExtendedKeyUsage.serverAuth],
  },
  // A PBX is told to trust this very certificate: each new one cuts the trunk until somebody has told it again.
  sip: {
    table: "sip_tls_identity",
    keyContext: "sip-tls",
    lifeDays: 3_650,
    followsNames: false,
    usages: [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth],
  },
} satisfies Record<string, Purpose>;
const renewBeforeDays = 60;
const dayMs = 86_400_000;
type KeyWrapper = Pick<Keys, "newKey" | "unwrap">;
type Row = { certificate: Buffer; wrapped_key: Buffer; sealed_key: Buffer };
const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * The stored identity; a new one at first start, when the old one is about to end, and, for the web, when the server has
 * got a name that the certificate lacks. `made` says so: those who trusted the old one must be told.
 *
 * @param names Host names and addresses, as `webHostNames` gives them.
 */
export async function tlsIdentity(
  db: Database,
  keys: KeyWrapper,
  names: readonly string[],
  now: Date,
  of: keyof typeof purposes = "web",
): Promise<TlsIdentity & { made: boolean }> {
  const purpose: Purpose = purposes[of];
  const { table, keyContext } = purpose;
  const row = db.prepare<[], Row>(`SELECT certificate, wrapped_key, sealed_key FROM ${table}`).get();
  if (row !== undefined) {
    const certificate = new x509.X509Certificate(row.certificate);
    if (isGood(certificate, purpose.followsNames ? names : [], now)) {
      return { ...describe(certificate, unseal(keys, keyContext, row)), made: false };
    }
  }
  const { certificate, privateKey } = await makeIdentity(names, now, purpose);
  db.prepare<[Row]>(
    `INSERT OR REPLACE INTO ${table} (one, certificate, wrapped_key, sealed_key)
     VALUES (1, @certificate, @wrapped_key, @sealed_key)`,
  ).run({ certificate: Buffer.from(certificate.rawData), ...seal(keys, keyContext, privateKey) });
  return { ...describe(certificate, privateKey), made: true };
}

/** The private key lies under a data key of its own, and that under the appliance's. */
function seal(keys: KeyWrapper, keyContext: string, privateKey: Uint8Array): Pick<Row, "wrapped_key" | "sealed_key"> {
  const { key, wrapped } = keys.newKey(keyContext);
  const sealed_key = sealBox(key, keyContext, privateKey);
  key.fill(0);
  return { wrapped_key: wrapped, sealed_key };
}

function unseal(keys: KeyWrapper, keyContext: string, { wrapped_key, sealed_key }: Row): Uint8Array {
  const key = keys.unwrap(keyContext, wrapped_key);
  const privateKey = openBox(key, keyContext, sealed_key);
  key.fill(0);
  if (privateKey === undefined) throw new AppError("database_damaged", "The key of a certificate of ours was changed.");
  return privateKey;
}

const isAddress = (name: string) => name.includes(":") || /^\d+\.\d+\.\d+\.\d+$/.test(name);

async function makeIdentity(names: readonly string[], now: Date, { lifeDays, usages }: Purpose) {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const serial = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40; // positive and of full length (RFC 5280 §4.1.2.2)
  const subject = names.find((name) => !isAddress(name) && name !== "localhost") ?? "localhost";
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
      new x509.ExtendedKeyUsageExtension([...usages]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isAddress(value) ? "ip" : "dns", value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, privateKey: new Uint8Array(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey)) };
}

function isGood(certificate: x509.X509Certificate, names: readonly string[], now: Date): boolean {
  const known =
    certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items.map(({ value }) => value) ?? [];
  const expires = certificate.notAfter.getTime() - renewBeforeDays * dayMs;
  return now < new Date(expires) && now >= certificate.notBefore && names.every((name) => known.includes(name));
}

function describe(certificate: x509.X509Certificate, privateKey: Uint8Array): TlsIdentity {
  const hash = (data: ArrayBuffer) => createHash("sha256").update(Buffer.from(data)).digest();
  const fingerprint = hash(certificate.rawData)
    .toString("hex")
    .toUpperCase()
    .replace(/..(?=.)/g, "$&:");
  return {
    certificate: certificate.toString("pem"),
    privateKey: x509.PemConverter.encode(privateKey, "PRIVATE KEY"),
    fingerprint,
    spkiSha256: hash(certificate.publicKey.rawData).toString("base64"),
    endsAt: certificate.notAfter,
  };
}
