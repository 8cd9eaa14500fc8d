/** The graph of an ONNX file (onnx.proto), read as far as is needed to make smaller graphs of it; weights stay where they are. */
import { MalformedFile } from "./malformed.ts";
import { type Extent, type Field, fieldsOf, inMemory, lengthWire, readVarint, varintWire } from "./protobuf.ts";

export type OnnxNode = {
  operator: string;
  /** Empty for ONNX's own operators. */
  domain: string;
  /** Names of tensors; "" where an optional one is left out. */
  inputs: readonly string[];
  outputs: readonly string[];
  /** Names that graphs inside of it (of an If or a Loop) may take from the one around. */
  captured: readonly string[];
  /** Its attributes that are whole numbers or lists of them; and what texts it has. */
  integers: ReadonlyMap<string, readonly number[]>;
  texts: ReadonlyMap<string, string>;
  /** As it stands in the file, tag and all. */
  bytes: Uint8Array;
};

/** A tensor that lies in the file, or beside it. */
export type Weights = { dims: readonly number[]; bytes: Uint8Array };

export type OnnxGraph = {
  /** In an order in which they can be run, as the format demands. */
  nodes: readonly OnnxNode[];
  weights: ReadonlyMap<string, Weights>;
  /** Each as it stands in the file, by name. */
  inputs: ReadonlyMap<string, Uint8Array>;
  outputs: ReadonlyMap<string, Uint8Array>;
  /** The fields of the file that are no graph: versions, functions, metadata. */
  rest: readonly Uint8Array[];
  /** Of ONNX's own operators; 0 if the file does not say. */
  operatorSet: number;
};

/** Field numbers of onnx.proto. */
const model = { operatorSet: 8, graph: 7 };
const graph = { node: 1, weights: 5, sparseWeights: 15, input: 11, output: 12 };
const node = { input: 1, output: 2, operator: 4, attribute: 5, domain: 7 };
const attribute = { name: 1, integer: 3, text: 4, graph: 6, integers: 8, graphs: 11 };
const tensor = { dims: 1, name: 8 };

/** @param bytes The file. What is returned are views of it. @throws MalformedFile */
export function readGraph(bytes: Uint8Array): OnnxGraph {
  const reader = readerOf(bytes);
  const found = {
    nodes: [] as OnnxNode[],
    weights: new Map<string, Weights>(),
    inputs: new Map<string, Uint8Array>(),
    outputs: new Map<string, Uint8Array>(),
    rest: [] as Uint8Array[],
    operatorSet: 0,
  };
  let graphs = 0;
  for (const { field, whole } of reader.within({ start: 0, end: bytes.length })) {
    if (field.number !== model.graph || field.wire !== lengthWire) {
      found.rest.push(whole);
      if (field.number === model.operatorSet) found.operatorSet ||= operatorSetOf(reader, field);
      continue;
    }
    // Fields that come twice are joined (protobuf.dev "Encoding", "Last One Wins"): so are graphs.
    graphs++;
    for (const part of reader.within(field)) readPart(reader, part, found);
  }
  if (graphs === 0) throw new MalformedFile("it holds no graph");
  return found;
}

type Reader = ReturnType<typeof readerOf>;
type Part = { field: Field; whole: Uint8Array };

function readerOf(bytes: Uint8Array) {
  const source = inMemory(bytes);
  const decoder = new TextDecoder();
  return {
    *within(extent: Extent): Generator<Part> {
      let from = extent.start;
      for (const field of fieldsOf(source, extent)) {
        yield { field, whole: bytes.subarray(from, field.end) };
        from = field.end;
      }
    },
    text: ({ start, end }: Extent) => decoder.decode(bytes.subarray(start, end)),
    /** One number, or a packed list of them. */
    *numbers({ wire, start, end }: Field): Generator<number> {
      if (wire === varintWire) yield readVarint(bytes, start).value;
      if (wire !== lengthWire) return;
      for (let at = start; at < end; ) {
        const { value, next } = readVarint(bytes, at);
        yield value;
        at = next;
      }
    },
  };
}

function readPart(
  reader: Reader,
  { field, whole }: Part,
  found: {
    nodes: OnnxNode[];
    weights: Map<string, Weights>;
    inputs: Map<string, Uint8Array>;
    outputs: Map<string, Uint8Array>;
  },
): void {
  switch (field.number) {
    case graph.node:
      found.nodes.push(readNode(reader, field, whole));
      return;
    case graph.weights: {
      const { name, dims } = readWeights(reader, field);
      found.weights.set(name, { dims, bytes: whole });
      return;
    }
    case graph.sparseWeights:
      throw new MalformedFile("it holds sparse weights");
    case graph.input:
      found.inputs.set(nameOf(reader, field), whole);
      return;
    case graph.output:
      found.outputs.set(nameOf(reader, field), whole);
  }
}

function readNode(reader: Reader, extent: Extent, whole: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const captured: string[] = [];
  const integers = new Map<string, number[]>();
  const texts = new Map<string, string>();
  let operator = "";
  let domain = "";
  for (const { field } of reader.within(extent)) {
    if (field.number === node.input) inputs.push(reader.text(field));
    if (field.number === node.output) outputs.push(reader.text(field));
    if (field.number === node.operator) operator = reader.text(field);
    if (field.number === node.domain) domain = reader.text(field);
    if (field.number === node.attribute) {
      const read = readAttribute(reader, field);
      integers.set(read.name, read.integers);
      if (read.text !== undefined) texts.set(read.name, read.text);
      captured.push(...read.captured);
    }
  }
  return { operator, domain, inputs, outputs, captured, integers, texts, bytes: whole };
}

function readAttribute(reader: Reader, extent: Extent) {
  const integers: number[] = [];
  const captured: string[] = [];
  let name = "";
  let text: string | undefined;
  for (const { field } of reader.within(extent)) {
    if (field.number === attribute.name) name = reader.text(field);
    if (field.number === attribute.text) text = reader.text(field);
    if (field.number === attribute.integer || field.number === attribute.integers)
      integers.push(...reader.numbers(field));
    if (field.number === attribute.graph || field.number === attribute.graphs)
      captured.push(...namesWithin(reader, field));
  }
  return { name, integers, text, captured };
}

/** All that nodes of an inner graph take, and what it gives out: some of it may come from around it. */
function* namesWithin(reader: Reader, extent: Extent): Generator<string> {
  for (const { field, whole } of reader.within(extent)) {
    if (field.number === graph.output) yield nameOf(reader, field);
    if (field.number !== graph.node) continue;
    const { inputs, captured } = readNode(reader, field, whole);
    yield* inputs;
    yield* captured;
  }
}

function readWeights(reader: Reader, extent: Extent): { name: string; dims: number[] } {
  const dims: number[] = [];
  let name = "";
  for (const { field } of reader.within(extent)) {
    if (field.number === tensor.dims) dims.push(...reader.numbers(field));
    if (field.number === tensor.name) name = reader.text(field);
  }
  return { name, dims };
}

/** ValueInfoProto.name is field 1. */
function nameOf(reader: Reader, extent: Extent): string {
  for (const { field } of reader.within(extent)) if (field.number === 1) return reader.text(field);
  return "";
}

/** OperatorSetIdProto: {1: domain, 2: version}. */
function operatorSetOf(reader: Reader, extent: Extent): number {
  let version = 0;
  let isOwn = true;
  for (const { field } of reader.within(extent)) {
    if (field.number === 1) isOwn = ["", "ai.onnx"].includes(reader.text(field));
    if (field.number === 2) [version = 0] = reader.numbers(field);
  }
  return isOwn ? version : 0;
}
