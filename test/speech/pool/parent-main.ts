/** A parent that starts one voice, says its process id and waits to be killed. */
import { startSpeech } from "../../../src/speech/pool.ts";
import { poolSettings } from "./settings.ts";

const speech = startSpeech(poolSettings());
await speech.ready;
console.log(speech.status()[0]?.pid);
setInterval(() => undefined, 60_000);
