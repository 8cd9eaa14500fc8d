/**
 * A Piper voice is one graph: phonemes → how long each is → a frame of latents for every 256 samples or so → the decoder,
 * convolutions only, which makes the sound of them and takes most of the time. The decoder is found by what it does and not
 * by its names, which differ from export to export: going back from the sound, all that works sample by sample or on samples
 * nearby, up to the last tensor through which everything goes.
 */
import type { OnnxGraph, OnnxNode } from "../onnx/graph.ts";
import { type Layer, rateOf, type Stage } from "./reach.ts";

export type DecoderPart = {
  /** The frames, float [1, channels, frames]. */
  latents: string;
  /** What it takes besides, of the speaker alone: the same for every frame. */
  sides: readonly string[];
  /** The sound, float [1, 1, samples]. */
  sound: string;
  /** In order; between them the frames' rate goes up. */
  stages: readonly Stage[];
};

/** Each sample out of the one in its place, and of what is the same at all places. */
const elementwise = new Set(
  "LeakyRelu Relu Elu Tanh Sigmoid Add Sub Mul Div Pow Sin Exp Neg Abs Sqrt Clip Cast Identity".split(" "),
);
/** They only give the sound another shape. */
const shaping = new Set(["Unsqueeze", "Squeeze", "Reshape", "Flatten", "Identity"]);
const speakerInput = "sid";
/** Less is no decoder, and not worth the trouble. */
const leastRate = 16;

/** @returns `undefined` if the graph does not end in such a decoder. */
export function findDecoder(graph: OnnxGraph): DecoderPart | undefined {
  const timeless = timelessOf(graph);
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const sound = soundOf(graph, makers);
  if (sound === undefined) return undefined;
  const steps = stepsBefore(graph, sound, timeless);
  const latents = steps.at(-1)?.neck;
  if (latents === undefined) return undefined;
  const stages = stagesOf(steps, sound);
  const inputs = steps.flatMap(({ layer }) => makers.get(layer.output)?.inputs ?? []);
  const sides = [...new Set(inputs.filter((name) => timeless.get(name) === "speaker"))];
  return rateOf(stages) < leastRate ? undefined : { latents, sides, sound, stages };
}

/** Tensors without time: "constant" of the file's own weights, "speaker" of these and of who speaks. */
function timelessOf(graph: OnnxGraph): Map<string, "constant" | "speaker"> {
  const found = new Map<string, "constant" | "speaker">([...graph.weights.keys()].map((name) => [name, "constant"]));
  found.set("", "constant");
  if (graph.inputs.has(speakerInput)) found.set(speakerInput, "speaker");
  for (const { operator, inputs, captured, outputs } of graph.nodes) {
    const kinds = [...inputs, ...captured].map((name) => found.get(name));
    if (operator.startsWith("Random") || kinds.includes(undefined)) continue;
    for (const name of outputs) found.set(name, kinds.includes("speaker") ? "speaker" : "constant");
  }
  return found;
}

/** One sound, whatever shape it has in the end: its samples lie in the same order. */
function soundOf(graph: OnnxGraph, makers: ReadonlyMap<string, OnnxNode>): string | undefined {
  let [name] = graph.outputs.keys();
  for (
    let node = makers.get(name ?? "");
    node !== undefined && shaping.has(node.operator);
    node = makers.get(name ?? "")
  )
    [name] = node.inputs;
  return graph.outputs.size === 1 ? name : undefined;
}

/** A layer, and the tensor through which all goes that comes to it and to those behind it, if there is one. */
type Step = { layer: Layer; neck: string | undefined };

/** @returns from the sound back to the first neck of all. */
function stepsBefore(graph: OnnxGraph, sound: string, timeless: ReadonlyMap<string, unknown>): Step[] {
  const open = new Set([sound]);
  const steps: Step[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => open.has(name))) continue;
    const layer = layerOf(node, timeless);
    if (layer === undefined) break;
    open.delete(layer.output);
    for (const input of layer.inputs) open.add(input);
    const [only] = open;
    steps.push({ layer, neck: open.size === 1 ? only : undefined });
  }
  return steps.slice(0, steps.findLastIndex(({ neck }) => neck !== undefined) + 1);
}

/** @returns `undefined` for one that looks at more than what is nearby. */
function layerOf(node: OnnxNode, timeless: ReadonlyMap<string, unknown>): Layer | undefined {
  const [output = "", ...more] = node.outputs;
  if (node.domain !== "" || more.length > 0) return undefined;
  const inputs = node.inputs.filter((name) => !timeless.has(name));
  if (elementwise.has(node.operator)) return { inputs, output, reach: { kind: "each" } };
  const reach = convolutionOf(node);
  return reach === undefined || inputs.length !== 1 || inputs[0] !== node.inputs[0]
    ? undefined
    : { inputs, output, reach };
}

/** Along time only, and giving as many samples as it takes, or so many times as many. */
function convolutionOf({ operator, integers, texts }: OnnxNode): Layer["reach"] | undefined {
  const [kernel, ...otherAxes] = integers.get("kernel_shape") ?? [];
  const isPadded = texts.has("auto_pad") && texts.get("auto_pad") !== "NOTSET";
  if (kernel === undefined || otherAxes.length > 0 || isPadded || integers.has("output_shape")) return undefined;
  const [dilation = 1] = integers.get("dilations") ?? [];
  const [stride = 1] = integers.get("strides") ?? [];
  const [before = 0, after = 0] = integers.get("pads") ?? [];
  const [added = 0] = integers.get("output_padding") ?? [];
  const length = dilation * (kernel - 1);
  if (operator === "Conv" && stride === 1 && before + after === length) return { kind: "conv", before, length };
  if (operator === "ConvTranspose" && length + 1 + added - before - after === stride)
    return { kind: "up", stride, before, length };
  return undefined;
}

/** Before each step up in rate a stage begins: of what the one before it gave, it is handed no more than it needs. */
function stagesOf(steps: readonly Step[], sound: string): Stage[] {
  const stages: Stage[] = [];
  let layers: Layer[] = [];
  let output = sound;
  for (const [at, { layer, neck }] of steps.entries()) {
    layers.unshift(layer);
    if (neck === undefined || (layer.reach.kind !== "up" && at < steps.length - 1)) continue;
    stages.unshift({ layers, input: neck, output, rate: ratio(layers) });
    layers = [];
    output = neck;
  }
  return stages;
}

/** Along any way: where ways join, they have the same rate. */
function ratio(layers: readonly Layer[]): number {
  const rates = new Map<string, number>();
  let rate = 1;
  for (const { inputs, output, reach } of layers) {
    const before = rates.get(inputs[0] ?? "") ?? 1;
    rate = reach.kind === "up" ? before * reach.stride : before;
    rates.set(output, rate);
  }
  return rate;
}
