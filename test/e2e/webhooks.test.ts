/** A caller leaves a message by keys; a program of the office hears of it, also after it was out of order. */
import { expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CallDetail } from "../../src/web/api/shapes.ts";
import { isLoud } from "../caller/loudness.ts";
import { dial } from "../caller/phone.ts";
import { createMouth } from "../caller/voice.ts";
import { makeFolders, removeFolders, runCli, startAppliance, until } from "./appliance.ts";
import type { CallRow } from "./demo-caller.ts";

const secret = "a secret of the office, 32 letters";

type Told = { key: string | null; signed: boolean; body: string };

/** Answers 503 once, then takes everything. */
function openProgram() {
  const told: Told[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const body = await request.text();
      const [, t, mac] = /^t=(\d+),v1=(\w+)$/.exec(request.headers.get("gatehouse-signature") ?? "") ?? [];
      const signed = mac === createHmac("sha256", secret).update(`${t}.${body}`).digest("hex");
      told.push({ key: request.headers.get("idempotency-key"), signed, body });
      return new Response(null, { status: told.length === 1 ? 503 : 204 });
    },
  });
  return { told, url: `http://127.0.0.1:${server.port}/in`, close: () => server.stop(true) };
}

test("a message is told, and told again until it is taken", async () => {
  const say = await createMouth("gmw/en");
  const folders = makeFolders();
  const program = openProgram();
  const file = join(folders.root, "webhook.secret");
  writeFileSync(file, secret, { mode: 0o600 });
  const webhook = `webhooks=[{url="${program.url}",secretFile="${file}",events=["message.taken"],personal=true}]`;
  const appliance = await startAppliance({ folders, set: ["speech.whisper.model=none", webhook] });
  try {
    let quietFrames = 0;
    let ended = false;
    const phone = await dial(
      { ...appliance.sip, number: "200", from: "07700900123" },
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
    const said = async () => {
      const [row] = await appliance.cli<CallRow[]>("calls", "list");
      if (row === undefined) return "";
      const { turns } = await appliance.cli<CallDetail>("calls", "show", row.id);
      return turns.map(({ said }) => said).join(" ");
    };
    const has = (words: string) => until(words, async () => (await said()).includes(words), 20_000);
    await has("To be rung back, press 1.");
    phone.press("1");
    await has("the number you're calling from");
    phone.press("1");
    await has("say your name");
    await until("the agent is silent", () => quietFrames > 40, 30_000);
    phone.say(say("This is Emma Taylor."));
    await until("the message is said", () => !phone.speaking(), 20_000);
    phone.press("#");
    await until("the call is over", () => ended, 20_000);
    phone.close();

    await until("the second attempt", () => program.told.length >= 2, 20_000);
    const [first, second] = program.told;
    expect(second).toEqual({ ...first, signed: true } as Told);
    const event = JSON.parse(first?.body ?? "") as { id: string };
    expect(first?.key).toBe(`"${event.id}"`);
    expect(event).toMatchObject({ event: "message.taken", data: { phone: "+447700900123" } });
    await Bun.sleep(500); // it was taken: it is not told a third time
    expect(program.told).toHaveLength(2);
    const lines = appliance.log.filter((line) => line.includes("webhook"));
    expect(lines).toHaveLength(2);
    expect(lines.join()).toContain("it answered 503");
    expect(lines.join()).not.toMatch(/900123|\/in/);
  } finally {
    await appliance.stop();
    program.close();
    removeFolders(folders);
  }
}, 90_000);

test("a secret that others can read is refused before anything is opened", async () => {
  const folders = makeFolders();
  try {
    const file = join(folders.root, "webhook.secret");
    writeFileSync(file, secret, { mode: 0o644 });
    const set = `webhooks=[{url="https://10.0.0.9/in",secretFile="${file}"}]`;
    const { code, err } = await runCli([
      "serve",
      "--data",
      folders.data,
      "--set",
      set,
      "--set",
      `storage.key=${folders.key}`,
    ]);
    expect([code, err]).toEqual([2, expect.stringContaining(`chmod 600 ${file}`)]);
  } finally {
    removeFolders(folders);
  }
}, 30_000);
