/** So many callers at once on a fresh appliance, round after round, and what was measured in their calls. */
import type { Status } from "../../../src/control/ports.ts";
import { isLoud } from "../../caller/loudness.ts";
import type { Appliance } from "../../e2e/appliance.ts";
import { removeFolders, startAppliance } from "../../e2e/appliance.ts";
import { cpuSeconds, machineSeconds } from "../../load/cpu.ts";
import { playScript, type Recording } from "./call.ts";
import { type Measured, measured } from "./measure.ts";
import type { Script } from "./script.ts";
import type { Rendered } from "./sounds.ts";
import { followCalls } from "./told.ts";

/** What is measured: the executable with these `--set`s, and what else its environment holds. */
export type Setting = { set: readonly string[]; env: Record<string, string> };

export type MeasuredCall = {
  index: number;
  voice: string;
  /** From the 200 OK to the first packet that is heard. */
  greetingMs: number | undefined;
  /** Of a call that was refused. */
  status: number | undefined;
  /** As the executable filed it. */
  outcome: string | undefined;
  events: Measured[];
};

/** A caller, the sounds of his moves made beforehand. */
export type Caller = { script: Script; sounds: readonly Rendered[] };

export type LevelHooks = {
  progress(text: string): void;
  /** For each call, before its channels are forgotten. */
  recorded(index: number, recording: Recording): Promise<void>;
};

/** Nobody picks up a telephone in step with others. */
const apartMs = 700;

/** @returns the calls in the order of `callers`; `othersShare`: of all processor time, what others took meanwhile. */
export async function measureLevel(
  atOnce: number,
  callers: readonly Caller[],
  setting: Setting,
  hooks: LevelHooks,
): Promise<{ calls: MeasuredCall[]; othersShare: number }> {
  const set = [`sip.maxCalls=${atOnce}`, ...setting.set];
  const appliance = await startAppliance({ set, env: setting.env });
  try {
    const told = followCalls(appliance.folders.data);
    const others = await othersOf(appliance);
    const calls: MeasuredCall[] = [];
    for (let from = 0; from < callers.length; from += atOnce) {
      const round = callers.slice(from, from + atOnce);
      const recorded = await Promise.all(round.map((caller, i) => call(appliance, caller, i * apartMs)));
      hooks.progress(`  ${Math.min(from + atOnce, callers.length)} of ${callers.length} calls`);
      for (const [i, recording] of recorded.entries()) {
        const caller = round[i];
        if (caller === undefined) continue;
        await hooks.recorded(caller.script.index, recording);
        calls.push(figured(caller, recording, told.of(numberOf(caller.script))));
      }
    }
    return { calls, othersShare: await others() };
  } finally {
    await appliance.stop();
    removeFolders(appliance.folders);
  }
}

/** Ofcom's range for drama: nobody has these. */
const numberOf = ({ index }: Script): string => `0770090${String(index).padStart(4, "0")}`;

async function call({ sip }: Appliance, { script, sounds }: Caller, afterMs: number): Promise<Recording> {
  await Bun.sleep(afterMs);
  return await playScript({ ...sip, number: "200", from: numberOf(script) }, script, sounds);
}

function figured(
  { script, sounds }: Caller,
  recording: Recording,
  told: ReturnType<ReturnType<typeof followCalls>["of"]>,
) {
  const events = measured(recording, script, sounds, told);
  const ended = told.flatMap(({ event }) => (event.kind === "ended" ? [event.outcome] : []));
  return {
    index: script.index,
    voice: script.voice,
    greetingMs: greetingOf(recording),
    status: recording.status,
    outcome: ended[0],
    events,
  };
}

function greetingOf({ answeredAtMs, received }: Recording): number | undefined {
  const first = received.frames.findIndex(isLoud);
  const atMs = received.atMs[first];
  return answeredAtMs === undefined || atMs === undefined ? undefined : atMs - answeredAtMs;
}

/** Linux counts what ran; what the appliance's processes and ours did not run was somebody else's. */
async function othersOf(appliance: Appliance): Promise<() => Promise<number>> {
  const own = async () => {
    const { speech } = await appliance.cli<Status>("status");
    const pids = [process.pid, appliance.child.pid, ...speech.map(({ pid }) => pid)];
    return pids.reduce((sum, pid) => sum + cpuSeconds(pid).all, 0);
  };
  const before = { own: await own(), machine: machineSeconds() };
  return async () => {
    const [ours, after] = [(await own()) - before.own, machineSeconds()];
    const busy = after.busy - before.machine.busy;
    return Math.max(0, busy - ours) / (after.all - before.machine.all);
  };
}
