/**
 * `bun test/e2e/speech-kills.ts`: children killed at random moments during real calls; what became of the calls.
 *   --kills N (200)  --seed N (1)  --callers N (2)  --apart MS (2000, from half to one and a half of it)  --json
 * Exit code 1 if a call was lost.
 */
import { parseArgs } from "node:util";
import { createMouth } from "../caller/voice.ts";
import { removeFolders, startAppliance } from "./appliance.ts";
import { answerBoundMs, killChildren } from "./killed-children.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    callers: { type: "string", default: "2" },
    apart: { type: "string", default: "2000" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log("bun test/e2e/speech-kills.ts [--kills 200] [--seed 1] [--callers 2] [--apart 2000] [--json]");
  process.exit(0);
}
const say = await createMouth("gmw/en");
const apartMs = Number(values.apart);
const appliance = await startAppliance();
try {
  const result = await killChildren(appliance, {
    kills: Number(values.kills),
    seed: Number(values.seed),
    callers: Number(values.callers),
    apart: { least: apartMs / 2, most: 1.5 * apartMs },
    lines: [
      "I'd like to book a viewing for fourteen Maple Road please",
      "Thursday please",
      "half past two please",
      "My name is James Wilson",
      "oh seven seven oh oh, nine oh oh, one two three",
      "No, half past three please",
    ].map(say),
    progress: (killed) => {
      if (killed % 10 === 0) process.stderr.write(`${killed} killed\n`);
    },
  });
  if (values.json) console.log(JSON.stringify(result));
  else {
    const { killed, outcomes, linesSaid, linesAnswered, ...others } = result;
    const table = {
      "killed while calls ran": `${killed.whisper} that hear, ${killed.voice} that speak`,
      calls: others.calls,
      "calls lost": others.lost,
      outcomes: Object.entries(outcomes)
        .map(([name, count]) => `${name} ${count}`)
        .join(", "),
      [`lines answered within ${answerBoundMs / 1000} s`]: `${linesAnswered} of ${linesSaid}`,
      "asked to say it again": others.askedToRepeat,
      "went on by keys": others.byKeys,
      restarts: others.restarts,
      "all ready at the end": others.ready,
    };
    for (const [name, value] of Object.entries(table)) console.log(name.padEnd(28), value);
  }
  process.exitCode = result.lost === 0 && result.ready ? 0 : 1;
} finally {
  await appliance.stop();
  removeFolders(appliance.folders);
}
