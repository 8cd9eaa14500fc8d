/** Changes to messages: blind ones of octets, and those that know lines, headers and numbers. */
import type { Random } from "../sip/random.ts";

/** One to four changes: octets flipped, cut out, put in, doubled, or the rest taken from another message. */
export function mutateBytes(seeds: readonly Uint8Array[], random: Random, pieces: readonly string[] = nasty): Buffer {
  let datagram = Buffer.from(random.pick(seeds));
  for (let n = random.below(4); n >= 0 && datagram.length > 0; n -= 1) {
    const at = random.below(datagram.length);
    const length = 1 + random.below(random.below(4) === 0 ? 200 : 8);
    const before = datagram.subarray(0, at);
    const piece = datagram.subarray(at, at + length);
    const after = datagram.subarray(at + length);
    switch (random.below(6)) {
      case 0:
        datagram[at] = random.below(256);
        break;
      case 1:
        datagram = Buffer.concat([before, after]);
        break;
      case 2:
        datagram = Buffer.concat([before, Buffer.from(random.pick(pieces), "latin1"), datagram.subarray(at)]);
        break;
      case 3:
        datagram = Buffer.concat([before, piece, piece, after]);
        break;
      case 4: {
        const other = random.pick(seeds);
        datagram = Buffer.concat([before, other.subarray(random.below(other.length))]);
        break;
      }
      default:
        datagram = Buffer.concat([before, Buffer.alloc(length, random.below(256)), after]);
    }
  }
  return datagram;
}

/** A message of lines: whole lines left out, doubled, moved, or their values, names and numbers changed. */
export function mutateLines(seeds: readonly Uint8Array[], random: Random): Buffer {
  const text = Buffer.from(random.pick(seeds)).toString("latin1");
  const lines = text.split("\r\n");
  for (let n = random.below(3); n >= 0; n -= 1) {
    const at = random.below(lines.length);
    const line = lines[at] ?? "";
    const others = Buffer.from(random.pick(seeds)).toString("latin1").split("\r\n");
    switch (random.below(9)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(random.below(lines.length + 1), 0, line);
        break;
      case 2:
        lines.splice(at, 1);
        lines.splice(random.below(lines.length + 1), 0, line);
        break;
      case 3:
        lines.splice(at, 0, random.pick(others));
        break;
      case 4: // the name of one, the value of another
        lines[at] = line.replace(/^([^:=]*[:=]).*$/, `$1${restOf(random.pick(others)).replaceAll("$", "$$$$")}`);
        break;
      case 5:
        lines[at] = replaceOne(line, /\d+/g, random.pick(numbers), random);
        break;
      case 6:
        lines[at] = replaceOne(line, /[A-Za-z]+/g, random.pick(nasty), random);
        break;
      case 7: // what costs the square of its length shows at full size only
        if (random.below(8) === 0) lines[at] = grown(line, random);
        break;
      default:
        lines[at] = line.repeat(1 + random.below(random.below(8) === 0 ? 40 : 3));
    }
    if (lines.length === 0) lines.push("");
  }
  return Buffer.from(lines.join("\r\n"), "latin1");
}

/** One piece again and again, in the middle of a line: as much as a datagram takes. */
function grown(line: string, random: Random): string {
  const piece = random.pick(nasty) + (random.below(2) === 0 ? "" : random.pick(nasty));
  const at = random.below(line.length + 1);
  return line.slice(0, at) + piece.repeat(Math.ceil((500 + random.below(14_000)) / piece.length)) + line.slice(at);
}

function restOf(line: string): string {
  return line.slice(line.search(/[:=]/) + 1);
}

function replaceOne(line: string, what: RegExp, by: string, random: Random): string {
  const found = [...line.matchAll(what)];
  const one = found[random.below(Math.max(1, found.length))];
  return one === undefined ? line : line.slice(0, one.index) + by + line.slice(one.index + one[0].length);
}

/** Packets: single bits, whole words set to what is at an edge, cut, lengthened, or continued by another. */
export function mutatePacket(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  let packet: Uint8Array = Uint8Array.from(random.pick(seeds));
  for (let n = random.below(3); n >= 0; n -= 1) {
    const at = random.below(Math.max(1, packet.length));
    switch (random.below(6)) {
      case 0:
        if (packet.length > 0) packet[at] = (packet[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1: // the header is where the lengths are
        setWord(packet, random.below(Math.min(packet.length, 16) + 1), random.pick(words));
        break;
      case 2:
        packet = packet.slice(0, at);
        break;
      case 3:
        packet = concat(packet, new Uint8Array(random.below(40)).fill(random.below(256)));
        break;
      case 4:
        packet = concat(packet.subarray(0, at), random.pick(seeds));
        break;
      default:
        if (packet.length > 0) packet[random.below(Math.min(packet.length, 12))] = random.below(256);
    }
  }
  return packet;
}

function setWord(packet: Uint8Array, at: number, word: number): void {
  if (at + 2 > packet.length) return;
  packet[at] = word >> 8;
  packet[at + 1] = word & 0xff;
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array {
  return Uint8Array.from([...one, ...other]);
}

const words = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xbede, 0xfffe, 0xffff];

const numbers = ["0", "-1", "1", "00000000001", "65535", "65536", "2147483647", "2147483648", "4294967295"].concat([
  "4294967296",
  "99999999999999999999",
  "1e9",
  "0x10",
  "",
  " ",
  "255",
  "256",
  "90",
  "89",
]);

export const nasty = [
  "\r\n",
  "\r",
  "\n",
  "\0",
  ";",
  ",",
  "<",
  ">",
  '"',
  "\\",
  ":",
  "=",
  "%",
  "@",
  "[",
  "]",
  " ",
  "\t",
  "\r\n ",
  "\xff",
  "\xa0",
  "tag=",
  ";lr",
  "SIP/2.0",
  "Via: ",
  "Route: <sip:x>",
  "-1",
  "99999999999999999999",
  "%00",
  "z9hG4bK",
  "__proto__",
  "constructor",
  `${";a".repeat(200)}`,
  `${"<".repeat(300)}`,
  `${'\\"'.repeat(150)}`,
  `${" ,".repeat(200)}`,
];
