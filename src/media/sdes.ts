/** Keys of SRTP in SDP: `a=crypto` (RFC 4568). Reads leniently, believes little; keys never leave for a log. */
import type { SrtpSuite } from "./messages.ts";
import { isSrtpSuite, masterBytes } from "./srtp-suites.ts";

export type CryptoLine = { tag: number; suite: SrtpSuite; key: Uint8Array };

/** One `inline:` key with an optional lifetime; a key of several with their MKIs is nothing that we could follow. */
const form = /^(\d{1,9}) +([\w-]+) +inline:([A-Za-z0-9+/]+={0,2})(?:\|(?:2\^\d{1,2}|\d{1,15}))?(?: +(.*))?$/i;
/** Session parameters that change nothing for us (RFC 4568 §6.3): a hint for the replay window, no key derivation. */
const harmless = /^(?:WSH=\d+|KDR=0)$/i;

/** @param value of the attribute. @returns undefined for what we do not know or do not want. */
export function readCrypto(value: string): CryptoLine | undefined {
  const [, tag, name = "", inline = "", parameters = ""] = form.exec(value.trim()) ?? [];
  const suite = name.toUpperCase();
  // §6.3.7: a line with a session parameter that is not understood or not wanted (such as UNENCRYPTED_SRTP) is not taken.
  if (tag === undefined || !isSrtpSuite(suite)) return undefined;
  if (!parameters.split(" ").every((parameter) => parameter === "" || harmless.test(parameter))) return undefined;
  const key = new Uint8Array(Buffer.from(inline, "base64"));
  return key.length === masterBytes(suite) ? { tag: Number(tag), suite, key } : undefined;
}

export function writeCrypto({ tag, suite, key }: CryptoLine): string {
  return `a=crypto:${tag} ${suite} inline:${Buffer.from(key).toString("base64")}`;
}
