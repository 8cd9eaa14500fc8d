/**
 * How far the layers of a voice's decoder look in time: which samples of what goes into them decide over given samples of
 * what comes out. Exact, so that a window of the input gives the very samples that all of it would. Pure.
 */

/** From `from` up to, and without, `to`. */
export type Span = { from: number; to: number };

export type Layer = {
  inputs: readonly string[];
  output: string;
  /**
   * `each`: every sample out of the one in its place. `conv`: as many out as in. `up`: a transposed convolution,
   * `stride` out for one in. `before`: zeros in front, or samples cut off there; `length`: dilation · (kernel − 1).
   */
  reach:
    | { kind: "each" }
    | { kind: "conv"; before: number; length: number }
    | { kind: "up"; stride: number; before: number; length: number };
};

/** Layers between two tensors through which all that is between them goes. */
export type Stage = { layers: readonly Layer[]; input: string; output: string; rate: number };

/** Samples out of the last stage for one into the first. */
export const rateOf = (stages: readonly Stage[]): number => stages.reduce((product, { rate }) => product * rate, 1);

/** @param span Of the stage's output. @returns of its input; may reach beyond either end of what there is. */
export function neededFor(stage: Stage, span: Span): Span {
  const needed = new Map<string, Span>([[stage.output, span]]);
  for (const { inputs, output, reach } of stage.layers.toReversed()) {
    const out = needed.get(output);
    if (out === undefined) continue;
    for (const input of inputs) {
      const known = needed.get(input);
      const more = before(reach, out);
      needed.set(input, known === undefined ? more : union(known, more));
    }
  }
  return needed.get(stage.input) ?? span;
}

function before(reach: Layer["reach"], { from, to }: Span): Span {
  switch (reach.kind) {
    case "each":
      return { from, to };
    case "conv":
      return { from: from - reach.before, to: to - reach.before + reach.length };
    case "up":
      return {
        from: Math.ceil((from + reach.before - reach.length) / reach.stride),
        to: Math.floor((to - 1 + reach.before) / reach.stride) + 1,
      };
  }
}

const union = (a: Span, b: Span): Span => ({ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) });

/**
 * What each stage is to be given so that the last gives at least `wanted`.
 *
 * @param frames Of all that there is, at the first stage's input.
 * @returns `cuts`: of what the stage before gave, or of all there is. `skip`: what the last stage gives too early.
 */
export function cutsFor(stages: readonly Stage[], wanted: Span, frames: number): { cuts: Span[]; skip: number } {
  const spans: Span[] = [];
  let span = wanted;
  let rate = rateOf(stages);
  for (const stage of stages.toReversed()) {
    rate /= stage.rate;
    const { from, to } = neededFor(stage, span);
    span = { from: Math.max(0, from), to: Math.min(frames * rate, to) };
    spans.unshift(span);
  }
  let given = 0;
  const cuts = spans.map(({ from, to }, at) => {
    const cut = { from: from - given, to: to - given };
    given = from * (stages[at]?.rate ?? 1);
    return cut;
  });
  return { cuts, skip: wanted.from - given };
}
