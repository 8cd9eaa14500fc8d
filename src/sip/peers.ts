/** Which addresses are served: those configured, nobody else. */

/** 16 octets; IPv4 as the mapped address ::ffff:a.b.c.d (RFC 4291 §2.5.5.2), so that both look alike. */
type Octets = readonly number[];

type Block = { readonly octets: Octets; readonly bits: number };

/** Answers remembered; beyond this the memory starts anew. */
const maxRemembered = 1_024;

/**
 * @param peers Addresses or CIDR blocks, IPv4 or IPv6.
 * @throws RangeError for one that is neither: configuration has checked them before.
 */
export function createPeerFilter(peers: readonly string[]): (address: string) => boolean {
  const blocks = peers.map(parseBlock);
  const remembered = new Map<string, boolean>();
  return (address) => {
    const known = remembered.get(address);
    if (known !== undefined) return known;
    const octets = parseAddress(address);
    const served = octets !== undefined && blocks.some((block) => contains(block, octets));
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(address, served);
    return served;
  };
}

function parseBlock(text: string): Block {
  const [address = "", length] = text.split("/", 2);
  const octets = parseAddress(address);
  const width = address.includes(":") ? 128 : 32;
  const bits = length === undefined ? width : Number(length);
  if (octets === undefined || !Number.isInteger(bits) || bits < 0 || bits > width || length === "") {
    throw new RangeError("a peer is an IP address or a CIDR block");
  }
  return { octets, bits: bits + 128 - width };
}

function contains({ octets, bits }: Block, address: Octets): boolean {
  for (let index = 0; index < 16; index += 1) {
    const left = bits - index * 8;
    if (left <= 0) return true;
    const mask = left >= 8 ? 0xff : (0xff << (8 - left)) & 0xff;
    if (((octets[index] ?? 0) & mask) !== ((address[index] ?? 0) & mask)) return false;
  }
  return true;
}

/** An IP literal; a zone ("%eth0") is not part of it. */
export function parseAddress(text: string): Octets | undefined {
  const [literal = ""] = text.split("%", 1);
  if (!literal.includes(":")) {
    const v4 = parseV4(literal);
    return v4 && [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...v4];
  }
  const sides = literal.split("::");
  if (sides.length > 2) return undefined;
  const head = parseGroups(sides[0] ?? "");
  const tail = sides.length === 2 ? parseGroups(sides[1] ?? "") : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (sides.length === 2 ? missing < 2 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** Whether two literals are one address: IPv6 has many spellings. False where either is a name. */
export function sameAddress(one: string, other: string): boolean {
  if (one === other) return true;
  const [octets, others] = [parseAddress(one), parseAddress(other)];
  return octets?.every((octet, at) => octet === others?.[at]) === true;
}

/** Address as we write it: a mapped IPv4 address in its plain form. */
export function plainAddress(text: string): string {
  const mapped = /^::ffff:([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+)$/i.exec(text);
  return mapped?.[1] ?? text;
}

function parseV4(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.map(Number);
}

function parseGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const octets: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    if (group.includes(".") && index === groups.length - 1) {
      const v4 = parseV4(group);
      if (v4 === undefined) return undefined;
      octets.push(...v4);
      continue;
    }
    if (!/^[0-9A-Fa-f]{1,4}$/.test(group)) return undefined;
    const value = Number.parseInt(group, 16);
    octets.push(value >> 8, value & 0xff);
  }
  return octets;
}
