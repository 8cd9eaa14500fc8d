/** The executable's entry: arguments → command. */
import { AppError } from "./app-error.ts";
import { calls } from "./cli/calls.ts";
import { capacity } from "./cli/capacity.ts";
import { chat } from "./cli/chat.ts";
import type { Command } from "./cli/command.ts";
import { drain } from "./cli/drain.ts";
import { feeds } from "./cli/feeds.ts";
import { importList } from "./cli/import.ts";
import { lab } from "./cli/lab.ts";
import { licencesText } from "./cli/licences.ts";
import { models } from "./cli/models.ts";
import { onCall } from "./cli/on-call.ts";
import { writeOut } from "./cli/output.ts";
import { say } from "./cli/say.ts";
import { serve } from "./cli/serve.ts";
import { signIn } from "./cli/sign-in.ts";
import { sip } from "./cli/sip.ts";
import { status } from "./cli/status.ts";
import { transcribe } from "./cli/transcribe.ts";
import { understand } from "./cli/understand.ts";
import { viewings } from "./cli/viewings.ts";
import { keepMemoryOffTheDisk } from "./ops/memory.ts";
import { runSpeechChild } from "./speech/child.ts";
import { version } from "./version.ts";

const licences: Command = {
  name: "licences",
  summary: "print all notices: ours and those of everything inside",
  usage: "gatehouse licences",
  async run() {
    writeOut(licencesText());
    return 0;
  },
};

/** Started by `serve` as a child of this same executable; not for people. */
const speech: Command = {
  name: "speech",
  summary: "",
  usage: "gatehouse speech: one process of `gatehouse serve`; it is not started by hand",
  run: async (args) => await runSpeechChild([...args]),
};

const commands: readonly Command[] = [
  serve,
  status,
  calls,
  viewings,
  importList,
  onCall,
  feeds,
  drain,
  sip,
  capacity,
  models,
  signIn,
  chat,
  understand,
  lab,
  say,
  transcribe,
  licences,
];

function help(): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`);
  return [
    `gatehouse ${version}: a voice receptionist that lives in the office`,
    "",
    ...lines,
    "",
    "gatehouse COMMAND --help says more.",
    "",
  ].join("\n");
}

async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    writeOut(help());
    return 0;
  }
  if (name === "--version" || name === "version") {
    writeOut(`${version}\n`);
    return 0;
  }
  const command = [...commands, speech].find((candidate) => candidate.name === name);
  if (!command) throw new AppError("invalid_input", `There is no command "${name}"; gatehouse help lists them.`);
  if (rest.includes("--help") || rest.includes("-h")) {
    writeOut(`${command.usage}\n`);
    return 0;
  }
  return await command.run(rest);
}

keepMemoryOffTheDisk();

/** Expected failures: one line that says what to do, exit code 2. Bugs: as they are, exit code 1. */
run(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof AppError) {
      process.stderr.write(`gatehouse: ${error.message}\n`);
      process.exit(2);
    }
    process.stderr.write(`gatehouse: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
