/**
 * Loaded into the executable by BUN_OPTIONS=--preload, which only a test can do (the unit file removes the variable).
 * Random weights of a model's true size hear nothing, so nobody could talk to them; the demo model hears, but is small.
 * Here the demo model's words come at the large model's price: in the Whisper child each run of its encoder and decoder
 * is followed by one of the large graphs, on as much sound with the large model's own tail, for as many tokens and rows
 * at the same places of a cache of its own size, whose logits are gone through once as decoding does.
 */
type Tensor = { data: Float32Array; dims: readonly number[] };
type TensorType = new (type: string, data: Float32Array | BigInt64Array, dims: readonly number[]) => Tensor;
type Feeds = Record<string, Tensor>;
type Fetches = Record<string, Tensor | null>;
type Metadata = { name: string; shape: readonly number[] }[];
type Session = {
  loadModel(...args: unknown[]): void;
  run(feeds: Feeds, fetches: Fetches, options: unknown): Feeds;
  readonly inputMetadata: Metadata;
  readonly outputMetadata: Metadata;
  dispose(): void;
};
type Binding = {
  InferenceSession: new () => Session;
  initOrtOnce(level: number, tensor: TensorType, isMain: boolean): void;
};

/** Where the executable keeps ONNX Runtime's addon (src/embedded/natives.ts). */
const bindingKey = Symbol.for("gatehouse.onnxruntime-binding");
const { BUN_OPTIONS, SHAPE_ENCODER = "", SHAPE_DECODER = "", SHAPE_TAIL_FRAMES = "0" } = process.env;
const demoTailFrames = 50;
const mels = 80;

if (process.argv.includes("serve")) intoWhisperChild();
if (process.argv.includes("speech")) besideDemoModel();

/** The executable gives its children little of its environment, and this file would not be among it. */
function intoWhisperChild(): void {
  const spawn = Bun.spawn;
  const given = { BUN_OPTIONS, SHAPE_ENCODER, SHAPE_DECODER, SHAPE_TAIL_FRAMES };
  Bun.spawn = ((command: string[], options: { env?: Record<string, string> }) => {
    const isWhisper = command.includes("speech") && command.includes("whisper");
    return spawn(command, isWhisper ? { ...options, env: { ...options.env, ...given } } : options);
  }) as typeof Bun.spawn;
}

function besideDemoModel(): void {
  let taken: Binding | undefined;
  Object.defineProperty(globalThis, bindingKey, {
    get: () => taken,
    set(binding: Binding) {
      taken = withShape(binding);
    },
  });
}

function withShape(binding: Binding): Binding {
  const Plain = binding.InferenceSession;
  const shape = largeModel(Plain);
  class Accompanied {
    readonly #session = new Plain();
    loadModel(...args: unknown[]): void {
      this.#session.loadModel(...args);
      shape.open(args.at(-1));
    }
    run(feeds: Feeds, fetches: Fetches, options: unknown): Feeds {
      const out = this.#session.run(feeds, fetches, options);
      shape.accompany(feeds, options);
      return out;
    }
    get inputMetadata(): Metadata {
      return this.#session.inputMetadata;
    }
    get outputMetadata(): Metadata {
      return this.#session.outputMetadata;
    }
    dispose(): void {
      this.#session.dispose();
    }
  }
  return {
    ...binding,
    InferenceSession: Accompanied,
    initOrtOnce(level, tensor, isMain) {
      shape.tensors(tensor);
      binding.initOrtOnce(level, tensor, isMain);
    },
  };
}

type Caches = { rows: number; before: Tensor[]; after: Tensor[]; logits: Map<number, Tensor> };

function largeModel(Plain: Binding["InferenceSession"]) {
  let make: TensorType | undefined;
  let graphs: { encoder: Session; decoder: Session } | undefined;
  let cross: Tensor[] = [];
  const caches = new Map<number, Caches>();

  const tensor = (dims: readonly number[]): Tensor => {
    if (make === undefined) throw new Error("no tensors yet");
    return new make("float32", new Float32Array(dims.reduce((product, dim) => product * dim, 1)), dims);
  };
  const integers = (dims: readonly number[], value: number): Tensor => {
    if (make === undefined) throw new Error("no tensors yet");
    const count = dims.reduce((product, dim) => product * dim, 1);
    return new make("int64", new BigInt64Array(count).fill(BigInt(value)), dims);
  };
  const named = (metadata: Metadata, values: readonly (Tensor | null)[]) =>
    Object.fromEntries(metadata.map(({ name }, i) => [name, values[i] ?? null]));

  function encode({ encoder }: { encoder: Session }, demoFrames: number, options: unknown): void {
    const frames = Math.min(3000, demoFrames - demoTailFrames + Number(SHAPE_TAIL_FRAMES));
    const feeds = named(encoder.inputMetadata, [tensor([1, mels, frames])]) as Feeds;
    const out = encoder.run(feeds, named(encoder.outputMetadata, []), options);
    cross = encoder.outputMetadata.flatMap(({ name }) => out[name] ?? []);
  }

  function decode({ decoder }: { decoder: Session }, rows: number, tokens: number, at: number, options: unknown): void {
    const cache = caches.get(rows) ?? newCaches(decoder, rows);
    caches.set(rows, cache);
    const vocabulary = decoder.outputMetadata[0]?.shape.at(-1) ?? 0;
    const logits = cache.logits.get(tokens) ?? tensor([rows, tokens, vocabulary]);
    cache.logits.set(tokens, logits);
    const heard = rows === 1 ? cross : cross.map((one) => repeated(one, rows));
    const feeds = [integers([rows, tokens], 1), ...cache.before, ...heard, integers([1], at)];
    decoder.run(
      named(decoder.inputMetadata, feeds) as Feeds,
      named(decoder.outputMetadata, [logits, ...cache.after]),
      options,
    );
    [cache.before, cache.after] = [cache.after, cache.before];
    readThrough(logits.data);
  }

  function newCaches(decoder: Session, rows: number): Caches {
    const [, keys] = decoder.inputMetadata;
    const [layers = 0, , context = 0, state = 0] = keys?.shape ?? [];
    const pair = () => [tensor([layers, rows, context, state]), tensor([layers, rows, context, state])];
    return { rows, before: pair(), after: pair(), logits: new Map() };
  }

  function repeated({ data, dims }: Tensor, rows: number): Tensor {
    const [layers = 0, , columns = 0, state = 0] = dims;
    const out = tensor([layers, rows, columns, state]);
    const each = columns * state;
    for (let i = 0; i < layers * rows; i++) {
      const layer = Math.floor(i / rows);
      out.data.set(data.subarray(layer * each, (layer + 1) * each), i * each);
    }
    return out;
  }

  return {
    tensors(type: TensorType): void {
      make = type;
    },
    /** With the settings that the first graph is opened with. */
    open(settings: unknown): void {
      graphs ??= { encoder: opened(Plain, SHAPE_ENCODER, settings), decoder: opened(Plain, SHAPE_DECODER, settings) };
    },
    accompany(feeds: Feeds, options: unknown): void {
      const inputs = Object.values(feeds);
      const [first] = inputs;
      if (graphs === undefined || first === undefined) return;
      const [rows = 1, tokens = 1] = first.dims;
      if (inputs.length === 1) encode(graphs, first.dims[2] ?? 0, options);
      else if (inputs.length === 6) decode(graphs, rows, tokens, Number(inputs[5]?.data[0] ?? 0), options);
    },
  };
}

function opened(Plain: Binding["InferenceSession"], path: string, settings: unknown): Session {
  const session = new Plain();
  session.loadModel(path, settings);
  return session;
}

/** Log-probabilities need the largest and the sum. */
function readThrough(logits: Float32Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of logits) if (value > largest) largest = value;
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}
