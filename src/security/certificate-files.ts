/** A certificate and its key that an authority gave the agency: two files, read again when they have changed. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { AppError } from "../app-error.ts";
import { readSecretFile } from "./secret-file.ts";
import type { TlsIdentity } from "./tls-identity.ts";

export type CertificateFiles = { readonly certFile: string; readonly keyFile: string };
export type FiledIdentity = Pick<TlsIdentity, "certificate" | "privateKey" | "fingerprint" | "endsAt">;

/** Longer than any chain or key that a PBX would take. */
const maxKeyBytes = 65_536;

/**
 * @param refused New files that do not serve: the old ones go on. Told once for each change.
 * @returns What is asked for each connection.
 * @throws AppError("invalid_config") where the files do not serve to begin with.
 */
export function watchCertificateFiles(files: CertificateFiles, refused: (error: unknown) => void): () => FiledIdentity {
  let seen = changeOf(files);
  let current = readIdentity(files);
  return () => {
    const now = changeOf(files);
    if (now === seen) return current;
    seen = now;
    try {
      current = readIdentity(files);
    } catch (error) {
      refused(error);
    }
    return current;
  };
}

/** Of both at once: they are replaced one after the other, and in between they do not fit. */
function changeOf({ certFile, keyFile }: CertificateFiles): string {
  return [certFile, keyFile]
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found === undefined ? "none" : `${found.ino} ${found.mtimeMs} ${found.size}`;
    })
    .join(" ");
}

function readIdentity({ certFile, keyFile }: CertificateFiles): FiledIdentity {
  const privateKey = readSecretFile(keyFile, "key file", maxKeyBytes).toString("utf8");
  let certificate: string;
  let first: X509Certificate;
  let fits: boolean;
  try {
    certificate = readFileSync(certFile, "utf8");
    first = new X509Certificate(certificate);
  } catch (cause) {
    throw new AppError("invalid_config", `${certFile} cannot be read as a certificate: PEM is expected.`, { cause });
  }
  try {
    fits = first.checkPrivateKey(createPrivateKey(privateKey));
  } catch (cause) {
    throw new AppError("invalid_config", `${keyFile} cannot be read as a private key: PEM without a password.`, {
      cause,
    });
  }
  if (!fits) throw new AppError("invalid_config", `The key of ${keyFile} is not that of the certificate ${certFile}.`);
  return { certificate, privateKey, fingerprint: first.fingerprint256, endsAt: new Date(first.validTo) };
}
