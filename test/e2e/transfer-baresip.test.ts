// needs: baresip, espeak-ng, sox
/** A caller put through to a telephone that others wrote: it rings, is asked, says yes, and the two hear one another. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Appliance, makeFolders, removeFolders, startAppliance, until } from "./appliance.ts";
import { freePorts } from "./baresip.ts";
import { joined, shareOf, speechFrom } from "./line-sound.ts";
import { callIn } from "./office-pbx.ts";

const script = join(import.meta.dir, "../peers/baresip/call.sh");
const everyDay = Object.fromEntries(
  ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, ["00:00", "23:59"]]),
);
const folders = makeFolders();
let appliance: Appliance;
let telephone: Bun.Subprocess;
const out = join(folders.root, "baresip");

/** From its answer on: silence while it is asked, "yes" before it is asked again, then a tone. */
async function whatItSays(file: string): Promise<void> {
  const [yes, answer, tone] = ["yes", "answer", "tone"].map((name) => join(folders.root, `${name}.wav`));
  const run = (...command: (string | undefined)[]) => Bun.spawn(command.map((word) => word ?? "")).exited;
  await run("espeak-ng", "-v", "en-us", "-w", yes, "Yes.");
  await run("sox", "-V1", yes, "-r", "8000", "-b", "16", answer, "gain", "-n", "-6", "pad", "8.5", "1.5");
  await run(
    "sox",
    "-V1",
    "-n",
    "-r",
    "8000",
    "-b",
    "16",
    "-c",
    "1",
    tone,
    "synth",
    "60",
    "sine",
    "1000",
    "gain",
    "-12",
  );
  await run("sox", "-V1", answer, tone, file);
}

beforeAll(async () => {
  const [, sipPort, rtpPort] = await freePorts();
  const sound = join(folders.root, "says.wav");
  await whatItSays(sound);
  telephone = Bun.spawn(["bash", script, out, "nobody", "80", sound, ";answermode=auto;audio_codecs=PCMU/8000/1"], {
    env: {
      ...process.env,
      DIAL: " ",
      ACC: "<sip:202@127.0.0.1>",
      LISTEN: `127.0.0.1:${sipPort}`,
      RTP_PORTS: `${rtpPort}-${rtpPort + 10}`,
    },
    stdin: "ignore",
    stdout: Bun.file(join(folders.root, "baresip.log")),
    stderr: "ignore",
  });
  const seed = join(folders.root, "agency.json");
  writeFileSync(seed, JSON.stringify({ branches: [{ id: "office", name: "Office", hours: everyDay }] }));
  const transfer = `sip.transfer={extensions=["202"],pbx="udp:127.0.0.1:${sipPort}"}`;
  const people = 'people=[{name="Beth Carter",extension="202",roles=["reception"]}]';
  appliance = await startAppliance({ folders, set: [`agency.seed=${seed}`, transfer, people, "calls.drainSeconds=0"] });
}, 60_000);

afterAll(async () => {
  telephone.kill();
  await telephone.exited;
  await appliance.kill();
  removeFolders(folders);
});

test("baresip takes the call by a word, in another codec than the caller's, and both hear the other", async () => {
  const caller = await callIn(appliance.sip.port, { onRefer: "refuse" });
  await until(
    "the greeting",
    () => {
      const { heard } = caller.sound;
      return speechFrom(heard) !== undefined && speechFrom(heard.slice(-35)) === undefined;
    },
    20_000,
  );
  caller.sound.press("0#");
  await caller.referred.within(40_000);
  caller.sound.tone(700);
  await until("its tone", () => shareOf([1000], joined(caller.sound.heard.slice(-50))) > 0.95, 8_000);
  await Bun.sleep(1_500);
  caller.hangUp();
  await until("the end of both dialogs", async () => {
    const status = await appliance.cli<{ sip: { dialogs: number } }>("status");
    return status.sip.dialogs === 0;
  });
  caller.close();

  const recording = readdirSync(join(out, "rec")).find((name) => name.endsWith("-dec.wav")) ?? "none";
  const bytes = readFileSync(join(out, "rec", recording));
  const heard = Int16Array.from({ length: (bytes.length - 44) >> 1 }, (_, i) => bytes.readInt16LE(44 + 2 * i));
  let tones = 0;
  for (let at = 0; at + 800 <= heard.length; at += 800) {
    if (shareOf([700], heard.subarray(at, at + 800)) > 0.95) tones++;
  }
  expect(tones).toBeGreaterThan(10); // 100 ms each
}, 90_000);
