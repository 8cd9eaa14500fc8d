/**
 * Whether audio really crossed a call: normalised cross-correlation of what was sent and what was recorded, over every
 * voiced half second of what was sent.    bun compare-audio.ts sent.wav received.wav
 * Exit 0: 98 % of the windows match at r ≥ 0.95 (SHARE and MIN_R say otherwise) and something voiced was sent.
 */
import { readFileSync } from "node:fs";

export type Comparison = {
  voiced: number;
  matched: number;
  windows: { atMs: number; r: number; lagMs: number | undefined }[];
};

type Pcm = { rateHz: number; samples: Float64Array };

const rateHz = 8000;
const windowSamples = rateHz / 2;
const voicedRms = 100;
const [shortestLagMs, longestLagMs] = [-500, 1000];

/** Both are WAV files of 16 bits; the first channel counts. */
export function compareAudio(sentPath: string, receivedPath: string, leastR = 0.95): Comparison {
  return compareSamples(resampled(readWav(sentPath)), resampled(readWav(receivedPath)), leastR);
}

/** Both of 8000 Hz, in the range of 16 bits. */
export function compareSamples(sent: Float64Array, received: Float64Array, leastR = 0.95): Comparison {
  const windows: Comparison["windows"] = [];
  for (let start = 0; start + windowSamples <= sent.length; start += windowSamples) {
    const energy = energyOf(sent, start);
    if (Math.sqrt(energy / windowSamples) < voicedRms) continue;
    windows.push({ atMs: (1000 * start) / rateHz, ...bestMatch(sent, start, energy, received) });
  }
  return { voiced: windows.length, matched: windows.filter(({ r }) => r >= leastR).length, windows };
}

function bestMatch(sent: Float64Array, start: number, energy: number, received: Float64Array) {
  let r = -1;
  let lagMs: number | undefined;
  for (let lag = shortestLagMs * 8; lag <= longestLagMs * 8; lag++) {
    const at = start + lag;
    if (at < 0 || at + windowSamples > received.length) continue;
    let cross = 0;
    let other = 0;
    for (let i = 0; i < windowSamples; i++) {
      const heard = received[at + i] ?? 0;
      cross += (sent[start + i] ?? 0) * heard;
      other += heard * heard;
    }
    const score = cross / Math.sqrt(energy * other + 1e-9);
    if (score > r) [r, lagMs] = [score, lag / 8];
  }
  return { r, lagMs };
}

function energyOf(samples: Float64Array, start: number): number {
  let energy = 0;
  for (let i = 0; i < windowSamples; i++) energy += (samples[start + i] ?? 0) ** 2;
  return energy;
}

/** A data length of 0 is that of a recorder which was killed: everything that follows counts. */
function readWav(path: string): Pcm {
  const bytes = readFileSync(path);
  let rate = rateHz;
  let channels = 1;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (id === "fmt ") {
      channels = bytes.readUInt16LE(at + 10);
      rate = bytes.readUInt32LE(at + 12);
    }
    if (id === "data") {
      const length = Math.min(size === 0 ? Number.POSITIVE_INFINITY : size, bytes.length - at - 8);
      const samples = Float64Array.from({ length: Math.floor(length / 2 / channels) }, (_, i) =>
        bytes.readInt16LE(at + 8 + 2 * i * channels),
      );
      return { rateHz: rate, samples };
    }
    at += 8 + size + (size & 1);
  }
  throw new Error(`${path}: no sound in it`);
}

/** Straight lines between the samples: enough for a correlation. */
function resampled({ rateHz: from, samples }: Pcm): Float64Array {
  if (from === rateHz) return samples;
  return Float64Array.from({ length: Math.floor((samples.length * rateHz) / from) }, (_, i) => {
    const at = (i * from) / rateHz;
    const share = at - Math.floor(at);
    return (samples[Math.floor(at)] ?? 0) * (1 - share) + (samples[Math.floor(at) + 1] ?? 0) * share;
  });
}

if (import.meta.main) {
  const [sent, received] = process.argv.slice(2);
  if (!sent || !received) throw new Error("usage: bun compare-audio.ts sent.wav received.wav");
  const leastR = Number(process.env.MIN_R ?? 0.95);
  const { voiced, matched, windows } = compareAudio(sent, received, leastR);
  for (const { atMs, r, lagMs } of windows) {
    console.log(
      `${(atMs / 1000).toFixed(1)} s  ${lagMs === undefined ? "not received" : `r=${r.toFixed(2)}  lag=${lagMs.toFixed(0)} ms`}`,
    );
  }
  console.log(`${matched} of ${voiced} voiced windows at r >= ${leastR}`);
  process.exit(voiced > 0 && matched >= Number(process.env.SHARE ?? 0.98) * voiced ? 0 : 1);
}
