/**
 * A decoder declares its cache with room for all the tokens of its text context (448), and its graph copies the whole of
 * it at every step, used or not: 2 × 5.5 MB for whisper tiny, 2 × 11 for base. Nothing in the graph needs that length; only
 * its declarations say it. With them left open, a cache as long as the text can become is enough.
 */
import { MalformedFile } from "../onnx/malformed.ts";
import {
  type ByteSource,
  type Extent,
  fieldsOf,
  inMemory,
  lengthWire,
  readVarint,
  varintWire,
} from "../onnx/protobuf.ts";

/**
 * From a model to the dimensions of its values (onnx.proto): ModelProto.graph, GraphProto.input | output | value_info,
 * ValueInfoProto.type, TypeProto.tensor_type, Tensor.shape, TensorShapeProto.dim.
 */
const toDimensions: readonly (readonly number[])[] = [[7], [11, 12, 13], [2], [1], [2], [1]];
/** Dimension.dim_value, a number, or dim_param, a name. */
const dimValue = 1;
const dimParam = 2;
/** As many bytes as a number of two bytes takes with its tag: the file keeps its length. */
const openDimension = Uint8Array.of(dimParam * 8 + lengthWire, 1, "p".charCodeAt(0));
const twoByteVarints = { from: 128, to: 1 << 14 };

/**
 * @param model A decoder's file; changed in place.
 * @param context Positions of its cache.
 * @returns Whether every dimension of that size is left open now; if not, it is as it was.
 */
export function openContext(model: Uint8Array, context: number): boolean {
  if (context < twoByteVarints.from || context >= twoByteVarints.to) return false;
  const source = inMemory(model);
  const places: number[] = [];
  try {
    for (const dimension of nested(source, { start: 0, end: model.length }, toDimensions)) {
      for (const field of fieldsOf(source, dimension)) {
        if (field.number !== dimValue || field.wire !== varintWire) continue;
        if (readVarint(model, field.start).value === context) places.push(field.start - 1); // its tag is one byte
      }
    }
  } catch (error) {
    if (error instanceof MalformedFile) return false; // whoever opens it will say what is wrong with it
    throw error;
  }
  for (const at of places) model.set(openDimension, at);
  return places.length > 0;
}

function* nested(source: ByteSource, within: Extent, path: readonly (readonly number[])[]): Generator<Extent> {
  const [numbers, ...rest] = path;
  if (numbers === undefined) {
    yield within;
    return;
  }
  for (const field of fieldsOf(source, within)) {
    if (field.wire === lengthWire && numbers.includes(field.number)) yield* nested(source, field, rest);
  }
}
