/** What somebody who wants a call out of us might say: seeded, so that it comes out the same each time. */
import { offer, request } from "../bench.ts";
import type { Random } from "../random.ts";

export const allowed = ["201", "202", "*43", "9#"] as const;
const elsewhere = [
  "203.0.113.66",
  "evil.example",
  "192.0.2.1.evil.example",
  "[2001:db8::66]",
  "192.0.2.77",
  "localhost",
];
const premium = ["0900123456", "00900", "+4490912345", "999", "9", "2010", "20", "0201", "sip", "root"];

/** An address that is not one of ours to call. */
export function evilUri(random: Random): string {
  const host = random.pick(elsewhere);
  return random.pick([
    `sip:${random.pick(premium)}@${host}`,
    `sips:${random.pick(premium)}@${host}`,
    `sip:201@${host};maddr=203.0.113.66`,
    `sip:201@${host}:5099;transport=tcp`,
    `sip:201%40${host}@${host}`,
    `sip:${random.pick(premium)}@192.0.2.1;method=INVITE`,
    `sip:201@${host}?Route=%3Csip%3A${host}%3Blr%3E`,
    `sip:${host};lr`,
    `tel:${random.pick(premium)}`,
    `sip:201@${host}?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc`,
  ]);
}

/** What is no allowed extension, however it looks: the caller of this sees to those that by chance are one. */
export function evilExtension(random: Random): unknown {
  const good = random.pick(allowed);
  const host = random.pick(elsewhere);
  const bad = random.pick(premium);
  const text = random.pick<() => string>([
    () => bad,
    () =>
      `${good}${random.pick(["@", ";", "?", ",", " ", "\t", "\0", "%00", "%40", "/", ":", "\\", '"', "<", ">", "&", "="])}${host}`,
    () => `${good}\r\nRoute: <sip:${host};lr>`,
    () => `${good}\r\nContact: <sip:${bad}@${host}>\r\n\r\nINVITE sip:${bad}@${host} SIP/2.0`,
    () => `${good}@${host} SIP/2.0\r\nX: y`,
    () => `${good}%0d%0aRoute:%20<sip:${host}>`,
    () => `${good};phone-context=+44`,
    () => [...good].map((char) => `%${char.charCodeAt(0).toString(16)}`).join(""),
    () => [...good].map((char) => String.fromCodePoint((char.codePointAt(0) ?? 48) + 0xfee0)).join(""), // full width
    () => good.replace(/[0-9]/g, (digit) => String.fromCodePoint(0x660 + Number(digit))), // Arabic-Indic
    () => good.replace(/[0-9]/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit))), // mathematical
    () => `\u202e${good}\u202c`,
    () => `${good}\u200b`,
    () => `${good}\u0301`,
    () => good.slice(0, -1),
    () => good.slice(1),
    () => `${good}${random.below(10)}`,
    () => `${random.below(10)}${good}`,
    () => `${good}${good}`,
    () => `${good}.`,
    () => ` ${good}`,
    () => good.toUpperCase().repeat(20),
    () => "",
    () => `sip:${good}@192.0.2.1`,
    () => `<sip:${good}@${host}>`,
    () => String.fromCharCode(...Array.from({ length: 1 + random.below(12) }, () => random.below(0x250))),
    () => Array.from({ length: 1 + random.below(6) }, () => random.pick([..."0123456789*#+"])).join(""),
  ])();
  // The type says string; who knows who will call it.
  return random.below(12) > 0
    ? text
    : random.pick<() => unknown>([
        () => [good],
        () => new String(good),
        () => Number(good),
        () => ({ toString: () => good }),
        () => undefined,
        () => null,
        () => ({ length: 3 }),
      ])();
}

/** What an answer of the PBX may carry to lead us elsewhere. */
export function evilHeaders(random: Random): string[] {
  const uri = evilUri(random);
  const all = [
    `Contact: <${uri}>`,
    `Contact: <${uri}>, <${evilUri(random)}>;q=0.9`,
    `Record-Route: <sip:${random.pick(elsewhere)};lr>`,
    `Record-Route: <sip:${random.pick(elsewhere)}>`,
    `Record-Route: <${uri}>, <sip:192.0.2.1;lr>`,
    `Route: <${uri}>`,
    `Refer-To: <${uri}>`,
    `Alert-Info: <http://${random.pick(elsewhere)}/x>`,
    `P-Asserted-Identity: <${uri}>`,
    `Session-Expires: ${90 + random.below(60)};refresher=${random.pick(["uac", "uas"])}`,
    `Min-SE: ${random.below(4_000)}`,
    "Require: 100rel",
    `RSeq: ${random.below(5)}`,
    `Require: ${random.pick(["precondition", "tdialog", "gruu"])}`,
    `Retry-After: ${random.below(5)}`,
    `Location: ${uri}`,
    `Error-Info: <${uri}>`,
    "Content-Disposition: redirect",
  ];
  return Array.from({ length: 1 + random.below(5) }, () => random.pick(all));
}

export const realm = "pbx.test";

export function evilChallenge(random: Random, proxy: boolean): string[] {
  const name = proxy ? "Proxy-Authenticate" : "WWW-Authenticate";
  const foreign = random.pick(["evil.example", "PBX.TEST", "pbx.test ", "pbx.test.evil.example", "", "pbx.te\\st\\"]);
  const nonce = random.pick(["n", 'x", realm=\\"pbx.test', "a".repeat(300)]);
  const more = random.pick([
    "",
    ', qop="auth"',
    ', qop="auth-int"',
    ", algorithm=SHA-256",
    ", algorithm=MD5-sess",
    ", stale=true",
  ]);
  const lines = [`${name}: Digest realm="${foreign}", nonce="${nonce}"${more}`, `${name}: Basic realm="${realm}"`];
  const own = `${name}: Digest realm="${realm}", nonce="mine"${random.pick(["", ", stale=true"])}`;
  return random.below(3) === 0 ? [own, ...lines] : lines;
}

/** A request that reaches us and would like to be a call of ours to somebody. @param toTag Of a dialog that is there. */
export function evilRequest(random: Random, toTag: string): string {
  const method = random.pick([
    "REFER",
    "INVITE",
    "NOTIFY",
    "UPDATE",
    "OPTIONS",
    "INFO",
    "SUBSCRIBE",
    "MESSAGE",
    "PRACK",
    "BYE",
  ]);
  const uri = evilUri(random);
  const extra = random.pick<() => string[]>([
    () => [`Refer-To: <${uri}>`, `Referred-By: <sip:gatehouse@192.0.2.1>`],
    () => [`Refer-To: ${uri}`, "Require: replaces"],
    () => [`Replaces: call-1;to-tag=${toTag};from-tag=theirs`],
    () => [`Replaces: call-1;to-tag=${toTag};from-tag=theirs;early-only`],
    () => [`Route: <${uri}>`, `Record-Route: <sip:${random.pick(elsewhere)};lr>`],
    () => ["Event: refer", "Subscription-State: active;expires=600", `Contact: <${uri}>`],
    () => [`Target-Dialog: call-1;local-tag=${toTag};remote-tag=theirs`],
    () => evilHeaders(random),
  ])();
  const body = random.pick([
    "",
    offer,
    `SIP/2.0 302 Moved\r\nContact: <${uri}>\r\n`,
    `INVITE ${uri} SIP/2.0\r\nTo: <${uri}>\r\n\r\n`,
    `SIP/2.0 200 OK\r\nRefer-To: <${uri}>\r\n`,
  ]);
  const type = body === offer ? "application/sdp" : random.pick(["message/sipfrag", "message/sip", "text/plain"]);
  return request({
    method,
    uri: random.below(4) === 0 ? (uri.split("?")[0] ?? uri) : "sip:201@192.0.2.9",
    callId: random.below(3) === 0 ? "call-1" : `evil-${random.below(1_000_000)}`,
    fromTag: random.below(3) === 0 ? "theirs" : `t${random.below(1_000_000)}`,
    toTag: random.below(2) === 0 ? toTag : undefined,
    cseq: 1 + random.below(10_000),
    headers: extra,
    body,
    type,
    contact: random.below(2) === 0 ? `<${uri}>` : "<sip:pbx@192.0.2.1:5060>",
  });
}
