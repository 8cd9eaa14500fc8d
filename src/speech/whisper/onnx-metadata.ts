/**
 * Reads the `metadata_props` of an ONNX file. onnxruntime-node has no call for them, so this walks the protobuf wire
 * format (protobuf.dev "Encoding") by itself, skipping the graph and its weights without reading them.
 */
import { MalformedFile } from "./malformed.ts";

/** A file, or bytes in memory, read piece by piece. */
export type ByteSource = {
  bytes: number;
  /** At most `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Uint8Array;
};

const varintWire = 0;
const fixed64Wire = 1;
const lengthWire = 2;
const fixed32Wire = 5;

/** ModelProto (onnx.proto): `graph` is field 7, `metadata_props` field 14, each a StringStringEntryProto {1: key, 2: value}. */
const graphField = 7;
const metadataField = 14;

/** More than any settings need: a length beyond it is damage, and is not to be read into memory. */
const longestEntryBytes = 1 << 20;

/**
 * @returns Key → value. The last of equal keys counts.
 * @throws MalformedFile if it is not an ONNX file or its end is missing.
 */
export function readMetadata(source: ByteSource): Map<string, string> {
  const found = new Map<string, string>();
  let hasGraph = false;
  for (let at = 0; at < source.bytes; ) {
    const field = readField(source, at);
    if (field.number === graphField) hasGraph = true;
    if (field.number === metadataField && field.wire === lengthWire) {
      if (field.end - field.start > longestEntryBytes) throw new MalformedFile("a metadata entry is too long");
      const [key, value] = readEntry(source.read(field.start, field.end - field.start));
      found.set(key, value);
    }
    at = field.end;
  }
  if (!hasGraph) throw new MalformedFile("it holds no graph");
  return found;
}

type Field = { number: number; wire: number; start: number; end: number };

/** One field's tag and extent. `start`…`end` is the payload. */
function readField(source: ByteSource, at: number): Field {
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

function readEntry(bytes: Uint8Array): [key: string, value: string] {
  const source: ByteSource = { bytes: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
  let key = "";
  let value = "";
  for (let at = 0; at < bytes.length; ) {
    const field = readField(source, at);
    const text = () => new TextDecoder().decode(bytes.subarray(field.start, field.end));
    if (field.number === 1 && field.wire === lengthWire) key = text();
    if (field.number === 2 && field.wire === lengthWire) value = text();
    at = field.end;
  }
  return [key, value];
}

/** Little-endian groups of seven bits. Arithmetic, not shifts: lengths pass 2^31. */
function readVarint(bytes: Uint8Array, at: number): { value: number; next: number } {
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
