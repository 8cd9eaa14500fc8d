/** Big-endian fields of TLS: read within bounds, written as vectors (RFC 5246 §4). */

/** Reads on; past the end it yields zeros and says so by `isGood`, so that a parser asks once, when it has read all. */
export type Reader = {
  uint8(): number;
  uint16(): number;
  uint24(): number;
  bytes(length: number): Uint8Array;
  /** A vector with a length of one, two or three bytes before it. */
  vector(lengthBytes: 1 | 2 | 3): Uint8Array;
  readonly left: number;
  /** Nothing has been read that was not there. */
  readonly isGood: boolean;
};

export function createReader(from: Uint8Array): Reader {
  let at = 0;
  let isGood = true;

  function bytes(length: number): Uint8Array {
    if (from.length - at < length) {
      isGood = false;
      at = from.length;
      return new Uint8Array(0);
    }
    at += length;
    return from.subarray(at - length, at);
  }
  const natural = (length: number): number => bytes(length).reduce((value, byte) => value * 256 + byte, 0);

  return {
    bytes,
    uint8: () => natural(1),
    uint16: () => natural(2),
    uint24: () => natural(3),
    vector: (lengthBytes) => bytes(natural(lengthBytes)),
    get left() {
      return from.length - at;
    },
    get isGood() {
      return isGood;
    },
  };
}

export function uint(value: number, lengthBytes: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes);
  for (let i = lengthBytes - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  return bytes;
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

export function vector(lengthBytes: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joined(...parts);
  return joined(uint(content.length, lengthBytes), content);
}

/** A vector of 16-bit numbers. */
export function listOf16(lengthBytes: 1 | 2, values: readonly number[]): Uint8Array {
  return vector(lengthBytes, ...values.map((value) => uint(value, 2)));
}

export function read16s(bytes: Uint8Array): number[] {
  const reader = createReader(bytes);
  const values: number[] = [];
  while (reader.left >= 2) values.push(reader.uint16());
  return values;
}
