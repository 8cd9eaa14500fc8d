/** More callers than the machine carries, all of whom talk at once: what each of them hears, and how many are taken on. */
import { loadavg } from "node:os";
import type { Status } from "../../src/control/ports.ts";
import { percentile } from "../bench/voice-to-voice.ts";
import { removeFolders, startAppliance } from "../e2e/appliance.ts";
import { callPatiently, type Waits } from "./patient-caller.ts";

export type Overload = {
  callers: number;
  seconds: number;
  /** `sip.callLimit`, and `sip.maxCalls`. */
  limit: "configured" | "measured";
  atMost: number;
  env: Record<string, string>;
  lines: readonly Int16Array[];
};

/** Nobody picks up a telephone in step with others. */
const apartMs = 700;
/** Who was refused is with people; the line rings again for somebody else. */
const againMs = 5_000;
const lookMs = 1_000;

/** What nobody must wait for without hearing something. */
export const longestSilenceMs = 4_000;

export async function overload({ callers, seconds, limit, atMost, env, lines }: Overload) {
  const set = [`sip.maxCalls=${atMost}`, `sip.callLimit="${limit}"`];
  const appliance = await startAppliance({ set, env });
  try {
    const loadBefore = loadavg()[0] ?? 0;
    const signal = AbortSignal.timeout(1000 * seconds);
    const atStart = (await appliance.cli<Status>("status")).limit.atMost;
    const limits: number[] = [];
    let mostRunning = 0;
    const look = async () => {
      for (; !signal.aborted; await Bun.sleep(lookMs)) {
        const { limit: now, calls } = await appliance.cli<Status>("status");
        limits.push(now.atMost);
        mostRunning = Math.max(mostRunning, calls.length);
      }
    };
    const line = async (index: number): Promise<Waits[]> => {
      const all: Waits[] = [];
      await Bun.sleep(index * apartMs);
      for (let n = 0; !signal.aborted; n++) {
        const from = `07700900${String((index + callers * n) % 1000).padStart(3, "0")}`;
        const own = lines.map((_, i) => lines[(index + i) % lines.length] ?? new Int16Array(0));
        const call = await callPatiently({ ...appliance.sip, number: "200", from }, own, signal);
        all.push(call);
        if (call.status !== undefined && !signal.aborted) await Bun.sleep(againMs);
      }
      return all;
    };
    const [calls] = await Promise.all([
      Promise.all(Array.from({ length: callers }, (_, i) => line(i))).then((all) => all.flat()),
      look(),
    ]);
    const { alarms } = await appliance.cli<Status>("status");
    return {
      ...{ callers, seconds, limit, loadBefore: Number(loadBefore.toFixed(2)) },
      ...figuresOf(calls),
      limitAtStart: atStart,
      limitLeast: Math.min(...limits),
      limitAtEnd: limits.at(-1),
      mostRunning,
      alarms: alarms.map(({ kind }) => kind),
    };
  } finally {
    await appliance.stop();
    removeFolders(appliance.folders);
  }
}

function figuresOf(calls: readonly Waits[]) {
  const taken = calls.filter(({ status }) => status === undefined);
  const refusals = calls.flatMap(({ status }) => (status === undefined ? [] : [status]));
  const silences = taken.flatMap((call) => call.longestSilenceMs);
  const ms = (values: readonly number[], share: number) => Math.round(percentile(values, share));
  const of = (values: readonly number[]) => ({ p50: ms(values, 50), p95: ms(values, 95), max: ms(values, 100) });
  return {
    taken: taken.length,
    refused: Object.fromEntries(
      [...new Set(refusals)].map((status) => [status, refusals.filter((s) => s === status).length]),
    ),
    droppedByUs: taken.filter(({ endedBy }) => endedBy === "them").length,
    lines: silences.length,
    greetingMs: of(taken.flatMap(({ greetingMs }) => greetingMs ?? [])),
    firstSoundMs: of(taken.flatMap((call) => call.firstSoundMs)),
    answerMs: of(taken.flatMap((call) => call.answerMs)),
    silenceMs: of(silences),
    silentForLong: silences.filter((silence) => silence > longestSilenceMs).length,
  };
}
