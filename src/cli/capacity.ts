/** `gatehouse capacity`: how many conversations at once this machine carries with the models that are configured. */
import { AppError } from "../app-error.ts";
import { askJson, controlPath, isAnswered } from "../control/client.ts";
import type { Status } from "../control/ports.ts";
import { extractNatives } from "../embedded/natives.ts";
import { selfCommand } from "../embedded/self.ts";
import { createLog } from "../log.ts";
import { measurePace } from "../ops/capacity/measure.ts";
import { callsCarried, goalMs, type Load, loadAt, type Pace, utteranceSeconds } from "../ops/capacity/model.ts";
import { openDataFolder } from "../security/data-folder.ts";
import { startSpeech } from "../speech/pool.ts";
import { speechSettings } from "../speech/settings.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";
import { installedSpeechIn } from "./models/installed.ts";

type Config = ReturnType<typeof configOf>;

const rounds = 8;
const longestMs = 30_000;

export const capacity: Command = {
  name: "capacity",
  summary: "how many conversations at once this machine carries, measured",
  usage: `gatehouse capacity [--config FILE] [--data DIR] [--set KEY=VALUE]… [--json]

${placeUsage}

Starts the configured Whisper and voice, has all their processes work at once for some seconds, and reckons from that
at how many calls 95 of 100 answers would still begin within ${goalMs} ms. It is true of a machine that does nothing else
meanwhile, so it refuses while calls are running. sip.callLimit = "measured" does the same, shorter, at each start.`,
  async run(args) {
    const { values } = readArguments(args, placeOptions);
    const config = configOf(values);
    await refuseWhileCallsRun(config.storage.data);
    const pace = await measure(config);
    const carried = callsCarried(pace);
    const { maxCalls } = config.sip;
    const table = [...new Set([1, 2, 5, 10, maxCalls, carried.calls])]
      .sort((a, b) => a - b)
      .map((n) => loadAt(pace, n));
    if (values.json) print(JSON.stringify({ carried, goalMs, maxCalls, pace, table }));
    else print(describe(carried, maxCalls, pace, table).join("\n"));
    return 0;
  },
};

async function refuseWhileCallsRun(dataDir: string): Promise<void> {
  if (!(await isAnswered(controlPath(dataDir)))) return;
  const { calls } = await askJson<Status>(dataDir, "/status");
  if (calls.length === 0) return;
  throw new AppError(
    "conflict",
    `${calls.length} calls are running, and measuring would disturb them: try again later.`,
  );
}

/** @throws AppError of the model that cannot be loaded. */
async function measure(config: Config): Promise<Pace> {
  openDataFolder(config.storage.data);
  const log = createLog(
    () => undefined,
    () => "",
  );
  const speech = startSpeech({
    nativeDir: extractNatives(config.storage.data),
    spawnCommand: selfCommand(["speech"]),
    ...speechSettings(config.speech, installedSpeechIn(config.storage)),
    log,
  });
  try {
    await speech.ready;
    return await measurePace(speech, config.media.codecs, rounds, AbortSignal.timeout(longestMs));
  } finally {
    await speech.close();
  }
}

const percent = (share: number) => `${Math.round(100 * share)} %`;
const processes = (count: number) => (count === 1 ? "1 process" : `${count} processes`);

function describe(carried: Load, maxCalls: number, pace: Pace, table: readonly Load[]): string[] {
  const { hearMs, hearers, speakMs, speakers, mediaShare, cores } = pace;
  const advice =
    carried.calls < maxCalls
      ? `sip.maxCalls = ${maxCalls} is more than that: set it to ${carried.calls}, or sip.callLimit = "measured".`
      : `sip.maxCalls = ${maxCalls} is within that.`;
  return [
    `Whisper  ${Math.round(hearMs)} ms for ${utteranceSeconds} s of speech, ${processes(hearers)}`,
    `Voice    ${Math.round(speakMs)} ms for a first clause, ${processes(speakers)}`,
    `Sound    ${(100 * mediaShare).toFixed(1)} % of a core for each call, ${cores} cores`,
    "",
    "calls  answer begins after (p50, p95)   Whisper busy  voice busy",
    ...table.map(
      ({ calls, responseP50Ms, responseP95Ms, hearersBusy, speakersBusy }) =>
        `${`${calls}`.padStart(5)}  ${`${responseP50Ms} ms, ${responseP95Ms} ms`.padEnd(31)}  ${percent(hearersBusy).padStart(12)}  ${percent(speakersBusy).padStart(10)}`,
    ),
    "",
    `This machine carries ${carried.calls} conversations at p95 ≤ ${goalMs} ms. ${advice}`,
  ];
}
