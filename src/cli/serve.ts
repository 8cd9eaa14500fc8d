/** `gatehouse serve`: runs the appliance until SIGTERM or SIGINT. */
import { runAppliance } from "../main.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";

export const serve: Command = {
  name: "serve",
  summary: "run the appliance",
  usage: `gatehouse serve [--config FILE] [--data DIR] [--key FILE] [--set KEY=VALUE]… [--json]

${placeUsage}
      --key FILE        key file (storage.key): 32 random bytes, made at first start, outside the data directory

With --json the first line on standard output is {"ready":true,"sip":…,"web":…,"speech":…}.
SIGTERM lets running calls end (calls.drainSeconds); a second one stops at once. The log goes to standard error.`,
  async run(args) {
    const { values } = readArguments(args, { ...placeOptions, key: { type: "string" } });
    const config = configOf(values);
    const stop = stopSignal();
    const appliance = await runAppliance(config);
    announce(appliance.ready, values.json === true, config.storage.data);
    await stop;
    await appliance.close();
    return 0;
  },
};

function announce(
  ready: { sip: string; web: string; fingerprint: string; speech: string },
  json: boolean,
  dataDir: string,
): void {
  if (json) return print(JSON.stringify({ ready: true, ...ready }));
  print(`Calls      sip:${ready.sip} (UDP)`);
  print(`Web        ${ready.web}  certificate SHA-256 ${ready.fingerprint}`);
  print(`Speech     ${ready.speech}`);
  print(`Sign in    gatehouse sign-in --data ${dataDir}`);
}

/** Heard from the first line on: one that comes while we start is obeyed as soon as there is something to close. */
function stopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let asked = false;
  const receive = () => {
    if (asked) process.exit(0); // what is committed is safe; what runs is cut off, and said so at the next start
    asked = true;
    resolve();
  };
  process.on("SIGTERM", receive);
  process.on("SIGINT", receive);
  return promise;
}
