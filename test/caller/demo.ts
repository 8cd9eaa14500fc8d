/**
 * The demo: starts the executable on embedded defaults and throw-away folders, lets an invented caller book a viewing
 * by a real SIP call, prints the conversation as it happens and the booking as the encrypted database has it.
 */
import { parseArgs } from "node:util";
import { type Appliance, removeFolders, startAppliance } from "../e2e/appliance.ts";
import { converse } from "./conversation.ts";
import { demoWish } from "./demo-agency.ts";
import type { Wish } from "./persona.ts";
import { createMouth, createUnderstanding } from "./voice.ts";

const usage = `./scripts/demo [--once]
Builds and starts the appliance, has an invented caller book a viewing by a real call over SIP, and goes on serving.
  --once   end after the call: exit 0 if what the database holds is what the caller said, 1 if not; the last line is JSON`;

type Viewing = { id: string; property: string; start: string; name: string; phone: string; staff: string };

const { values } = parseArgs({ options: { once: { type: "boolean" }, help: { type: "boolean", short: "h" } } });
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const appliance = await startAppliance();
let ending: Promise<void> | undefined;
/** Stops the appliance and removes both folders, once. */
function end(): Promise<void> {
  ending ??= appliance.stop().then(() => removeFolders(appliance.folders));
  return ending;
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void end().then(() => process.exit(0)));

try {
  const ok = await callAndCompare(appliance);
  if (values.once) {
    await end();
    process.exit(ok ? 0 : 1);
  }
  await explainTheWeb(appliance);
  await appliance.child.exited;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await end();
}
process.exit();

async function callAndCompare(running: Appliance): Promise<boolean> {
  const { ready, sip } = running;
  console.log(`Gatehouse answers at sip:${ready.sip} (UDP) and ${ready.web}\n`);
  const wish = demoWish();
  const [say, understand] = await Promise.all([createMouth("gmw/en"), createUnderstanding()]);
  const following = Bun.spawn(
    [process.execPath, new URL("./narrate.ts", import.meta.url).pathname, running.folders.data],
    { stdout: "inherit", stderr: "ignore" },
  );
  const conversation = await converse({ ...sip, number: "200", from: "07700900123" }, wish, { say, understand });
  await Bun.sleep(300); // the narrator prints the last words
  following.kill();
  if (conversation.status !== undefined) console.log(`The call was refused with ${conversation.status}.`);
  return await compare(running, wish);
}

/** Reads the booking back from the encrypted database, through the appliance's own command line. */
async function compare(running: Appliance, wish: Wish): Promise<boolean> {
  const viewings = await running.cli<Viewing[]>("viewings", "list");
  const booked = viewings.find(({ name, phone }) => name === wish.name && phone === wish.phone) ?? viewings.at(-1);
  if (booked)
    console.log(
      `\nIn the diary: ${booked.start}  ${booked.property}, ${booked.name}, ${booked.phone}, with ${booked.staff}`,
    );
  else console.log("\nNo viewing was booked.");
  const viewing = booked && { property: booked.property, start: booked.start, name: booked.name, phone: booked.phone };
  console.log(JSON.stringify({ viewing: viewing ?? null }));
  return (
    viewing !== undefined &&
    viewings.length === 1 &&
    viewing.property === wish.property &&
    viewing.start === `${wish.day}T${wish.time}` &&
    viewing.name === wish.name &&
    viewing.phone === wish.phone
  );
}

async function explainTheWeb(running: Appliance): Promise<void> {
  const { url } = await running.cli<{ url: string }>("sign-in");
  const port = new URL(running.ready.web).port;
  console.log(`
Open      ${url}
          (this link signs you in once, within 15 minutes)
Browser   will warn that it does not know the certificate: it is this appliance's own. Go on if the browser shows
          the SHA-256 fingerprint ${running.ready.fingerprint}
Headless  ssh -L ${port}:127.0.0.1:${port} ${process.env.USER ?? "you"}@this-server   and open the same link on your own machine

Terminal  dist/gatehouse status --data ${running.folders.data}

Serving until Ctrl-C; then both temporary folders are removed.`);
}
