/** A part of a graph as an ONNX file of its own. */
import type { OnnxGraph, OnnxNode } from "./graph.ts";
import { fieldsOf, inMemory, lengthField, numberField, readField } from "./protobuf.ts";

/** TensorProto.DataType */
export const float32 = 1;
export const int64 = 7;

/** Field numbers of onnx.proto. */
const modelGraph = 7;
const graphFields = { node: 1, name: 2, weights: 5, input: 11, output: 12 };

export type Part = {
  nodes: readonly OnnxNode[];
  /** Added to those of the graph that the nodes take. */
  weights?: readonly Uint8Array[];
  /** Fields of the graph: `port`'s, or as they stand in another. */
  inputs: readonly Uint8Array[];
  outputs: readonly Uint8Array[];
};

/** The nodes that `names` need, in the graph's order; what is in `given` needs none. */
export function nodesFor(graph: OnnxGraph, names: readonly string[], given: ReadonlySet<string>): OnnxNode[] {
  const wanted = new Set(names.filter((name) => !given.has(name)));
  const found: OnnxNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => wanted.has(name))) continue;
    found.push(node);
    for (const name of [...node.inputs, ...node.captured]) if (!given.has(name)) wanted.add(name);
  }
  return found.reverse();
}

/** The file: with the weights that its nodes take, and all that the graph's file says beside its graph. */
export function fileOf(graph: OnnxGraph, { nodes, weights = [], inputs, outputs }: Part): Uint8Array {
  const taken = new Set(nodes.flatMap((node) => [...node.inputs, ...node.captured]));
  const own = [...graph.weights].flatMap(([name, { bytes }]) => (taken.has(name) ? [bytes] : []));
  const fields = [
    ...nodes.map(({ bytes }) => bytes),
    lengthField(graphFields.name, "part"),
    ...own,
    ...weights,
    ...inputs,
    ...outputs,
  ];
  return Buffer.concat([...graph.rest, lengthField(modelGraph, ...fields)]);
}

/** A declaration of a tensor that goes into a graph or out of it. @param dims A name where any size will do; left out, any shape. */
export function port(
  way: "input" | "output",
  name: string,
  type: number,
  dims?: readonly (number | string)[],
): Uint8Array {
  const each = dims?.map((dim) => lengthField(1, typeof dim === "number" ? numberField(1, dim) : lengthField(2, dim)));
  const shape = each === undefined ? [] : [lengthField(2, ...each)];
  return lengthField(
    graphFields[way],
    lengthField(1, name),
    lengthField(2, lengthField(1, numberField(1, type), ...shape)),
  );
}

/** A list of whole numbers that a graph has in itself. */
export function integerWeights(name: string, values: readonly number[]): Uint8Array {
  const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return lengthField(
    graphFields.weights,
    numberField(1, values.length),
    numberField(2, int64),
    lengthField(8, name),
    lengthField(9, data),
  );
}

/** A node without attributes. */
export function plainNode(operator: string, inputs: readonly string[], outputs: readonly string[]): OnnxNode {
  const bytes = lengthField(
    graphFields.node,
    ...inputs.map((name) => lengthField(1, name)),
    ...outputs.map((name) => lengthField(2, name)),
    lengthField(4, operator),
  );
  return { operator, domain: "", inputs, outputs, captured: [], integers: new Map(), texts: new Map(), bytes };
}

/** A node that takes `to` where it took `from`. */
export function taking(node: OnnxNode, from: string, to: string): OnnxNode {
  const source = inMemory(node.bytes);
  const fields: Uint8Array[] = [];
  const { start, end } = readField(source, 0);
  let at = start;
  for (const field of fieldsOf(source, { start, end })) {
    const isInput =
      field.number === 1 && new TextDecoder().decode(node.bytes.subarray(field.start, field.end)) === from;
    fields.push(isInput ? lengthField(1, to) : node.bytes.subarray(at, field.end));
    at = field.end;
  }
  const inputs = node.inputs.map((name) => (name === from ? to : name));
  return { ...node, inputs, bytes: lengthField(graphFields.node, ...fields) };
}
