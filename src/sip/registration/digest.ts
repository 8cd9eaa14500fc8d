/** Digest access authentication as SIP uses it (RFC 3261 §22, RFC 7616, RFC 8760): the answer to one challenge. */
import { createHash } from "node:crypto";
import { byteString, parseParams, trimSpace, unquote } from "../message/grammar.ts";
import type { HeaderField } from "../message/message.ts";

export type DigestAlgorithm = "SHA-256" | "MD5";

export type Challenge = {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  /** False: the scheme of RFC 2069, which old registrars still have. */
  readonly qopAuth: boolean;
  /** The credentials were right, only the nonce was too old. */
  readonly stale: boolean;
  /** Whether a proxy asked (407): then the answer is Proxy-Authorization. */
  readonly proxy: boolean;
};

export type Credentials = { readonly username: string; readonly password: string };

/**
 * @param values One header each (these may not be joined by commas, RFC 3261 §7.3.1), as they stand.
 * @param realm Where given, challenges of other realms are not looked at.
 */
export function chooseChallenge(values: readonly string[], proxy: boolean, realm?: string): Challenge | undefined {
  const known = values
    .flatMap((value) => parseChallenge(value, proxy) ?? [])
    .filter((one) => realm === undefined || one.realm === realm);
  // A registrar may list MD5 first for its old telephones' sake.
  return known.find(({ algorithm }) => algorithm === "SHA-256") ?? known[0];
}

function parseChallenge(value: string, proxy: boolean): Challenge | undefined {
  const match = /^Digest[ \t]+([\s\S]*)$/i.exec(value);
  const params = match?.[1] === undefined ? undefined : parseParams(`;${commasToSemicolons(match[1])}`);
  const text = (name: string) => {
    const found = params?.get(name);
    return found === undefined ? undefined : unquote(found);
  };
  const realm = text("realm");
  const nonce = text("nonce");
  const algorithm = algorithmOf(text("algorithm"));
  if (realm === undefined || nonce === undefined || algorithm === undefined) return undefined;
  const qop = text("qop")?.toLowerCase().split(",").map(trimSpace);
  // Only `auth` is spoken: auth-int would cover a body, and a REGISTER has none.
  if (qop !== undefined && !qop.includes("auth")) return undefined;
  const stale = text("stale")?.toLowerCase() === "true";
  return { realm, nonce, opaque: text("opaque"), algorithm, qopAuth: qop !== undefined, stale, proxy };
}

/**
 * RFC 3261 §20.44 parts them by commas; within quotes there may be any. A string that nothing ends is taken to the end at
 * once: to look for its end anew from each quote in it would cost the square of its length.
 */
function commasToSemicolons(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S]?)*(?:"|$)|,/g, (piece) => (piece === "," ? ";" : piece));
}

function algorithmOf(text: string | undefined): DigestAlgorithm | undefined {
  const name = (text ?? "MD5").toUpperCase();
  return name === "MD5" || name === "SHA-256" ? name : undefined;
}

export type DigestUse = {
  readonly method: string;
  readonly uri: string;
  /** How often this nonce has been used, this time included. */
  readonly count: number;
  /** Ours, by chance. */
  readonly cnonce: string;
};

/** Value of Authorization or Proxy-Authorization, a byte string. */
export function authorization(challenge: Challenge, { username, password }: Credentials, use: DigestUse): string {
  const { realm, nonce, opaque, algorithm, qopAuth } = challenge;
  const { method, uri, cnonce } = use;
  const hash = (text: string) =>
    createHash(algorithm === "MD5" ? "md5" : "sha256")
      .update(Buffer.from(text, "latin1"))
      .digest("hex");
  const user = byteString(username);
  const count = use.count.toString(16).padStart(8, "0");
  const secret = hash(`${user}:${realm}:${byteString(password)}`);
  const request = hash(`${method}:${uri}`);
  const response = hash(
    qopAuth ? `${secret}:${nonce}:${count}:${cnonce}:auth:${request}` : `${secret}:${nonce}:${request}`,
  );
  const fields = [
    `username=${quote(user)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
  ];
  if (opaque !== undefined) fields.push(`opaque=${quote(opaque)}`);
  if (qopAuth) fields.push("qop=auth", `nc=${count}`, `cnonce="${cnonce}"`);
  return `Digest ${fields.join(", ")}`;
}

/** The header that answers the challenge of a request of that method to that URI. */
export function authorizationField(
  auth: { readonly challenge: Challenge; readonly count: number; readonly cnonce: string },
  credentials: Credentials,
  uri: string,
  method: string,
): HeaderField {
  const { challenge, count, cnonce } = auth;
  const value = authorization(challenge, credentials, { method, uri, count, cnonce });
  return { name: challenge.proxy ? "proxy-authorization" : "authorization", value };
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, (char) => `\\${char}`)}"`;
}
