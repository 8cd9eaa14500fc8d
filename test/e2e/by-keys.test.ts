/** Callers whom nobody can hear: told so, served by keys, and their words kept for people to listen to. */
import { afterEach, beforeAll, expect, test } from "bun:test";
import type { Status } from "../../src/control/ports.ts";
import type { CallDetail } from "../../src/web/api/shapes.ts";
import { isLoud } from "../caller/loudness.ts";
import { dial, type Phone } from "../caller/phone.ts";
import { createMouth } from "../caller/voice.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";
import type { CallRow } from "./demo-caller.ts";
import { withRecords } from "./opened.ts";

type Say = Awaited<ReturnType<typeof createMouth>>;
type Shown = CallRow & Pick<CallDetail, "turns">;

let appliance: Appliance | undefined;
let say: Say;
beforeAll(async () => {
  say = await createMouth("gmw/en");
}, 60_000);
afterEach(async () => {
  if (!appliance) return;
  await appliance.kill();
  removeFolders(appliance.folders);
  appliance = undefined;
});

/** A caller with keys, who waits until the agent has come to what he answers. */
async function ring(target: Appliance) {
  let quietFrames = 0;
  let ended = false;
  const phone: Phone = await dial(
    { ...target.sip, number: "200", from: "07700900123" },
    {
      answered: () => undefined,
      heard: (frame) => {
        quietFrames = isLoud(frame) ? 0 : quietFrames + 1;
      },
      ended: () => {
        ended = true;
      },
    },
  );
  const call = async () => {
    const [row] = await target.cli<CallRow[]>("calls", "list");
    return row === undefined ? undefined : await target.cli<Shown>("calls", "show", row.id);
  };
  return {
    phone,
    call,
    has: async (words: string) =>
      until(words, async () => (await call())?.turns.some(({ said }) => said.includes(words)) ?? false, 20_000),
    quiet: () => until("the agent is silent", () => quietFrames > 40, 30_000),
    over: () => until("the call is over", () => ended, 20_000),
  };
}

test("no model to hear with: a number by keys, and the message in the recording", async () => {
  appliance = await startAppliance({ set: ["speech.whisper.model=none"] });
  expect(appliance.ready.speech).toBe("callers are served by keys");
  const { alarms, speech } = await appliance.cli<Status>("status");
  expect(alarms).toMatchObject([{ kind: "hearing", over: false }]);
  expect(speech.map(({ kind }) => kind)).toEqual(["voice"]);

  const caller = await ring(appliance);
  await caller.has("To be rung back, press 1.");
  caller.phone.press("1"); // into the announcement: a key stops it
  await caller.has("the number you're calling from");
  caller.phone.press("2");
  await caller.has("key in your number");
  caller.phone.press("07700900456#");
  await caller.has("That's 07700 900 456");
  caller.phone.press("1");
  await caller.has("say your name");
  await caller.quiet();
  caller.phone.say(say("This is Emma Taylor. The boiler at nine Station Road does not work."));
  await until("the message is said", () => !caller.phone.speaking(), 20_000);
  caller.phone.press("#");
  await caller.over();
  caller.phone.close();

  const call = await caller.call();
  expect(call).toMatchObject({ outcome: "message", recording: "sealed" });
  expect(await appliance.stop()).toBe(0);
  withRecords(appliance.folders, (records) => {
    const { sealed, caller: heard } = records.recordings.readRecording(call?.id ?? "");
    expect(records.messages.ofCall(call?.id ?? "")).toMatchObject([
      { phone: "+447700900456", about: expect.stringContaining("recording") },
    ]);
    const loud = Array.from({ length: Math.floor(heard.length / 160) }, (_, n) =>
      isLoud(heard.subarray(160 * n, 160 * (n + 1))),
    );
    expect(sealed).toBe(true);
    expect(loud.filter(Boolean).length).toBeGreaterThan(100); // 2 s
  });
}, 90_000);
