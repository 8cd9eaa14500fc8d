/** `gatehouse models`: the models that hear and speak: which there are, installing, checking, choosing them. */
import { AppError } from "../app-error.ts";
import { embeddedText } from "../embedded/files.ts";
import { type Command, placeUsage } from "./command.ts";
import { benchCommand, benchOne } from "./models/bench.ts";
import { installCommand } from "./models/install.ts";
import { listModels } from "./models/list.ts";
import { removeCommand } from "./models/remove.ts";
import { useCommand } from "./models/use.ts";
import { verifyCommand } from "./models/verify.ts";
import { writeOut } from "./output.ts";

const commands: Record<string, (args: readonly string[]) => Promise<number>> = {
  list: listModels,
  install: installCommand,
  verify: verifyCommand,
  use: useCommand,
  remove: removeCommand,
  bench: benchCommand,
  "fetch-script": printScript,
};

/** Not for people: what `bench` starts. */
const hidden = { "bench-one": benchOne };

export const models: Command = {
  name: "models",
  summary: "the models that hear and speak: list, install, verify, use, remove, measure",
  usage: `gatehouse models list | install FROM | verify | use NAME | remove NAME | bench [NAME…] | fetch-script

Nothing is ever fetched from here. \`fetch-script\` prints a script for any machine with a network and curl; what it makes
is copied to this one and installed. docs/models.md of the source has the whole way.

  list           what is in use and why, what is installed, what is published
  install FROM   a folder, a .tar, .tar.gz or .tar.bz2, or a Piper .onnx with its .onnx.json beside it. Every file is
                 hashed and held against what is known of it, and the model is run once, before it counts as installed
      --name NAME       in place of its own
      --precision P     of a Whisper model with several: int8, fp32 or both; default: speech.whisper.precision
  verify         hashes every file again, those inside the executable too; exit code 2 if one is not what it was
  use NAME       the model to hear or to speak with from the next start on; "embedded" for the Whisper model inside,
                 "espeak" for espeak-ng. What the configuration names wins over it
  remove NAME    not the one that is in use
  bench [NAME…]  measures this machine with the models that are installed (or those named), checks its arithmetic (exit
                 code 2 if it is wrong), and says which is the largest that keeps ten calls within the goal
      --rounds N        of ten utterances each (default 4)

      --yes             does not ask
      --key FILE        key file (storage.key): the list of installed models is under a code of it
${placeUsage}`,
  async run([name = "", ...args]) {
    const all: typeof commands = { ...commands, ...hidden };
    const command = Object.hasOwn(all, name) ? all[name] : undefined;
    if (command === undefined)
      throw new AppError("invalid_input", `models: expected one of ${Object.keys(commands).join(", ")} (see --help).`);
    return await command(args);
  },
};

async function printScript(): Promise<number> {
  writeOut(embeddedText("scripts/fetch-models"));
  return 0;
}
