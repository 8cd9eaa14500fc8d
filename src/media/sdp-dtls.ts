/** DTLS-SRTP in session descriptions: a=fingerprint, a=setup, a=tls-id (RFC 5763, RFC 8122, RFC 8842). Pure. */
import type { Fingerprint, NegotiatedDtls } from "./messages.ts";

/** What the other side's description says of one m-line; fingerprints are those of hashes that still mean something. */
export type DtlsLine = { fingerprints: Fingerprint[]; setup: Setup; tlsId: string | undefined };
type Setup = "active" | "passive" | "actpass" | "holdconn";

export type OurDtls = {
  fingerprint: Fingerprint;
  /** The association that the call's sound is under by now: it goes on with whom it is with, in the role that it has. */
  current: NegotiatedDtls | undefined;
  /** Ours with him (RFC 8842 §4): the same for the same tls-id of his, another for another. */
  tlsIdFor(theirs: string): string;
};

const hashes: Readonly<Record<string, Fingerprint["hash"]>> = {
  "sha-256": "sha256",
  "sha-384": "sha384",
  "sha-512": "sha512",
};
const hashNames = { sha256: "sha-256", sha384: "sha-384", sha512: "sha-512" };
const hashBytes = { sha256: 32, sha384: 48, sha512: 64 };
const mostFingerprints = 8;

/** @param session lines before the first m-line; @param media from the m-line on: what it lacks, the session may say. */
export function readDtls(session: readonly string[], media: readonly string[]): DtlsLine | undefined {
  const attribute = (name: string): string[] => {
    const start = `a=${name}:`;
    const of = (lines: readonly string[]) =>
      lines.filter((line) => line.toLowerCase().startsWith(start)).map((line) => line.slice(start.length).trim());
    const own = of(media);
    return own.length > 0 ? own : of(session);
  };
  const fingerprints = attribute("fingerprint").slice(0, mostFingerprints).flatMap(readFingerprint);
  if (fingerprints.length === 0) return undefined;
  // RFC 4145 §4: who offers nothing else is active.
  const setup = attribute("setup")[0]?.toLowerCase() ?? "active";
  if (setup !== "active" && setup !== "passive" && setup !== "actpass" && setup !== "holdconn") return undefined;
  return { fingerprints, setup, tlsId: attribute("tls-id")[0] };
}

function readFingerprint(text: string): Fingerprint[] {
  const [, name = "", digits = ""] = /^([\w-]+) +((?:[0-9A-Fa-f]{2}:)+[0-9A-Fa-f]{2})$/.exec(text) ?? [];
  const hash = hashes[name.toLowerCase()];
  // RFC 8122 §5 knows MD5, SHA-1 and SHA-224 too: a second certificate of the first two can be made.
  if (hash === undefined) return [];
  const value = new Uint8Array(Buffer.from(digits.replaceAll(":", ""), "hex"));
  return value.length === hashBytes[hash] ? [{ hash, value }] : [];
}

/** @returns what is agreed with the offer, or undefined if its connection is to be held (RFC 4145 §4). */
export function answerDtls(offered: DtlsLine, ours: OurDtls): NegotiatedDtls | undefined {
  if (offered.setup === "holdconn") return undefined;
  const { fingerprints, tlsId, setup } = offered;
  const theirs = { fingerprints, ...(tlsId === undefined ? {} : { tlsId }) };
  if (setup === "active") return { role: "server", ...theirs };
  if (setup === "passive") return { role: "client", ...theirs };
  // RFC 5763 §5: the answerer does well to be active, as his handshake saves a round trip; RFC 8842 §5.3: once there is
  // an association with this peer, its roles stay.
  const { current } = ours;
  const goesOn = current !== undefined && isSamePeer(current, theirs) && current.tlsId === tlsId;
  return { role: goesOn ? current.role : "client", ...theirs };
}

/** @returns what the answer to our `actpass` has settled; undefined if it settles nothing. */
export function concludeDtls(answered: DtlsLine): NegotiatedDtls | undefined {
  const { fingerprints, tlsId, setup } = answered;
  if (setup !== "active" && setup !== "passive") return undefined;
  return { role: setup === "active" ? "server" : "client", fingerprints, ...(tlsId === undefined ? {} : { tlsId }) };
}

/** @param agreed undefined in an offer. */
export function writeDtls(ours: OurDtls, agreed: NegotiatedDtls | undefined): string[] {
  const { hash, value } = ours.fingerprint;
  const digits = Buffer.from(value)
    .toString("hex")
    .toUpperCase()
    .replace(/..(?=.)/g, "$&:");
  const setup = agreed === undefined ? "actpass" : agreed.role === "client" ? "active" : "passive";
  // RFC 8842 §5.3: an answer has it only where the offer had it.
  const theirs = agreed === undefined ? (ours.current?.tlsId ?? "") : agreed.tlsId;
  const tlsId = theirs === undefined ? [] : [`a=tls-id:${ours.tlsIdFor(theirs)}`];
  return [`a=setup:${setup}`, `a=fingerprint:${hashNames[hash]} ${digits}`, ...tlsId];
}

/** Whose association it is: the fingerprints say so, in whatever order. */
export function isSamePeer(a: Pick<NegotiatedDtls, "fingerprints">, b: Pick<NegotiatedDtls, "fingerprints">): boolean {
  const text = ({ fingerprints }: typeof a) =>
    fingerprints
      .map(({ hash, value }) => `${hash} ${Buffer.from(value).toString("hex")}`)
      .sort()
      .join();
  return text(a) === text(b);
}
