/** A Piper voice's file as two: what makes frames of phonemes, and the decoder, which can be run on some frames of many. */
import { type OnnxNode, readGraph } from "../onnx/graph.ts";
import { fileOf, float32, int64, integerWeights, nodesFor, plainNode, port, taking } from "../onnx/subgraph.ts";
import { findDecoder } from "./decoder-part.ts";
import { cutsFor, rateOf, type Span, type Stage } from "./reach.ts";

/** What there is to know for running both: plain data, which keeps nothing of the file in memory. */
export type SplitPlan = {
  /** Tensors that the front gives and the decoder takes: frames first, float [1, channels, frames]. */
  handed: readonly [latents: string, ...sides: string[]];
  sound: string;
  stages: readonly Stage[];
};

/** The files are made when they are asked for: they are as large as the voice. */
export type SplitVoice = { plan: SplitPlan; frontFile(): Uint8Array; decoderFile(): Uint8Array };

/** From this set on a Slice takes its bounds as inputs, and no longer as attributes. */
const leastOperatorSet = 10;
const timeAxis = 2;
const axisName = "window.axis";
const fromName = (stage: number) => `window.${stage}.from`;
const toName = (stage: number) => `window.${stage}.to`;

/** @returns `undefined` if this is no voice of that kind. @throws MalformedFile */
export function splitVoice(file: Uint8Array): SplitVoice | undefined {
  const graph = readGraph(file);
  const part = graph.operatorSet < leastOperatorSet ? undefined : findDecoder(graph);
  if (part === undefined) return undefined;
  const { latents, sides, sound, stages } = part;
  const handed = [latents, ...sides] as const;
  return {
    plan: { handed, sound, stages },
    frontFile: () =>
      fileOf(graph, {
        nodes: nodesFor(graph, handed, new Set(graph.inputs.keys())),
        inputs: [...graph.inputs.values()],
        outputs: handed.map((name) => port("output", name, float32)),
      }),
    decoderFile: () =>
      fileOf(graph, {
        nodes: withCuts(nodesFor(graph, [sound], new Set(handed)), stages),
        weights: [integerWeights(axisName, [timeAxis])],
        inputs: [
          port("input", latents, float32, [1, "channels", "frames"]),
          ...sides.map((name) => port("input", name, float32)),
          ...stages.flatMap((_, at) => [fromName(at), toName(at)].map((name) => port("input", name, int64, [1]))),
        ],
        outputs: [port("output", sound, float32)],
      }),
  };
}

/** Samples for one frame. */
export const hopSamplesOf = ({ stages }: SplitPlan): number => rateOf(stages);

/**
 * What the decoder takes besides, to make the samples of some frames of all.
 *
 * @returns `bounds` by the input's name. Of what comes out, `length` samples behind `skip` are those.
 */
export function windowOf(
  { stages }: SplitPlan,
  { from, to }: Span,
  frames: number,
): { bounds: Map<string, number>; skip: number; length: number } {
  const hop = rateOf(stages);
  const { cuts, skip } = cutsFor(stages, { from: from * hop, to: to * hop }, frames);
  const bounds = new Map<string, number>();
  for (const [at, cut] of cuts.entries()) {
    bounds.set(fromName(at), cut.from);
    bounds.set(toName(at), cut.to);
  }
  return { bounds, skip, length: (to - from) * hop };
}

/** At the beginning of each stage a Slice, behind which all goes on that took its input. */
function withCuts(nodes: readonly OnnxNode[], stages: readonly Stage[]): OnnxNode[] {
  let all = [...nodes];
  for (const [at, { input }] of stages.entries()) {
    const cut = `window.${at}`;
    const slice = plainNode("Slice", [input, fromName(at), toName(at), axisName], [cut]);
    const made = all.findIndex(({ outputs }) => outputs.includes(input));
    all = all.map((node) => (node.inputs.includes(input) ? taking(node, input, cut) : node));
    all.splice(made + 1, 0, slice);
  }
  return all;
}
