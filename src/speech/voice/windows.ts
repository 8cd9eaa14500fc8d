/** A split voice at work: frames for a whole clause, then its sound window by window. */
import type * as Ort from "onnxruntime-node";
import { AppError } from "../../app-error.ts";
import type { Span } from "./reach.ts";
import { hopSamplesOf, type SplitPlan, windowOf } from "./split-voice.ts";

export type Feeds = Readonly<Record<string, Ort.Tensor>>;

export type PiperSession = {
  inputNames: readonly string[];
  /** Samples in order, −1…1, as they are made. @throws `signal.reason` on abort, between two runs of a graph. */
  run(feeds: Feeds, signal?: AbortSignal): AsyncGenerator<Float32Array>;
};

export type Windows = PiperSession & {
  /** Whether windows give the sound that the decoder gives of all frames at once. */
  saysTheSame(feeds: Feeds): Promise<boolean>;
};

export type WindowsOptions = {
  plan: SplitPlan;
  front: Ort.InferenceSession;
  decoder: Ort.InferenceSession;
  ort: typeof Ort;
  rateHz: number;
};

/**
 * The first is what a caller waits for. The others are no longer: what is aborted ends the sooner, a slow machine never has
 * to make more than this ahead, and longer ones are not cheaper (docs/decisions/0011).
 */
const windowMs = 300;
/** Of the loudest sample: by how much windows may differ from the whole. Seen: a millionth. */
const tolerance = 1e-4;
/** Beginning, middle and end each meet the edges differently. */
const windowsTried = 3;

export function createWindows({ plan, front, decoder, ort, rateHz }: WindowsOptions): Windows {
  const [latents] = plan.handed;
  const windowFrames = Math.ceil((windowMs * rateHz) / 1000 / hopSamplesOf(plan));

  async function framesOf(feeds: Feeds): Promise<{ handed: Feeds; frames: number }> {
    const handed = await front.run(feeds);
    const frames = handed[latents]?.dims[2];
    if (frames === undefined) throw new AppError("model_damaged", "The voice's graph gives no frames");
    return { handed, frames };
  }

  async function soundOf(handed: Feeds, span: Span, frames: number): Promise<Float32Array> {
    const { bounds, skip, length } = windowOf(plan, span, frames);
    const feeds: Record<string, Ort.Tensor> = { ...handed };
    for (const [name, at] of bounds) feeds[name] = new ort.Tensor("int64", BigInt64Array.of(BigInt(at)), [1]);
    const made = (await decoder.run(feeds))[plan.sound]?.data;
    if (!(made instanceof Float32Array)) throw new AppError("model_damaged", "The voice's graph gives no audio");
    return made.subarray(skip, skip + length);
  }

  return {
    inputNames: front.inputNames,
    async *run(feeds, signal) {
      signal?.throwIfAborted();
      const { handed, frames } = await framesOf(feeds);
      for (const span of spansOf(frames, windowFrames)) {
        signal?.throwIfAborted();
        yield await soundOf(handed, span, frames);
      }
    },
    async saysTheSame(feeds) {
      const { handed, frames } = await framesOf(feeds);
      const whole = await soundOf(handed, { from: 0, to: frames }, frames);
      const most = tolerance * whole.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0);
      let at = 0;
      for (const span of spansOf(frames, Math.ceil(frames / windowsTried))) {
        for (const x of await soundOf(handed, span, frames))
          if (!(Math.abs(x - (whole[at++] ?? Number.NaN)) <= most)) return false;
      }
      return frames > 0 && at === whole.length;
    },
  };
}

/** A last one of less than half the length is joined to the one before it. */
export function* spansOf(frames: number, windowFrames: number): Generator<Span> {
  for (let from = 0; from < frames; ) {
    const rest = frames - from;
    const to = rest < 1.5 * windowFrames ? frames : from + windowFrames;
    yield { from, to };
    from = to;
  }
}
