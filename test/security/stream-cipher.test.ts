import { describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import {
  createOpener,
  createSealer,
  headerBytes,
  lengthBytes,
  parseHeader,
  parseLength,
} from "../../src/security/stream-cipher.ts";

const dataKey = randomBytes(32);
const keyId = randomBytes(16);

function openerFor(header: Uint8Array, key = dataKey) {
  const parsed = parseHeader(header);
  if (parsed === undefined) throw new Error("no header");
  return createOpener(key, parsed);
}

const body = (chunk: Buffer) => chunk.subarray(lengthBytes);

describe("stream cipher", () => {
  test("what was sealed opens at its own place", () => {
    const sealer = createSealer(dataKey, keyId, 1);
    const chunks = ["one", "two", ""].map((text, index) => sealer.seal(Buffer.from(text), index === 2));
    const opener = openerFor(sealer.header);

    expect(sealer.header).toHaveLength(headerBytes);
    expect(parseHeader(sealer.header)).toMatchObject({ codec: 1, keyId });
    expect(chunks.map((chunk) => parseLength(chunk))).toEqual([
      { bytes: 19, last: false },
      { bytes: 19, last: false },
      { bytes: 16, last: true },
    ]);
    expect(chunks.map((chunk, index) => opener.open(index, index === 2, body(chunk))?.toString())).toEqual([
      "one",
      "two",
      "",
    ]);
  });

  test("nowhere else: another place, another end, another stream, another key", () => {
    const sealer = createSealer(dataKey, keyId, 0);
    const other = createSealer(dataKey, keyId, 0);
    const first = body(sealer.seal(Buffer.from("one"), false));
    const opener = openerFor(sealer.header);

    expect(opener.open(1, false, first)).toBeUndefined();
    expect(opener.open(0, true, first)).toBeUndefined();
    expect(openerFor(other.header).open(0, false, first)).toBeUndefined();
    expect(openerFor(sealer.header, randomBytes(32)).open(0, false, first)).toBeUndefined();
    expect(opener.open(0, false, first)?.toString()).toBe("one");
  });

  test("any changed bit of a chunk or of the header is noticed", () => {
    const sealer = createSealer(dataKey, keyId, 0);
    const chunk = body(sealer.seal(Buffer.from("words of a caller"), false));
    for (let bit = 0; bit < chunk.length * 8; bit++) {
      expect(openerFor(sealer.header).open(0, false, flipped(chunk, bit))).toBeUndefined();
    }
    for (let bit = 0; bit < headerBytes * 8; bit++) {
      const header = parseHeader(flipped(sealer.header, bit));
      if (header !== undefined) expect(createOpener(dataKey, header).open(0, false, chunk)).toBeUndefined();
    }
  });

  test("two streams under one key share neither key nor nonce: equal words, different bytes", () => {
    const [a, b] = [createSealer(dataKey, keyId, 0), createSealer(dataKey, keyId, 0)];
    const words = Buffer.from("the same words");
    expect(a.seal(words, false).equals(b.seal(words, false))).toBe(false);
    expect(a.seal(words, false).equals(a.seal(words, false))).toBe(false);
  });

  test("nothing after the last chunk", () => {
    const sealer = createSealer(dataKey, keyId, 0);
    sealer.seal(Buffer.from("end"), true);
    expect(() => sealer.seal(Buffer.from("more"), false)).toThrow("sealed");
  });

  test("lengths that no chunk has are refused", () => {
    const field = (value: number) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return parseLength(bytes);
    };
    expect([0, 15, (1 << 20) + 1, 0x7fff_ffff].map(field)).toEqual([undefined, undefined, undefined, undefined]);
    expect(field(16)).toEqual({ bytes: 16, last: false });
    expect(field(1 << 20)).toEqual({ bytes: 1 << 20, last: false });
  });

  test("other files are not ours", () => {
    expect(parseHeader(new Uint8Array(headerBytes))).toBeUndefined();
    expect(parseHeader(createSealer(dataKey, keyId, 0).header.subarray(0, 63))).toBeUndefined();
  });
});

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
}
