/**
 * Reads the `metadata_props` of an ONNX file. onnxruntime-node has no call for them, so this walks the file by itself,
 * skipping the graph and its weights without reading them.
 */
import { MalformedFile } from "../onnx/malformed.ts";
import { type ByteSource, inMemory, lengthWire, readField } from "../onnx/protobuf.ts";

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

function readEntry(bytes: Uint8Array): [key: string, value: string] {
  const source = inMemory(bytes);
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
