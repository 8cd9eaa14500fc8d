import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../src/app-error.ts";
import { watchCertificateFiles } from "../../src/security/certificate-files.ts";
import { makeCertificate, type TestCertificate } from "../certificates.ts";

const [one, other] = [
  await makeCertificate("gatehouse.test"),
  await makeCertificate("gatehouse.test", { kind: "rsa" }),
];
let folder: string;
let files: { certFile: string; keyFile: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-certificate-"));
  files = { certFile: join(folder, "sip.pem"), keyFile: join(folder, "sip.key") };
  write(one);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const writeKey = ({ privateKey }: TestCertificate) => writeFileSync(files.keyFile, privateKey, { mode: 0o600 });
const writeCertificate = ({ certificate }: TestCertificate) => writeFileSync(files.certFile, certificate);
function write(both: TestCertificate): void {
  writeKey(both);
  writeCertificate(both);
}

function refusal(): string {
  try {
    watchCertificateFiles(files, () => undefined);
  } catch (error) {
    return error instanceof AppError && error.code === "invalid_config" ? error.message : `not expected: ${error}`;
  }
  return "nothing refused";
}

test("New files serve once both fit; in between the old ones do", () => {
  const refused: unknown[] = [];
  const current = watchCertificateFiles(files, (error) => refused.push(error));
  expect(current()).toMatchObject({ fingerprint: one.fingerprint, privateKey: one.privateKey });
  writeCertificate(other);
  expect(current().fingerprint).toBe(one.fingerprint);
  expect(current().fingerprint).toBe(one.fingerprint);
  expect(refused).toHaveLength(1);
  writeKey(other);
  expect(current()).toMatchObject({ fingerprint: other.fingerprint, certificate: other.certificate });
  rmSync(files.keyFile);
  expect(current().fingerprint).toBe(other.fingerprint);
  expect(refused).toHaveLength(2);
});

test("A key that others can read, that is none, or that is another certificate's is refused in words", () => {
  chmodSync(files.keyFile, 0o640);
  expect(refusal()).toContain(`chmod 600 ${files.keyFile}`);
  chmodSync(files.keyFile, 0o600);
  writeKey(other);
  expect(refusal()).toContain("is not that of the certificate");
  writeFileSync(files.keyFile, "no key");
  expect(refusal()).toContain("as a private key");
  write(one);
  writeFileSync(files.certFile, "no certificate");
  expect(refusal()).toContain("as a certificate");
  rmSync(files.keyFile);
  expect(refusal()).toContain("cannot be read");
});
