/** The protobuf wire format (protobuf.dev "Encoding"), as far as ONNX files are looked into and made of one another. */
import { MalformedFile } from "./malformed.ts";

/** A file, or bytes in memory, read piece by piece. */
export type ByteSource = {
  bytes: number;
  /** At most `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Uint8Array;
};

export const inMemory = (bytes: Uint8Array): ByteSource => ({
  bytes: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});

export const varintWire = 0;
const fixed64Wire = 1;
export const lengthWire = 2;
const fixed32Wire = 5;

export type Extent = { start: number; end: number };
export type Field = Extent & { number: number; wire: number };

/** One field's tag and extent. `start`…`end` is the payload. @throws MalformedFile */
export function readField(source: ByteSource, at: number): Field {
  const head = source.read(at, 20); // a tag and a length are at most ten bytes each
  const tag = readVarint(head, 0);
  const wire = tag.value % 8;
  const number = Math.floor(tag.value / 8);
  if (number === 0) throw new MalformedFile("it is not protobuf");
  let start = at + tag.next;
  let end: number;
  if (wire === varintWire) end = at + readVarint(head, tag.next).next;
  else if (wire === fixed64Wire) end = start + 8;
  else if (wire === fixed32Wire) end = start + 4;
  else if (wire === lengthWire) {
    const length = readVarint(head, tag.next);
    start = at + length.next;
    end = start + length.value;
  } else throw new MalformedFile("it is not protobuf");
  if (end > source.bytes) throw new MalformedFile("its end is missing");
  return { number, wire, start, end };
}

/** Little-endian groups of seven bits. Arithmetic, not shifts: lengths pass 2^31. */
export function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  let scale = 1;
  for (let i = at; i < at + 10; i++) {
    const byte = bytes[i];
    if (byte === undefined) throw new MalformedFile("its end is missing");
    value += (byte % 128) * scale;
    if (byte < 128) return { value, next: i + 1 };
    scale *= 128;
  }
  throw new MalformedFile("it is not protobuf");
}

/** The fields of a message, in order. @throws MalformedFile */
export function* fieldsOf(source: ByteSource, { start, end }: Extent): Generator<Field> {
  for (let at = start; at < end; ) {
    const field = readField(source, at);
    // One that reaches out of what it lies in holds what stands behind it as well: nested, twice as much at each.
    if (field.end > end) throw new MalformedFile("a field is longer than what it lies in");
    yield field;
    at = field.end;
  }
}

/** One field, as it stands in a message. */
export function numberField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8 + varintWire), ...varint(value)]);
}

/** One field, as it stands in a message: a text, bytes, or a message of its own. */
export function lengthField(number: number, ...content: (Uint8Array | string)[]): Uint8Array {
  const parts = content.map((part) => (typeof part === "string" ? new TextEncoder().encode(part) : part));
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Uint8Array.from(varint(number * 8 + lengthWire)), Uint8Array.from(varint(length)), ...parts]);
}

function varint(value: number): number[] {
  const low = value % 128;
  return value < 128 ? [low] : [low + 128, ...varint(Math.floor(value / 128))];
}
