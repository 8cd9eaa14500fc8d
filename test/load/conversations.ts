/**
 * `bun test/load/conversations.ts`: callers who all talk to the receptionist at once, and how soon they are answered:
 * what `gatehouse capacity` reckons, tried. They say their lines one after another, whatever they are asked, as
 * understanding would take the machine that is measured.
 *   --callers N (10)  --seconds N (60)  --json
 */
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { type Packet, percentile, turnLatencies } from "../bench/voice-to-voice.ts";
import { createEars } from "../caller/ears.ts";
import { isLoud } from "../caller/loudness.ts";
import { dial } from "../caller/phone.ts";
import { createMouth } from "../caller/voice.ts";
import { type Appliance, removeFolders, startAppliance } from "../e2e/appliance.ts";

const { values } = parseArgs({
  options: {
    callers: { type: "string", default: "10" },
    seconds: { type: "string", default: "60" },
    json: { type: "boolean" },
  },
});
const callers = Number(values.callers);
const lines = [
  "I'd like to book a viewing for fourteen Maple Road please",
  "Thursday please",
  "half past two",
  "My name is James Wilson",
  "No, that's not right",
  "Could you say that again please",
];
const agentSilenceMs = 900;
/** Callers do not pick up their telephones in step. */
const apartMs = 700;

const mouth = await createMouth("gmw/en");
const spoken = lines.map((line) => mouth(line));
const appliance = await startAppliance({ set: [`sip.maxCalls=${callers}`] });
try {
  const loadBefore = loadavg()[0] ?? 0;
  const calls = await Promise.all(Array.from({ length: callers }, (_, i) => talk(appliance, i)));
  const latencies = calls.flatMap(({ latenciesMs }) => latenciesMs);
  const ms = (share: number) => Math.round(percentile(latencies, share));
  const figures = {
    callers,
    turns: latencies.length,
    responseP50Ms: ms(50),
    responseP95Ms: ms(95),
    responseP99Ms: ms(99),
    unanswered: calls.reduce((sum, { unanswered }) => sum + unanswered, 0),
    loadBefore: Number(loadBefore.toFixed(2)),
  };
  if (values.json) console.log(JSON.stringify(figures));
  else for (const [name, value] of Object.entries(figures)) console.log(name.padEnd(16), value);
} finally {
  await appliance.stop();
  removeFolders(appliance.folders);
}

async function talk({ sip }: Appliance, index: number) {
  await Bun.sleep(index * apartMs);
  const sent: Packet[] = [];
  const received: Packet[] = [];
  const ears = createEars(agentSilenceMs);
  const over = Promise.withResolvers<void>();
  let said = 0;
  const phone = await dial(
    { ...sip, number: "200", from: `0770090${1000 + index}` },
    {
      answered: () => undefined,
      heard(frame) {
        if (ears.hear(frame) === undefined || phone.speaking()) return;
        phone.say(spoken[(index + said++) % spoken.length] ?? new Int16Array(0));
      },
      ended: () => over.resolve(),
      sent: (frame, atMs) => sent.push({ atMs, loud: isLoud(frame) }),
      received: (frame, atMs) => received.push({ atMs, loud: isLoud(frame) }),
    },
  );
  await Promise.race([over.promise, Bun.sleep(1000 * Number(values.seconds))]);
  phone.hangUp();
  await Bun.sleep(200);
  phone.close();
  return turnLatencies(sent, received, 800);
}
