/** Handshake messages out of fragments (RFC 6347 §4.2.2–3): in order, each once, within bounds of number and size. */
import { createReader, joined, uint } from "./wire.ts";

export type HandshakeMessage = { type: number; sequence: number; body: Uint8Array };

export type Reassembly = {
  /** Takes the fragments of one record; what is malformed, old, or too far ahead is let go. */
  add(fragment: Uint8Array): void;
  /** The next message in order, once it is whole. */
  next(): HandshakeMessage | undefined;
};

const headerBytes = 12;
/** Longer than the certificate chains that telephones carry. */
const longestMessage = 16_384;
/** A flight has five messages. */
const mostAhead = 8;

type Partial = { type: number; body: Uint8Array; has: Uint8Array; missing: number };

/** @param first number of the message to begin with. */
export function createReassembly(first: number): Reassembly {
  const partial = new Map<number, Partial>();
  let expected = first;

  function addOne(type: number, length: number, sequence: number, offset: number, part: Uint8Array): void {
    if (sequence < expected || sequence >= expected + mostAhead || length > longestMessage) return;
    if (offset + part.length > length) return;
    let known = partial.get(sequence);
    if (known === undefined) {
      known = { type, body: new Uint8Array(length), has: new Uint8Array(length), missing: length };
      partial.set(sequence, known);
    }
    // A fragment that tells of another message than the first one did is a mistake or a stranger's.
    if (known.type !== type || known.body.length !== length) return;
    for (let i = 0; i < part.length; i++) {
      if (known.has[offset + i] === 1) continue;
      known.has[offset + i] = 1;
      known.body[offset + i] = part[i] ?? 0;
      known.missing--;
    }
  }

  return {
    add(fragment) {
      const reader = createReader(fragment);
      while (reader.left >= headerBytes) {
        const type = reader.uint8();
        const length = reader.uint24();
        const sequence = reader.uint16();
        const offset = reader.uint24();
        const part = reader.vector(3);
        if (!reader.isGood) return;
        addOne(type, length, sequence, offset, part);
      }
    },
    next() {
      const first = partial.get(expected);
      if (first === undefined || first.missing > 0) return undefined;
      partial.delete(expected);
      return { type: first.type, sequence: expected++, body: first.body };
    },
  };
}

/** Whole, as it is sent by us, and as it counts for the transcript however it was cut (RFC 6347 §4.2.6). */
export function writeHandshake({ type, sequence, body }: HandshakeMessage): Uint8Array {
  return joined(uint(type, 1), uint(body.length, 3), uint(sequence, 2), uint(0, 3), uint(body.length, 3), body);
}
