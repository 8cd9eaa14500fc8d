/** The smallest program that has the `speech` command: what the pool's tests start as children. */
import { runSpeechChild } from "../../../src/speech/child.ts";

process.exit(await runSpeechChild(process.argv.slice(2)));
