/**
 * Seeded sessions of hostile input against one target after the other. A session begins with a fresh target, is made of
 * steps that its own chance brings forth, and can be played again step by step: that is how a fault is made small.
 */
import { heapStats } from "bun:jsc";
import { seeded } from "../sip/random.ts";
import { minimise } from "./minimise.ts";
import { BrokenRule, type Life, type Step, type Target } from "./target.ts";

export type Fault = {
  target: string;
  /** Of the session: with the target's name it is all that is needed to see it again. */
  seed: number;
  message: string;
  /** The steps that bring it about, made few and small; bytes in hex. */
  steps: { hex?: string; from?: number; ms?: number }[];
};

export type Figures = { inputs: number; seconds: number; worstMs: number; stalls: number };

export type Outcome = {
  seed: number;
  inputs: number;
  perSecond: number;
  /** Slowest input: as measured, and again where it was slow, so that a pause of the machine is not taken for ours. */
  worstMs: number;
  /** What is in use after a collection. */
  heap: { startBytes: number; endBytes: number; growth: number; startObjects: number; endObjects: number };
  targets: Record<string, Figures>;
  faults: Fault[];
};

export type Plan = {
  seed: number;
  /** Ends at whichever comes first. */
  inputs: number;
  seconds: number;
  progress?(inputs: number, seconds: number): void;
};

/** Of the run, before the heap is measured for the first time. */
const warmShare = 0.2;
/** An input that takes longer than this, each time it is tried, is a fault. */
export const stallMs = 50;
/** From here on it is tried again. */
const suspectMs = 5;
const retries = 2;

export function sessionSeed(seed: number, target: string, session: number): number {
  return Number(Bun.hash.wyhash(`${seed} ${target} ${session}`) & 0xffff_ffffn);
}

export async function runCampaign(targets: readonly Target[], plan: Plan): Promise<Outcome> {
  const figures: Record<string, Figures> = {};
  for (const { name } of targets) figures[name] = { inputs: 0, seconds: 0, worstMs: 0, stalls: 0 };
  let start: Live | undefined;
  const from = performance.now();
  const seconds = () => (performance.now() - from) / 1_000;
  const faults: Fault[] = [];
  let inputs = 0;
  for (let session = 0; faults.length === 0 && inputs < plan.inputs && seconds() < plan.seconds; session += 1) {
    for (const target of targets) {
      const mine = figures[target.name];
      if (mine === undefined || inputs >= plan.inputs || seconds() >= plan.seconds) break;
      const ran = await runSession(target, sessionSeed(plan.seed, target.name, session));
      inputs += ran.inputs;
      mine.inputs += ran.inputs;
      mine.seconds += ran.seconds;
      mine.worstMs = Math.max(mine.worstMs, ran.worstMs);
      if (ran.worstMs > stallMs) mine.stalls += 1;
      if (ran.fault !== undefined) faults.push(ran.fault);
    }
    // What is made once, and compiled once, is there before the heap is measured.
    if (inputs >= plan.inputs * warmShare || seconds() >= plan.seconds * warmShare) start ??= measureLive();
    plan.progress?.(inputs, seconds());
  }
  const tookSeconds = seconds();
  const end = measureLive();
  start ??= end;
  return {
    seed: plan.seed,
    inputs,
    perSecond: Math.round(inputs / tookSeconds),
    worstMs: Math.max(...Object.values(figures).map(({ worstMs }) => worstMs)),
    heap: {
      startBytes: start.bytes,
      endBytes: end.bytes,
      growth: end.bytes / start.bytes - 1,
      startObjects: start.objects,
      endObjects: end.objects,
    },
    targets: figures,
    faults,
  };
}

type Live = { bytes: number; objects: number };

function measureLive(): Live {
  Bun.gc(true);
  Bun.gc(true);
  const { heapSize, objectCount } = heapStats();
  return { bytes: heapSize, objects: objectCount };
}

/** Below this, what has grown is code that was compiled and caches of the runtime. */
const slackBytes = 3 * 2 ** 20;
const mostGrowth = 0.05;

export function isFlat({ growth, startBytes, endBytes }: Outcome["heap"]): boolean {
  return growth < mostGrowth || endBytes - startBytes < slackBytes;
}

type Ran = { inputs: number; seconds: number; worstMs: number; fault: Fault | undefined };

export async function runSession(target: Target, seed: number): Promise<Ran> {
  const random = seeded(seed);
  const steps: Step[] = [];
  const from = performance.now();
  let [inputs, worstMs] = [0, 0];
  try {
    const life = target.open(seed);
    while (inputs < target.inputs) {
      const step = life.next(random);
      steps.push(step);
      const tookMs = await timed(life, step);
      if (step.kind === "time") continue;
      inputs += 1;
      if (tookMs > suspectMs && tookMs > worstMs) worstMs = Math.max(worstMs, await again(target, seed, steps, tookMs));
      else worstMs = Math.max(worstMs, Math.min(tookMs, suspectMs));
    }
    await life.settle();
  } catch (error) {
    const fault = await describe(target, seed, steps, error);
    return { inputs, seconds: (performance.now() - from) / 1_000, worstMs, fault };
  }
  const slow = worstMs > stallMs ? await describe(target, seed, steps, slowness(worstMs)) : undefined;
  return { inputs, seconds: (performance.now() - from) / 1_000, worstMs, fault: slow };
}

function slowness(worstMs: number): BrokenRule {
  return new BrokenRule(`one input takes ${worstMs.toFixed(1)} ms, more than ${stallMs} ms`);
}

async function timed(life: Life, step: Step): Promise<number> {
  const from = performance.now();
  const feeding = life.feed(step);
  if (feeding !== undefined) await feeding;
  return performance.now() - from;
}

/** The least of several tries: what the code needs, without what the machine was busy with. */
async function again(target: Target, seed: number, steps: readonly Step[], tookMs: number): Promise<number> {
  let least = tookMs;
  for (let n = 0; n < retries; n += 1) {
    const life = target.open(seed);
    let lastMs = 0;
    for (const step of steps) lastMs = await timed(life, step);
    least = Math.min(least, lastMs);
  }
  return least;
}

async function describe(target: Target, seed: number, steps: readonly Step[], error: unknown): Promise<Fault> {
  const signature = signatureOf(error);
  const fails = async (some: readonly Step[]): Promise<boolean> => {
    try {
      const life = target.open(seed);
      for (const step of some) {
        const tookMs = await timed(life, step);
        if (step.kind === "input" && tookMs > stallMs) throw slowness(tookMs);
      }
      await life.settle();
      return false;
    } catch (other) {
      return signatureOf(other) === signature;
    }
  };
  const few = await minimise(steps, fails);
  return {
    target: target.name,
    seed,
    message: error instanceof BrokenRule ? error.message : error instanceof Error ? (error.stack ?? "") : String(error),
    steps: few.map((step) =>
      step.kind === "time" ? { ms: step.ms } : { hex: Buffer.from(step.bytes).toString("hex"), from: step.from },
    ),
  };
}

/** Where it happened rather than which values it happened with. */
function signatureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const at = error instanceof BrokenRule ? "" : (error.stack?.split("\n").find((line) => line.includes("src/")) ?? "");
  return `${error.name} ${error.message.replaceAll(/\d+(\.\d+)?/g, "N")} ${at.trim()}`;
}
