/**
 * A small voice made for a test, of the parts and in the order that Piper's own exports have them: several speakers, frames
 * of phonemes, a mask over them, and a decoder that is told who speaks.
 */
import { writeFileSync } from "node:fs";
import { attribute, float, floats, input, int64, int64s, model, node, numberAttribute, output } from "../made-onnx.ts";

export const madeHop = 16;
export const framesOfId = 3;
const ids = 200;
const channels = 6;

/** Always the same. */
function weights(name: string, ...dims: number[]): Buffer {
  let state = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) | 0;
  const values = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (0.7 * state) / 2 ** 31;
  });
  return floats(name, dims, values);
}

function conv(
  name: string,
  from: string,
  to: string,
  [out, into, kernel]: [number, number, number],
  dilation = 1,
): Buffer[] {
  const pad = (dilation * (kernel - 1)) / 2;
  const attributes = [
    attribute("kernel_shape", [kernel]),
    attribute("dilations", [dilation]),
    attribute("pads", [pad, pad]),
    attribute("strides", [1]),
  ];
  return [node("Conv", [from, `${name}.weight`], [to], ...attributes), weights(`${name}.weight`, out, into, kernel)];
}

/** Four samples for one. */
function up(name: string, from: string, to: string, into: number, out: number): Buffer[] {
  const attributes = [attribute("kernel_shape", [8]), attribute("pads", [2, 2]), attribute("strides", [4])];
  return [
    node("ConvTranspose", [from, `${name}.weight`], [to], ...attributes),
    weights(`${name}.weight`, into, out, 8),
  ];
}

/** Two ways side by side, of which the mean is taken. */
function blocks(name: string, from: string, to: string, size: number): Buffer[] {
  return [
    ...conv(`${name}.a`, from, `${name}/a`, [size, size, 3]),
    node("Add", [from, `${name}/a`], [`${name}/one`]),
    node("LeakyRelu", [from], [`${name}/soft`]),
    ...conv(`${name}.b`, `${name}/soft`, `${name}/b`, [size, size, 5], 3),
    node("Add", [from, `${name}/b`], [`${name}/two`]),
    node("Add", [`${name}/one`, `${name}/two`], [`${name}/sum`]),
    node("Div", [`${name}/sum`, "ways"], [to]),
  ];
}

/** @param last What comes between the sound and the output. */
export function madeVoice(last: Buffer[] = [node("Unsqueeze", ["sound", "one"], ["output"])]): Buffer {
  return model(
    [
      ...[weights("phonemes", ids, channels), weights("speakers", 3, 4), floats("ways", [], Float32Array.of(2))],
      ...[int64s("one", [1]), int64s("two", [2])],
      node("Gather", ["phonemes", "input"], ["embedded"]),
      node("Transpose", ["embedded"], ["turned"], attribute("perm", [0, 2, 1])),
      node("Concat", ["turned", "turned", "turned"], ["frames"], numberAttribute("axis", 2)),
      node("ReduceMax", ["frames"], ["largest"], attribute("axes", [1])),
      node("Sigmoid", ["largest"], ["mask"]),
      node("Mul", ["frames", "mask"], ["latents"]),
      node("Gather", ["speakers", "sid"], ["who"]),
      node("Unsqueeze", ["who", "two"], ["speaker"]),
      ...conv("cond", "speaker", "told", [8, 4, 1]),
      ...conv("pre", "latents", "pre/out", [8, channels, 7]),
      node("Add", ["pre/out", "told"], ["begun"]),
      node("LeakyRelu", ["begun"], ["begun/soft"]),
      ...up("up.0", "begun/soft", "level.0", 8, 4),
      ...blocks("blocks.0", "level.0", "level.0/out", 4),
      node("LeakyRelu", ["level.0/out"], ["level.0/soft"]),
      ...up("up.1", "level.0/soft", "level.1", 4, 2),
      ...blocks("blocks.1", "level.1", "level.1/out", 2),
      node("LeakyRelu", ["level.1/out"], ["level.1/soft"]),
      ...conv("post", "level.1/soft", "post/out", [1, 2, 7]),
      node("Tanh", ["post/out"], ["sound"]),
      ...last,
      input("input", int64, [1, "n"]),
      input("input_lengths", int64, [1]),
      input("scales", float, [3]),
      input("sid", int64, [1]),
      output("output", float, [1, 1, "any", "samples"]),
    ],
    {},
  );
}

/** With a voice's settings beside it. */
export function writeMadeVoice(file: string, settings: object, graph = madeVoice()): string {
  writeFileSync(file, graph);
  writeFileSync(`${file}.json`, JSON.stringify({ ...settings, num_speakers: 3 }));
  return file;
}
