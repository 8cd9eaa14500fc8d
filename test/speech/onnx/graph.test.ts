import { expect, test } from "bun:test";
import { readGraph } from "../../../src/speech/onnx/graph.ts";
import { MalformedFile } from "../../../src/speech/onnx/malformed.ts";

/** A length in three bytes, whatever it is. */
const inThreeBytes = (value: number) => [(value & 127) | 128, ((value >> 7) & 127) | 128, value >> 14];

/** Nodes of ten bytes each, whose attribute, and the graph in it, say that they reach to the end of the file. */
function graphsInOneAnother(nodes: number): Uint8Array {
  const content = Array.from({ length: nodes }, (_, at) => {
    const behind = (nodes - at) * 10;
    return [0x0a, 8, 0x2a, ...inThreeBytes(behind - 6), 0x32, ...inThreeBytes(behind - 10)];
  }).flat();
  return Uint8Array.from([0x3a, ...inThreeBytes(content.length), ...content]);
}

test("a field that reaches out of what it lies in is damage: 400 bytes must not be read 2^40 times", () => {
  expect(() => readGraph(graphsInOneAnother(40))).toThrow(MalformedFile);
});
