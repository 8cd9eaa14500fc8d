/**
 * Pieces of the grammar (RFC 3261 §25.1) that many headers share.
 *
 * Header text is a byte string: one character per octet (Latin-1), so that what is copied into a response leaves as it
 * came. White space is therefore SP and HT only: `trim` and `\s` would also eat the octet 0xA0 out of UTF-8 text.
 */

/** Names are lower case; values as on the wire, a quoted string with its quotes. */
export type Params = ReadonlyMap<string, string | undefined>;

const token = /^[A-Za-z0-9\-.!%*_+`'~]+$/;
const oneParam = /[ \t]*;[ \t]*([A-Za-z0-9\-.!%*_+`'~]+)(?:[ \t]*=[ \t]*("(?:[^"\\]|\\[\s\S])*"|[^ \t;,"<>]+))?/y;
const noParams: Params = new Map();

export function isToken(text: string): boolean {
  return token.test(text);
}

export function trimSpace(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return from === 0 && to === text.length ? text : text.slice(from, to);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** `;name=value;name` to its end. `undefined` if anything else is in it, or a name comes twice (RFC 3261 §7.3.1). */
export function parseParams(text: string): Params | undefined {
  if (text === "") return noParams;
  const params = new Map<string, string | undefined>();
  let at = 0;
  while (at < text.length) {
    oneParam.lastIndex = at;
    const match = oneParam.exec(text);
    if (match === null) return trimSpace(text.slice(at)) === "" ? params : undefined;
    const name = (match[1] ?? "").toLowerCase();
    if (params.has(name)) return undefined;
    params.set(name, match[2]);
    at = oneParam.lastIndex;
  }
  return params;
}

export function formatParams(params: Params): string {
  let text = "";
  for (const [name, value] of params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** Values of a header that may be a list: commas outside quoted strings and angle brackets part them. */
export function splitList(value: string): string[] {
  if (!value.includes(",")) return [trimSpace(value)];
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  let bracketed = false;
  for (let at = 0; at < value.length; at += 1) {
    const char = value[at];
    if (quoted && char === "\\") at += 1;
    else if (char === '"' && !bracketed) quoted = !quoted;
    else if (quoted) continue;
    else if (char === "<") bracketed = true;
    else if (char === ">") bracketed = false;
    else if (char === "," && !bracketed) {
      parts.push(trimSpace(value.slice(from, at)));
      from = at + 1;
    }
  }
  parts.push(trimSpace(value.slice(from)));
  return parts;
}

/** The text within a quoted string, escapes resolved; a token as it is. */
export function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value.slice(1, -1).replace(/\\([\s\S])/g, "$1");
}

/** A byte string read as the UTF-8 that it should be; what is not becomes U+FFFD. */
export function textOf(byteString: string): string {
  return Buffer.from(byteString, "latin1").toString("utf8");
}

/** Text of ours as a byte string. */
export function byteString(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** A decimal of at most `max`; `undefined` if it is anything else. Leading zeros are legal (RFC 3261 §25.1). */
export function parseDecimal(text: string, max: number): number | undefined {
  if (!/^[0-9]{1,32}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= max ? value : undefined;
}
