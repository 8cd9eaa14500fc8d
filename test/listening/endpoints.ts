/** Where people begin and end to speak, by our hearing, against where the clean recording says that they do. */
import { seeded } from "../speech/whisper/clips.ts";
import { type Ears, listen } from "./line.ts";
import type { HumanClip } from "./recorded.ts";
import type { Sounds } from "./sounds.ts";

export type Condition = {
  name: string;
  /** Speech to noise, dB; none: the clip as it is. */
  snrDb?: number;
};

/** One clip on one line. Times in ms; `undefined`: there was none. */
export type Hit = {
  path: string;
  group: string;
  condition: string;
  missed: boolean;
  /** Onset reported after speech began. */
  onsetLateMs: number | undefined;
  /** Speech that lies before what the recogniser is given. */
  lostMs: number;
  /** Turns that it was taken for; more than one: cut within it. */
  turns: number;
  /** Cuts at pauses shorter than the silence that is waited for: there was speech that was not heard. */
  wrongCuts: number;
  /** End of speech as reported, after the real one. */
  endLateMs: number | undefined;
  /** Onsets where nobody speaks. */
  falseOnsets: number;
};

const rateHz = 8000;
const leadMs = 3000;
const tailMs = 3000;
/** What an onset may lie before speech and still be of it: breath, and the frame of the model. */
const earlyMs = 250;
const frameMs = 10;
/** Active speech level that clips are brought to, dBov. */
const levelDbov = -22;

/**
 * Stretches of speech in a clean recording, ms: frames within 24 dB of the loudest tenth and above the recording's own
 * noise, gaps under 150 ms closed, blips under 60 ms (clicks, lips) dropped.
 */
export function speechIn(samples: Float32Array): { fromMs: number; toMs: number }[] {
  const perFrame = (rateHz * frameMs) / 1000;
  const levels = Array.from({ length: Math.floor(samples.length / perFrame) }, (_, i) => {
    const frame = samples.subarray(i * perFrame, (i + 1) * perFrame);
    return 10 * Math.log10(frame.reduce((sum, x) => sum + x * x, 0) / perFrame + 1e-12);
  });
  const ordered = [...levels].sort((a, b) => a - b);
  const loud = ordered[Math.floor(0.9 * ordered.length)] ?? -120;
  const floor = ordered[Math.floor(0.05 * ordered.length)] ?? -120;
  const threshold = Math.max(loud - 24, Math.min(floor + 9, loud - 15));
  const spans: { fromMs: number; toMs: number }[] = [];
  levels.forEach((level, i) => {
    if (level < threshold) return;
    const fromMs = i * frameMs;
    const last = spans.at(-1);
    if (last !== undefined && fromMs - last.toMs < 150) last.toMs = fromMs + frameMs;
    else spans.push({ fromMs, toMs: fromMs + frameMs });
  });
  return spans.filter(({ fromMs, toMs }) => toMs - fromMs >= 60);
}

/** The clip in the middle of a line, with noise all along it; at the level of a usual talker. */
function onLine({ samples }: HumanClip, { snrDb }: Condition, noise: Int16Array | undefined): Int16Array {
  const spans = speechIn(samples);
  const speech = spans.flatMap(({ fromMs, toMs }) => [...samples.subarray(fromMs * 8, toMs * 8)]);
  const power = speech.reduce((sum, x) => sum + x * x, 0) / Math.max(1, speech.length);
  const gain = 10 ** (levelDbov / 20) / Math.sqrt(power + 1e-12);
  const line = new Float32Array(samples.length + ((leadMs + tailMs) * rateHz) / 1000);
  line.set(
    samples.map((x) => x * gain),
    (leadMs * rateHz) / 1000,
  );
  if (snrDb !== undefined && noise !== undefined) {
    const noisePower = noise.reduce((sum, x) => sum + (x / 32_768) ** 2, 0) / noise.length;
    const wanted = 10 ** ((levelDbov - snrDb) / 10);
    const factor = Math.sqrt(wanted / (noisePower + 1e-15)) / 32_768;
    for (let n = 0; n < line.length; n++) line[n] = (line[n] ?? 0) + factor * (noise[n] ?? 0);
  }
  return Int16Array.from(line, (x) => Math.round(Math.max(-1, Math.min(1, x)) * 32_767));
}

/** How long a silence ends a turn, as in src/start/sound.ts. */
const silenceMs = 700;

async function hearOne(ears: Ears, clip: HumanClip, condition: Condition, noise: Int16Array | undefined): Promise<Hit> {
  const spans = speechIn(clip.samples).map(({ fromMs, toMs }) => ({ fromMs: fromMs + leadMs, toMs: toMs + leadMs }));
  const firstMs = spans[0]?.fromMs ?? 0;
  const lastMs = spans.at(-1)?.toMs ?? 0;
  const starts: { fromMs: number; reportedMs: number }[] = [];
  const turns: { fromMs: number; toMs: number }[] = [];
  await listen(ears, onLine(clip, condition, noise), (event, atMs) => {
    if (event.kind === "speech-started") starts.push({ fromMs: event.atMs, reportedMs: atMs });
    if (event.kind === "utterance") turns.push({ fromMs: event.startedAtMs, toMs: event.speechEndedAtMs });
  });
  const isOutside = (ms: number) => ms < firstMs - earlyMs || ms > lastMs;
  const real = starts.filter(({ fromMs }) => !isOutside(fromMs));
  const of = turns.filter(({ fromMs, toMs }) => toMs > firstMs && fromMs < lastMs);
  const first = real[0];
  const wrongCuts = of.slice(0, -1).filter(({ toMs }) => {
    const next = spans.find((span) => span.toMs > toMs + 100);
    return next !== undefined && next.fromMs - toMs < silenceMs - 150;
  }).length;
  const end = of.at(-1);
  return {
    path: clip.path,
    group: clip.path.split("/")[0] ?? "",
    condition: condition.name,
    missed: first === undefined && of.length === 0,
    onsetLateMs: first && first.reportedMs - firstMs,
    lostMs: first ? Math.max(0, first.fromMs - 224 - firstMs) : lastMs - firstMs,
    turns: of.length,
    wrongCuts,
    endLateMs: end && end.toMs - lastMs,
    falseOnsets: starts.length - real.length - starts.filter(({ fromMs }) => isWithin(of, fromMs)).length,
  };

  /** The beginning of a turn that runs into the speech is early, and not false. */
  function isWithin(among: readonly { fromMs: number }[], ms: number): boolean {
    return isOutside(ms) && among.some(({ fromMs }) => Math.abs(fromMs - ms) < 1);
  }
}

/** Every clip under every condition, several lines at a time; noises in turn, other stretches for other seeds. */
export async function measureEndpoints(
  ears: Ears,
  clips: readonly HumanClip[],
  conditions: readonly Condition[],
  noises: Sounds,
  seed: number,
  progress?: (share: number) => void,
): Promise<Hit[]> {
  const random = seeded(seed);
  const names = Object.keys(noises);
  const jobs = conditions.flatMap((condition) =>
    clips.map((clip, i) => ({
      clip,
      condition,
      noise: names[i % names.length] ?? "",
      seed: Math.floor(1e9 * random()),
    })),
  );
  const hits: Hit[] = [];
  let next = 0;
  const worker = async () => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
      const seconds = Math.ceil(job.clip.samples.length / rateHz + (leadMs + tailMs) / 1000);
      const noise = job.condition.snrDb === undefined ? undefined : noises[job.noise]?.(seconds, job.seed);
      hits.push(await hearOne(ears, job.clip, job.condition, noise));
      progress?.(hits.length / jobs.length);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return hits;
}
