/** Whether a stream is encrypted and where its keys come from, as offers and answers say it (RFC 4568, RFC 5763). Pure. */
import type { NegotiatedMedia, SrtpSuite } from "./messages.ts";
import { writeCrypto } from "./sdes.ts";
import { answerDtls, concludeDtls, type OurDtls, writeDtls } from "./sdp-dtls.ts";
import type { MediaLine } from "./sdp-read.ts";
import { isSrtpSuite, srtpSuites } from "./srtp-suites.ts";

/**
 * Whether sound may, should or must be encrypted, and by which means: one left out is not for this call.
 *
 * `keyFor` gives our key of SDES: the same one for the same suite throughout a call, so that a re-INVITE does not begin
 * a stream anew that the other side goes on with. `inUse`: what the call has by now, and is offered again.
 */
export type Encryption = {
  policy: "prefer" | "require";
  keyFor?(suite: SrtpSuite): Uint8Array;
  dtls?: OurDtls;
  inUse?: Mechanism | undefined;
};
export type Mechanism = "sdes" | "dtls";

/** Attributes of our m-line, and what they and the other's come to. */
export type Secured = {
  attributes: readonly string[];
  media: Pick<NegotiatedMedia, "srtp" | "dtls" | "rtcpMux">;
};

/** AVPF adds RTCP feedback that we never send, and is echoed (RFC 4585 §8). */
export const isPlain = ({ protocol }: MediaLine) => protocol === "RTP/AVP" || protocol === "RTP/AVPF";
/** Keys by SDES; those of DTLS have a profile of their own (RFC 5764 §8). */
const isSdes = ({ protocol }: MediaLine) => protocol === "RTP/SAVP" || protocol === "RTP/SAVPF";
const isDtls = ({ protocol }: MediaLine) => protocol === "UDP/TLS/RTP/SAVP" || protocol === "UDP/TLS/RTP/SAVPF";

/** Whether keys are offered, by a means that is open to this call. */
export function hasKeys(line: MediaLine, encryption: Encryption | undefined): boolean {
  if (isSdes(line)) return encryption?.keyFor !== undefined && line.crypto.length > 0;
  if (!isDtls(line) || encryption?.dtls === undefined || line.dtls === undefined) return false;
  return answerDtls(line.dtls, encryption.dtls) !== undefined;
}

/** For a line that is plain or `hasKeys`. */
export function secureAnswer(line: MediaLine, encryption: Encryption | undefined): Secured {
  const mux = line.hasRtcpMux ? ["a=rtcp-mux"] : [];
  const media: Secured["media"] = line.hasRtcpMux ? { rtcpMux: true } : {};
  const dtls = isDtls(line) && line.dtls && encryption?.dtls && answerDtls(line.dtls, encryption.dtls);
  if (dtls && encryption?.dtls) {
    return { attributes: [...writeDtls(encryption.dtls, dtls), ...mux], media: { ...media, dtls } };
  }
  const crypto = isSdes(line) ? line.crypto[0] : undefined;
  const key = crypto && encryption?.keyFor?.(crypto.suite);
  if (crypto === undefined || key === undefined) return { attributes: mux, media };
  const srtp = { suite: crypto.suite, sendKey: key, receiveKey: crypto.key };
  // RFC 4568 §5.1.2: the answer names the one line taken, by its tag, with our own key.
  return { attributes: [writeCrypto({ ...crypto, key }), ...mux], media: { ...media, srtp } };
}

/**
 * What a line of ours offers. There is only one: encrypted where it must be, or is by now. Who merely prefers it offers
 * what everybody takes.
 */
export function secureOffer(encryption: Encryption | undefined): { protocol: string; attributes: readonly string[] } {
  const mechanism = offeredMechanism(encryption);
  if (mechanism === "dtls" && encryption?.dtls !== undefined) {
    const attributes = [...writeDtls(encryption.dtls, undefined), "a=rtcp-mux"];
    return { protocol: "UDP/TLS/RTP/SAVP", attributes };
  }
  const keyFor = mechanism === "sdes" ? encryption?.keyFor : undefined;
  if (keyFor === undefined) return { protocol: "RTP/AVP", attributes: [] };
  // One line for each suite, the strongest first.
  const suites = Object.keys(srtpSuites).filter(isSrtpSuite);
  const attributes = suites.map((suite, i) => writeCrypto({ tag: i + 1, suite, key: keyFor(suite) }));
  return { protocol: "RTP/SAVP", attributes };
}

/** What the answer to `secureOffer` has settled; undefined if it is not to what we offered. */
export function concludeSecurity(line: MediaLine, encryption: Encryption | undefined): Secured["media"] | undefined {
  const mechanism = offeredMechanism(encryption);
  if (mechanism === undefined) return isPlain(line) ? {} : undefined;
  if (mechanism === "dtls") {
    const dtls = isDtls(line) && line.dtls ? concludeDtls(line.dtls) : undefined;
    return dtls && { dtls, ...(line.hasRtcpMux && { rtcpMux: true }) };
  }
  const crypto = isSdes(line) ? line.crypto[0] : undefined;
  const sendKey = crypto && encryption?.keyFor?.(crypto.suite);
  if (crypto === undefined || sendKey === undefined) return undefined;
  return { srtp: { suite: crypto.suite, sendKey, receiveKey: crypto.key } };
}

/** Undefined: nothing is encrypted. */
function offeredMechanism(encryption: Encryption | undefined): Mechanism | undefined {
  if (encryption?.inUse !== undefined) return encryption.inUse;
  if (encryption?.policy !== "require") return undefined;
  return encryption.keyFor === undefined ? "dtls" : "sdes";
}

/** Why none of these audio lines will do, or undefined if it is not for their transport. */
export function whyNotSecured(lines: readonly MediaLine[], encryption: Encryption | undefined): string | undefined {
  const fit = lines.filter((line) => isWanted(line, encryption));
  if (fit.length === 0) return `no media transport that is allowed here (${wanted(encryption)}) is offered`;
  if (fit.some((line) => isPlain(line) || hasKeys(line, encryption))) return undefined;
  return fit.every(isSdes) ? "no SRTP suite in common" : "no certificate by SHA-256 or better is offered";
}

function isWanted(line: MediaLine, encryption: Encryption | undefined): boolean {
  if (isPlain(line)) return encryption?.policy !== "require";
  return (isSdes(line) && encryption?.keyFor !== undefined) || (isDtls(line) && encryption?.dtls !== undefined);
}

function wanted(encryption: Encryption | undefined): string {
  if (encryption === undefined) return "only unencrypted";
  const means = [...(encryption.keyFor ? ["SRTP by SDES"] : []), ...(encryption.dtls ? ["DTLS-SRTP"] : [])];
  return encryption.policy === "require" ? `only ${means.join(" or ")}` : [...means, "unencrypted"].join(" or ");
}
