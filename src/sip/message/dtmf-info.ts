/** Keys sent in INFO: application/dtmf-relay (Signal and Duration lines) and application/dtmf (the bare key). */
import { parseDecimal, trimSpace } from "./grammar.ts";
import { header, type SipRequest } from "./message.ts";

export type InfoKey = { readonly digit: string; readonly durationMs: number };

export const dtmfTypes = "application/dtmf-relay, application/dtmf";

/** What PBXes send where they name no duration. */
const usualMs = 250;
const longestMs = 10_000;

/** `undefined` where the body is no key: another content type, or nothing that a telephone has. */
export function parseDtmfInfo(request: SipRequest): InfoKey | undefined {
  const type = trimSpace((header(request, "content-type") ?? "").split(";", 1)[0] ?? "").toLowerCase();
  const { buffer, byteOffset, byteLength } = request.body;
  const text = Buffer.from(buffer, byteOffset, Math.min(byteLength, 256)).toString("latin1");
  if (type === "application/dtmf") return keyOf(trimSpace(text.split(/[\r\n]/, 1)[0] ?? ""), undefined);
  if (type !== "application/dtmf-relay") return undefined;
  const signal = /^Signal[ \t]*=[ \t]*([^\r\n]*)/im.exec(text)?.[1];
  const duration = /^Duration[ \t]*=[ \t]*([0-9]+)/im.exec(text)?.[1];
  return signal === undefined ? undefined : keyOf(trimSpace(signal), duration);
}

function keyOf(signal: string, duration: string | undefined): InfoKey | undefined {
  // Some write the event numbers of RFC 4733 for the star and the hash key.
  const digit = signal === "10" ? "*" : signal === "11" ? "#" : signal.toUpperCase();
  if (!/^[0-9*#A-D]$/.test(digit)) return undefined;
  return { digit, durationMs: duration === undefined ? usualMs : (parseDecimal(duration, longestMs) ?? usualMs) };
}
