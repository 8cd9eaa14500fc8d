/** An SDP body in a few words (RFC 8866), for people who look for a fault. Believes nothing, keeps no address, port or key. */
import type { SdpSummary } from "../ports.ts";

const longest = 16_384;
const mostCodecs = 8;
/** RFC 3551 §6: payload types that need no rtpmap. */
const fixed: Readonly<Record<string, string>> = { "0": "PCMU", "3": "GSM", "8": "PCMA", "9": "G722", "18": "G729" };
const known = new Map(
  ["PCMU", "PCMA", "G722", "opus", "GSM", "G729", "iLBC", "speex"].map((n) => [n.toLowerCase(), n]),
);
const suite =
  /^a=crypto:[0-9]+ (AES_CM_128_HMAC_SHA1_(?:80|32)|AES_256_CM_HMAC_SHA1_(?:80|32)|AEAD_AES_(?:128|256)_GCM)\b/;
const direction = /^a=(sendrecv|sendonly|recvonly|inactive)$/;

/** Of the first line of sound; undefined if there is none. */
export function summariseSdp(sdp: string): SdpSummary | undefined {
  const lines = sdp.slice(0, longest).split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith("m=audio "));
  const mediaLine = lines[start];
  if (mediaLine === undefined) return undefined;
  const after = lines.slice(start + 1);
  const end = after.findIndex((line) => line.startsWith("m="));
  const own = end < 0 ? after : after.slice(0, end);
  const session = lines.slice(
    0,
    lines.findIndex((line) => line.startsWith("m=")),
  );
  const payloads = mediaLine.split(" ").slice(3);
  const names = payloads.map((payload) => nameOf(payload, own));
  const ptime = Number(/^a=ptime:([0-9]{1,3})$/m.exec(own.join("\n"))?.[1] ?? 0);
  const srtp = srtpOf([...session, ...own], own);
  return {
    codecs: [...new Set(names.filter((name) => name !== "telephone-event" && name !== "CN"))].slice(0, mostCodecs),
    dtmf: names.includes("telephone-event"),
    direction: directionOf(session, own),
    ...(ptime > 0 && { ptimeMs: ptime }),
    ...(srtp.length > 0 && { srtp }),
  };
}

function nameOf(payload: string, lines: readonly string[]): string {
  const mapped = lines.find((line) => line.startsWith(`a=rtpmap:${payload} `));
  const name = mapped?.slice(`a=rtpmap:${payload} `.length).split("/", 1)[0] ?? fixed[payload] ?? "";
  const lower = name.toLowerCase();
  if (lower === "telephone-event") return "telephone-event";
  return lower === "cn" || payload === "13" ? "CN" : (known.get(lower) ?? "other");
}

/** RFC 3264 §8.4: an address of zeros is the old way to hold. RFC 8866 §6.7: without a word it is both ways. */
function directionOf(session: readonly string[], own: readonly string[]): SdpSummary["direction"] {
  const said = [...own, ...session].flatMap((line) => direction.exec(line)?.[1] ?? [])[0];
  const address = [...own, ...session].find((line) => line.startsWith("c="));
  if (address !== undefined && /^c=IN IP[46] (0\.0\.0\.0|::)$/.test(address)) return "inactive";
  return (said as SdpSummary["direction"] | undefined) ?? "sendrecv";
}

function srtpOf(all: readonly string[], own: readonly string[]): string[] {
  const suites = own.flatMap((line) => suite.exec(line)?.[1] ?? []);
  return all.some((line) => line.startsWith("a=fingerprint:")) ? [...suites, "DTLS"] : suites;
}
