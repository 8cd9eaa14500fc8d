/** The certificates of the web pages and of SIP over TLS: made by ourselves at first start, renewed before they end. */
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { AppError } from "../app-error.ts";
import type { Database } from "../store/connection.ts";
import type { Keys } from "./keys.ts";
import { openBox, sealBox } from "./sealed-box.ts";
import { makeCertificate } from "./tls-certificate.ts";

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
  readonly usages: readonly ("serverAuth" | "clientAuth")[];
};
const purposes = {
  web: {
    table: "tls_identity",
    keyContext: "web-tls",
    lifeDays: 825, // Apple's devices refuse longer ones, even those that a person has trusted
    followsNames: true,
    usages: ["serverAuth"],
  },
  // A PBX is told to trust this very certificate: each new one cuts the trunk until somebody has told it again.
  sip: {
    table: "sip_tls_identity",
    keyContext: "sip-tls",
    lifeDays: 3_650,
    followsNames: false,
    usages: ["serverAuth", "clientAuth"],
  },
} satisfies Record<string, Purpose>;
const renewBeforeDays = 60;
const dayMs = 86_400_000;
type KeyWrapper = Pick<Keys, "newKey" | "unwrap">;
type Row = { certificate: Buffer; wrapped_key: Buffer; sealed_key: Buffer };

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
    const certificate = new X509Certificate(row.certificate);
    if (isGood(certificate, purpose.followsNames ? names : [], now)) {
      return { ...describe(certificate, unseal(keys, keyContext, row)), made: false };
    }
  }
  const { certificate, privateKey } = await makeCertificate(names, now, purpose);
  db.prepare<[Row]>(
    `INSERT OR REPLACE INTO ${table} (one, certificate, wrapped_key, sealed_key)
     VALUES (1, @certificate, @wrapped_key, @sealed_key)`,
  ).run({ certificate: Buffer.from(certificate), ...seal(keys, keyContext, privateKey) });
  return { ...describe(new X509Certificate(certificate), privateKey), made: true };
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

function isGood(certificate: X509Certificate, names: readonly string[], now: Date): boolean {
  const expires = certificate.validToDate.getTime() - renewBeforeDays * dayMs;
  return now.getTime() < expires && now >= certificate.validFromDate && names.every((name) => isFor(certificate, name));
}

function isFor(certificate: X509Certificate, name: string): boolean {
  const found = isIP(name) === 0 ? certificate.checkHost(name, { subject: "never" }) : certificate.checkIP(name);
  return found !== undefined;
}

function describe(certificate: X509Certificate, privateKey: Uint8Array): TlsIdentity {
  const publicKey = certificate.publicKey.export({ type: "spki", format: "der" });
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: "der", type: "pkcs8" });
  return {
    certificate: certificate.toString(),
    privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
    fingerprint: certificate.fingerprint256,
    spkiSha256: createHash("sha256").update(publicKey).digest("base64"),
    endsAt: certificate.validToDate,
  };
}
