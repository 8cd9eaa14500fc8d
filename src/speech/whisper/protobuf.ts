/** The protobuf wire format (protobuf.dev "Encoding"), as far as ONNX files are looked into. */
import { MalformedFile } from "./malformed.ts";

/** A file, or bytes in memory, read piece by piece. */
export type ByteSource = {
  bytes: number;
  /** At most `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Uint8Array;
};

export const varintWire = 0;
const fixed64Wire = 1;
export const lengthWire = 2;
const fixed32Wire = 5;

export type Field = { number: number; wire: number; start: number; end: number };

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
