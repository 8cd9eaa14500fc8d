import { expect, test } from "bun:test";
import { signatureOf } from "../../../src/ops/webhooks/signature.ts";

/** Computed with: printf '1763980000.{"a":"é"}' | openssl dgst -sha256 -hmac 'a secret of the office, 32 letters' */
const known = "c086a9474601873dab426c1768b933ea5884e3dc840cab22abc6d7b943fc4d6f";

test("the time and the body's bytes are signed", () => {
  const secret = "a secret of the office, 32 letters";
  const at = new Date(1_763_980_000_999);
  expect(signatureOf(secret, '{"a":"é"}', at)).toBe(`t=1763980000,v1=${known}`);
  expect(signatureOf(secret, '{"a":"e"}', at)).not.toContain(known);
  expect(signatureOf(`${secret}.`, '{"a":"é"}', at)).not.toContain(known);
  expect(signatureOf(secret, '{"a":"é"}', new Date(1_763_980_001_000))).not.toContain(known);
});
