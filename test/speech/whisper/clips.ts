/** Synthetic callers for the tests of the recogniser: Debian's espeak-ng through a telephone line. */

/** Seeded random numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * @param voice espeak-ng's own name, such as "gmw/en+f2".
 * @param wordsPerMinute 80…450.
 * @returns 16 kHz mono, −1…1, as it comes out of an A-law telephone call.
 */
export async function spoken(text: string, voice: string, wordsPerMinute = 165, level = 0.25): Promise<Float32Array> {
  const espeak = Bun.spawn(["espeak-ng", "-v", voice, "-s", String(wordsPerMinute), "--stdout", text], {
    stderr: "pipe",
  });
  const wav = new Uint8Array(await new Response(espeak.stdout).arrayBuffer());
  if ((await espeak.exited) !== 0) throw new Error(`espeak-ng failed: ${await new Response(espeak.stderr).text()}`);
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const rateHz = view.getUint32(24, true);
  const samples = new Float32Array((wav.length - 44) >> 1); // the header's own length is wrong in a pipe
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(44 + 2 * i, true) / 32_768;
  return telephone(resample(samples, rateHz, 8000, 3400), level);
}

/** 8 kHz through A-law, then to 16 kHz; the loudest sample comes to `level`. */
export function telephone(narrow: Float32Array, level: number): Float32Array {
  const peak = narrow.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  return resample(
    narrow.map((value) => alaw((value * level) / peak)),
    8000,
    16_000,
    3600,
  );
}

/** Windowed-sinc interpolation between whole rates; nothing above `cutoffHz` passes. */
export function resample(input: Float32Array, fromHz: number, toHz: number, cutoffHz: number): Float32Array {
  const common = greatestCommonDivisor(fromHz, toHz);
  const phases = toHz / common; // output i lies at input i·(fromHz / toHz): as many different fractions, and no more
  const step = fromHz / common;
  const half = Math.ceil((16 * fromHz) / Math.min(fromHz, toHz));
  const width = 2 * half;
  const kernels = Float64Array.from({ length: phases * width }, (_, at) => {
    const away = (at % width) - half + 1 - Math.floor(at / width) / phases;
    return kernel(away, (2 * cutoffHz) / fromHz, half);
  });
  const output = new Float32Array(Math.floor((input.length * toHz) / fromHz));
  for (let i = 0; i < output.length; i++) {
    const first = Math.floor((i * step) / phases) - half + 1;
    const row = ((i * step) % phases) * width;
    let sum = 0;
    for (let j = Math.max(0, -first); j < width && first + j < input.length; j++) {
      sum += (input[first + j] as number) * (kernels[row + j] as number);
    }
    output[i] = sum;
  }
  return output;
}

function kernel(away: number, cut: number, half: number): number {
  const x = Math.PI * cut * away;
  const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x;
  return cut * sinc * (0.5 + 0.5 * Math.cos((Math.PI * away) / (half + 1)));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** One sample there and back through G.711 A-law (ITU-T G.711 §3, table 1): a sign, three bits of segment, four of step. */
export function alaw(value: number): number {
  const size = Math.min(4095, Math.floor(Math.abs(value) * 4096));
  const segment = size < 64 ? 0 : Math.floor(Math.log2(size)) - 5;
  const step = segment === 0 ? 2 : 2 ** segment;
  const decoded = Math.floor(size / step) * step + step / 2;
  return (value < 0 ? -decoded : decoded) / 4096;
}

/** `before` and `after` seconds of line noise (about −60 dBFS) around a clip. */
export function padded(clip: Float32Array, before: number, after: number, random: () => number): Float32Array {
  const lead = Math.round(before * 16_000);
  const out = new Float32Array(lead + clip.length + Math.round(after * 16_000));
  out.set(clip, lead);
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + (random() - 0.5) * 0.002;
  return out;
}

/** One after the other. */
export function joined(clips: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(clips.reduce((sum, clip) => sum + clip.length, 0));
  let at = 0;
  for (const clip of clips) {
    out.set(clip, at);
    at += clip.length;
  }
  return out;
}

/** Brings `text` down to what counts: letters and digits. */
export function bare(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "");
}
