/** What an installed graph may bring in: what was installed with it, and nothing else that lies about. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as ort from "onnxruntime-node";
import { readPinned, readPinnedGraph } from "../../src/speech/pinned-files.ts";

let folder: string;
/** In the working folder, where ONNX Runtime looks for weights of a graph that it was given as bytes. */
let beside: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-pinned-"));
  beside = mkdtempSync(join(process.cwd(), ".pinned-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(beside, { recursive: true, force: true });
});

const varint = (n: number): number[] => (n < 128 ? [n] : [(n % 128) + 128, ...varint(Math.floor(n / 128))]);
const bytesAt = (field: number, bytes: Iterable<number>) => [
  ...varint(field * 8 + 2),
  ...varint([...bytes].length),
  ...bytes,
];
const textAt = (field: number, text: string) => bytesAt(field, Buffer.from(text));
const numberAt = (field: number, n: number) => [...varint(field * 8), ...varint(n)];

/** ModelProto (onnx.proto): y = x + w, four floats each, w in a file of its own at `location`. */
function graphWithWeightsAt(location: string): Uint8Array {
  const entry = (key: string, value: string) => bytesAt(13, [...textAt(1, key), ...textAt(2, value)]);
  const place = [...entry("location", location), ...entry("offset", "0"), ...entry("length", "16"), ...numberAt(14, 1)];
  const weights = [...numberAt(1, 4), ...numberAt(2, 1), ...textAt(8, "w"), ...place];
  const node = [...textAt(1, "x"), ...textAt(1, "w"), ...textAt(2, "y"), ...textAt(4, "Add")];
  const four = bytesAt(2, bytesAt(1, numberAt(1, 4)));
  const value = (name: string) => [...textAt(1, name), ...bytesAt(2, bytesAt(1, [...numberAt(1, 1), ...four]))];
  const graph = [
    ...bytesAt(1, node),
    ...textAt(2, "g"),
    ...bytesAt(5, weights),
    ...bytesAt(11, value("x")),
    ...bytesAt(12, value("y")),
  ];
  const operators = bytesAt(8, [...textAt(1, ""), ...numberAt(2, 13)]);
  return Uint8Array.from([...numberAt(1, 8), ...operators, ...bytesAt(7, graph)]);
}

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const weights = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
const put = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(folder, name), bytes);
  return { [name]: digest(bytes) };
};
async function run(digests: Record<string, string>) {
  const { graph, externalData } = readPinnedGraph(folder, "g.onnx", digests);
  const session = await ort.InferenceSession.create(graph, {
    graphOptimizationLevel: "disabled", // with the others some graphs are refused for want of a path, and not all
    logSeverityLevel: 4,
    externalData,
  });
  const { y } = await session.run({ x: new ort.Tensor("float32", new Float32Array(4), [4]) });
  return y?.data;
}

test("weights that were installed with the graph are those that it is given", async () => {
  const digests = { ...put("g.onnx", graphWithWeightsAt("g.weights")), ...put("g.weights", weights) };
  expect(await run(digests)).toEqual(Float32Array.of(1, 2, 3, 4));
  writeFileSync(join(folder, "g.weights"), new Uint8Array(16));
  await expect(run(digests)).rejects.toMatchObject({ code: "model_damaged" });
});

test("a graph that names a file of the working folder, or one above, gets nothing", async () => {
  writeFileSync(join(beside, "w.bin"), weights);
  for (const location of [join(basename(beside), "w.bin"), `../${basename(process.cwd())}/${basename(beside)}/w.bin`])
    await expect(run(put("g.onnx", graphWithWeightsAt(location)))).rejects.toThrow(/not found from the table/);
});

test("a file that is gone is damage: nobody wrote its name into the configuration", () => {
  const digests = put("g.onnx", weights);
  rmSync(join(folder, "g.onnx"));
  expect(() => readPinned(folder, "g.onnx", digests)).toThrow(expect.objectContaining({ code: "model_damaged" }));
  expect(() => readPinned(folder, "other.onnx", digests)).toThrow(expect.objectContaining({ code: "model_missing" }));
});
