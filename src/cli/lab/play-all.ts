/** All calls of a plan, one after the other by text, two at a time by voice: hearing is the work there. */
import { setImmediate } from "node:timers/promises";
import { misheard } from "../../lab/noise.ts";
import type { Plan, PlannedCall } from "../../lab/plan.ts";
import { score } from "../../lab/score.ts";
import type { Result } from "../../lab/summary.ts";
import { type Offices, prepareOffices } from "../chat/office.ts";
import { withNatives } from "../throwaway-natives.ts";
import { openLineEars } from "./line-ears.ts";
import { type Ears, play } from "./play.ts";
import type { Lab } from "./suites.ts";
import { callerVoices, openMouth } from "./voices.ts";

export async function playByText(lab: Lab, plan: Plan, told: (result: Result) => void): Promise<Result[]> {
  const hear: Ears = async (text, { noise }, random) => [misheard(text, noise, lab.confusions, random)];
  return await playAll(lab, plan, [hear], (planned) => planned.noise === 0, told);
}

const voiceLanes = 2;

export async function playByVoice(lab: Lab, plan: Plan, told: (result: Result) => void): Promise<Result[]> {
  const names = [...Object.values(lab.words.addresses), ...lab.seed.staff.map(({ name }) => name)];
  return await withNatives(async (nativeDir) => {
    const [mouth, ears] = await Promise.all([openMouth(), openLineEars(nativeDir, voiceLanes, names)]);
    const lanes = ears.map(
      (own): Ears =>
        async (text, { person }, _random, listener) => {
          const voice = callerVoices[person % callerVoices.length] ?? callerVoices[0];
          return await own.hear(mouth(text, voice), listener);
        },
    );
    try {
      return await playAll(lab, plan, lanes, () => false, told);
    } finally {
      for (const own of ears) await own.close();
    }
  });
}

async function playAll(
  { seed, words }: Lab,
  { calls }: Plan,
  lanes: readonly Ears[],
  exactWords: (planned: PlannedCall) => boolean,
  told: (result: Result) => void,
): Promise<Result[]> {
  const noticed = new Set(seed.properties.filter(({ noticeHours }) => noticeHours > 0).map(({ id }) => id));
  const offices = prepareOffices(seed, () => new Date(`${words.ways.now}Z`));
  const stay = stopWith(offices);
  const results: Result[] = [];
  let at = 0;
  const ringOn = async (hear: Ears): Promise<void> => {
    for (let planned = calls[at++]; planned !== undefined; planned = calls[at++]) {
      await setImmediate(); // by text nothing else waits, and a signal would be heeded after the last call only
      const played = await play(planned, offices, words, hear);
      const marking = { ways: words.ways, noticed, exactWords: exactWords(planned) };
      const result = { planned, played, misses: score(planned.scenario, played, marking) };
      results.push(result);
      told(result);
    }
  };
  try {
    await Promise.all(lanes.map(ringOn));
  } finally {
    stay();
    offices.close();
  }
  return results;
}

const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Removed with the process, whoever ends it: `withNatives` has heard of the signal before us, and exits.
 * @returns what takes that back.
 */
function stopWith({ close }: Offices): () => void {
  const stop = () => process.exit(130);
  process.once("exit", close);
  for (const signal of stopSignals) process.once(signal, stop);
  return () => {
    process.off("exit", close);
    for (const signal of stopSignals) process.off(signal, stop);
  };
}
