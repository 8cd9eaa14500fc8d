/** Keys and values of a Whisper decoder, in buffers that are used again. */
import type { Tensor } from "onnxruntime-node";
import type { Ort } from "./ort.ts";

/** `[layers, rows, positions, state]` each. */
export type Pair = { keys: Tensor; values: Tensor };

/** @param old Its buffer is taken over where it is large enough; whatever it held is still there. */
export function tensorIn(ort: Ort, shape: readonly number[], old?: Tensor): Tensor {
  const size = shape.reduce((product, each) => product * each, 1);
  const buffer = (old?.data as Float32Array | undefined)?.buffer;
  const fits = buffer !== undefined && buffer.byteLength >= size * Float32Array.BYTES_PER_ELEMENT;
  return new ort.Tensor("float32", fits ? new Float32Array(buffer, 0, size) : new Float32Array(size), shape);
}

export function pairIn(ort: Ort, shape: readonly number[], old?: Pair): Pair {
  return { keys: tensorIn(ort, shape, old?.keys), values: tensorIn(ort, shape, old?.values) };
}

/** The first `used` positions of a cache, row by row: row i of `to` becomes row `parents[i]` of `from`. */
export function copyRows(from: Pair, parents: readonly number[], to: Pair, used: number): void {
  const [layers = 0, fromRows = 0, positions = 0, state = 0] = from.keys.dims;
  const rowFloats = positions * state;
  for (const side of ["keys", "values"] as const) {
    const source = from[side].data as Float32Array;
    const target = to[side].data as Float32Array;
    for (let layer = 0; layer < layers; layer++) {
      for (const [row, parent] of parents.entries()) {
        const start = (layer * fromRows + parent) * rowFloats;
        target.set(source.subarray(start, start + used * state), (layer * parents.length + row) * rowFloats);
      }
    }
  }
}

/** The same audio for every row. The graph wants it so; broadcasting is not in its interface. */
export function repeated(ort: Ort, heard: Pair, rows: number, old?: Pair): Pair {
  const [layers = 0, , columns = 0, state = 0] = heard.keys.dims;
  const each = columns * state;
  const pair = pairIn(ort, [layers, rows, columns, state], old);
  for (const side of ["keys", "values"] as const) {
    const source = heard[side].data as Float32Array;
    const target = pair[side].data as Float32Array;
    for (let layer = 0; layer < layers; layer++) {
      const one = source.subarray(layer * each, (layer + 1) * each);
      for (let row = 0; row < rows; row++) target.set(one, (layer * rows + row) * each);
    }
  }
  return pair;
}
