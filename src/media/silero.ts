/**
 * Silero VAD v5: the probability that 32 ms of sound are speech. One session serves all calls; each call has its own
 * recurrent state. The model wants the last 64 samples of the step before in front of each 512: without them it gives
 * other numbers.
 *
 * A run of the model is a macrotask and then a synchronous call, so steps of several calls go through it together, at most
 * eight at a time: RTP waits for no more than that.
 */
export const vadStepSamples = 512;
const contextSamples = 64;
const inputSamples = contextSamples + vadStepSamples;
const layerSamples = 128;
const layers = 2;
const mostAtOnce = 8;
/** Per call; more is a machine that cannot keep up: the oldest step then counts as the one before it. */
const mostWaiting = 16;
/** −60 dBFS: G.711's own idle noise and digital silence. No telephone speech is that faint. */
const silencePeak = 32 / 32_768;
/** After a second of silence the model's memory is of a sound long past. */
const forgetAfterSteps = 32;

export type VadStream = {
  /** @param samples 512, 16 kHz, −1…1; copied. @param done called in the order of the steps, perhaps at once. */
  push(samples: Float32Array, done: (probability: number) => void): void;
  /** Nothing is reported after this. */
  close(): void;
};

export type Vad = {
  stream(): VadStream;
  /** Steps that were judged by the model, by their silence, and not at all. */
  readonly counts: { inferred: number; silent: number; skipped: number };
};

type Waiting = { input: Float32Array | undefined; done: (probability: number) => void };
type Stream = {
  state: Float32Array;
  context: Float32Array;
  /** The first one stays until its result is there (`isInFlight`): results come in order. */
  waiting: Waiting[];
  isInFlight: boolean;
  silentSteps: number;
  probability: number;
  isClosed: boolean;
};

/**
 * The model behind it. `input` is [batch, 576], `state` [2, batch, 128]; so are the results: one probability for each
 * of the batch, and the state for the next step.
 */
export type VadModel = {
  infer(
    input: Float32Array,
    state: Float32Array,
    batch: number,
  ): Promise<{ probabilities: Float32Array; state: Float32Array }>;
};

/** @param failed the model gave an error: nothing will be heard any more. */
export function createVad(model: VadModel, failed: (error: unknown) => void): Vad {
  const counts = { inferred: 0, silent: 0, skipped: 0 };
  const streams = new Set<Stream>();
  let isRunning = false;

  function infer(batch: readonly Stream[]): ReturnType<VadModel["infer"]> {
    const input = new Float32Array(batch.length * inputSamples);
    const state = new Float32Array(layers * batch.length * layerSamples);
    batch.forEach((stream, i) => {
      input.set(stream.waiting[0]?.input ?? [], i * inputSamples);
      for (let layer = 0; layer < layers; layer++) {
        const part = stream.state.subarray(layer * layerSamples, (layer + 1) * layerSamples);
        state.set(part, (layer * batch.length + i) * layerSamples);
      }
    });
    return model.infer(input, state, batch.length);
  }

  const nextBatch = (): Stream[] =>
    [...streams].filter((stream) => stream.waiting[0]?.input !== undefined).slice(0, mostAtOnce);

  async function runBatch(batch: readonly Stream[]): Promise<void> {
    for (const stream of batch) stream.isInFlight = true;
    const { probabilities, state } = await infer(batch);
    batch.forEach((stream, i) => {
      for (let layer = 0; layer < layers; layer++) {
        const at = (layer * batch.length + i) * layerSamples;
        stream.state.set(state.subarray(at, at + layerSamples), layer * layerSamples);
      }
      // Those served go to the end of the queue.
      if (streams.delete(stream)) streams.add(stream);
      counts.inferred++;
      stream.isInFlight = false;
      report(stream, stream.waiting.shift(), probabilities[i] ?? 0);
      settleSilent(stream);
    });
  }

  async function pump(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    try {
      // Nothing may come between the look that finds no step and the end: whoever pushed then would wait for ever.
      for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) await runBatch(batch);
    } finally {
      isRunning = false;
    }
  }

  function push(stream: Stream, samples: Float32Array, done: (probability: number) => void): void {
    if (stream.isClosed) return;
    const isSilent = peakOf(samples) <= silencePeak;
    if (stream.waiting.length >= mostWaiting) {
      counts.skipped++;
      const [oldest] = stream.waiting.splice(stream.isInFlight ? 1 : 0, 1);
      report(stream, oldest, stream.probability);
    }
    stream.silentSteps = isSilent ? stream.silentSteps + 1 : 0;
    if (stream.silentSteps === forgetAfterSteps) stream.state.fill(0);
    let input: Float32Array | undefined;
    if (!isSilent) {
      input = new Float32Array(inputSamples);
      input.set(stream.context);
      input.set(samples, contextSamples);
    }
    stream.context.set(samples.subarray(vadStepSamples - contextSamples));
    stream.waiting.push({ input, done });
    settleSilent(stream);
    if (stream.waiting.length > 0) pump().catch(failed);
  }

  /** Reports the steps at the head of the queue that need no model. */
  function settleSilent(stream: Stream): void {
    while (!stream.isInFlight && stream.waiting[0] !== undefined && stream.waiting[0].input === undefined) {
      counts.silent++;
      report(stream, stream.waiting.shift(), 0);
    }
  }

  return {
    counts,
    stream() {
      const stream: Stream = {
        state: new Float32Array(layers * layerSamples),
        context: new Float32Array(contextSamples),
        waiting: [],
        isInFlight: false,
        silentSteps: 0,
        probability: 0,
        isClosed: false,
      };
      streams.add(stream);
      return {
        push: (samples, done) => push(stream, samples, done),
        close() {
          stream.isClosed = true;
          stream.waiting = [];
          stream.isInFlight = false;
          streams.delete(stream);
        },
      };
    },
  };
}

function report(stream: Stream, step: Waiting | undefined, probability: number): void {
  stream.probability = probability;
  if (!stream.isClosed) step?.done(probability);
}

function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i] ?? 0));
  return peak;
}
