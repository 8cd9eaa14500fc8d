/** ONNX files made for a test (onnx.proto, by field numbers): each function makes one field of the message around it. */
export const float = 1;
export const int64 = 7;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  do {
    bytes.push((left % 128) + (left >= 128 ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.from(bytes);
}

const number = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)]);

function bytes(field: number, ...content: (Uint8Array | string)[]): Buffer {
  const all = Buffer.concat(content.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  return Buffer.concat([varint(field * 8 + 2), varint(all.length), all]);
}

export function model(graph: Buffer[], metadata: Record<string, string | number>): Buffer {
  const opset = 13;
  const entries = Object.entries(metadata).map(([key, value]) => bytes(14, bytes(1, key), bytes(2, String(value))));
  return Buffer.concat([number(1, 8), bytes(8, number(2, opset)), bytes(7, ...graph, bytes(2, "made")), ...entries]);
}

export function node(operator: string, from: string[], to: string[], ...attributes: Buffer[]): Buffer {
  const names = [...from.map((name) => bytes(1, name)), ...to.map((name) => bytes(2, name))];
  return bytes(1, ...names, bytes(4, operator), ...attributes);
}

export const attribute = (name: string, values: number[]) =>
  bytes(5, bytes(1, name), ...values.map((value) => number(8, value)), number(20, 7));

/** A number alone. */
export const numberAttribute = (name: string, value: number) =>
  bytes(5, bytes(1, name), number(3, value), number(20, 2));

export const int64s = (name: string, values: number[], dims = [values.length]) =>
  tensor(name, int64, dims, new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
export const floats = (name: string, dims: number[], values: Float32Array) =>
  tensor(name, float, dims, new Uint8Array(values.buffer));
const tensor = (name: string, type: number, dims: number[], raw: Uint8Array) =>
  bytes(5, ...dims.map((dim) => number(1, dim)), number(2, type), bytes(8, name), bytes(9, raw));

const value = (field: number) => (name: string, type: number, dims: (number | string)[]) => {
  const shape = dims.map((dim) => bytes(1, typeof dim === "string" ? bytes(2, dim) : number(1, dim)));
  return bytes(field, bytes(1, name), bytes(2, bytes(1, number(1, type), bytes(2, ...shape))));
};
export const input = value(11);
export const output = value(12);
