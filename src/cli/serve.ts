/** `gatehouse serve`: runs the appliance until SIGTERM, SIGINT or SIGHUP. */
import { createLog, type Log, logToStandardError } from "../log.ts";
import { runAppliance } from "../main.ts";
import { type Command, configOf, placeOptions, placeUsage, readArguments } from "./command.ts";
import { writeOut } from "./output.ts";

export const serve: Command = {
  name: "serve",
  summary: "run the appliance",
  usage: `gatehouse serve [--config FILE] [--data DIR] [--key FILE] [--set KEY=VALUE]… [--json]

${placeUsage}
      --key FILE        key file (storage.key): 32 random bytes, made at first start, outside the data directory

With --json the first line on standard output is {"ready":true,"sip":…,"web":…,"speech":…}.
SIGTERM (or Ctrl-C, or a closed terminal) lets running calls end (calls.drainSeconds); a second one stops at once. The log goes to standard error.`,
  async run(args) {
    const { values } = readArguments(args, { ...placeOptions, key: { type: "string" } });
    const config = configOf(values);
    const log = createLog(logToStandardError(), () => new Date().toISOString());
    const stop = reasonToStop(log);
    const appliance = await runAppliance(config, log);
    announce(appliance.ready, values.json === true, config.storage.data);
    const exitCode = await stop;
    await appliance.close();
    return exitCode;
  },
};

function announce(
  ready: { sip: string; web: string; fingerprint: string; speech: string },
  json: boolean,
  dataDir: string,
): void {
  const lines = json
    ? [JSON.stringify({ ready: true, ...ready })]
    : [
        `Calls      sip:${ready.sip}`,
        `Web        ${ready.web}  certificate SHA-256 ${ready.fingerprint}`,
        `Speech     ${ready.speech}`,
        `Sign in    gatehouse sign-in --data ${dataDir}`,
      ];
  writeOut(`${lines.join("\n")}\n`); // if nobody reads it (any more), calls are answered all the same
}

/**
 * A signal, or a bug that nobody caught: then the calls that still can go on to their end, no new ones are taken, and
 * the exit code says it to whatever starts us again. Of the bug only its place is logged, as its text might quote a
 * caller. Heard from the first line on: one that comes while we start is obeyed as soon as there is something to close.
 */
function reasonToStop(log: Log): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let asked = false;
  const receive = () => {
    if (asked) process.exit(0); // what is committed is safe; what runs is cut off, and said so at the next start
    asked = true;
    resolve(0);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, receive);
  const fail = (error: unknown) => {
    log.error("a bug: the appliance ends", error);
    resolve(1);
  };
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  return promise;
}
