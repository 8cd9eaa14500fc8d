/**
 * `bun run bench:voice`: how soon a caller hears what is said, from the decision to speak to the first RTP packet with
 * speech in it, through the real speech child, the real cache and the real playout: new clauses and cached prompts
 * apart. By default with a voice of Piper's size and random weights (speed does not depend on the values).
 *   --voice FILE.onnx   another Piper voice, or the name of an espeak-ng voice   --rounds N (6)   --json
 *   --whole   its graph in one piece, not in windows: for comparison
 *   --memory N          instead: memory of the voice's process over N clauses   --levels   instead: how loud it is
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createSpeaker } from "../../src/calls/speaker.ts";
import { extractNatives } from "../../src/embedded/natives.ts";
import { startMedia } from "../../src/media/client.ts";
import { decode } from "../../src/media/g711.ts";
import { parseRtp } from "../../src/media/rtp.ts";
import { startSpeech } from "../../src/speech/pool.ts";
import type { Speech } from "../../src/speech/ports.ts";
import { createPromptCache, type PromptCache } from "../../src/speech/voice/prompt-cache.ts";
import { isLoud } from "../caller/loudness.ts";
import { type Level, voiceLevels } from "./voice-levels.ts";
import { type MemoryPoint, voiceMemory } from "./voice-memory.ts";
import { voiceSettings } from "./voice-settings.ts";
import { percentile } from "./voice-to-voice.ts";

const help = `bun run bench:voice [--voice FILE.onnx|NAME] [--rounds N] [--whole] [--json] [--memory N | --levels]
How soon a caller hears what is said: new clauses and cached prompts apart.
  --voice    a Piper voice, or the name of an espeak-ng voice; default: Piper's size, random weights
  --rounds   how often each of the texts is said (6)
  --whole    the default voice with its graph in one piece, not in windows: for comparison
  --memory   instead: memory of the voice's process over so many clauses
  --levels   instead: active speech level (ITU-T P.56) and peak of clauses, at 8 kHz`;

const { values } = parseArgs({
  options: {
    voice: { type: "string" },
    rounds: { type: "string", default: "6" },
    whole: { type: "boolean" },
    memory: { type: "string" },
    levels: { type: "boolean" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}

/** About a second each in an English voice. */
const shortClauses = [
  "Good morning.",
  "Thank you.",
  "Of course.",
  "Certainly.",
  "One moment.",
  "All right.",
  "Which day?",
  "I see.",
];
/** As answers are: what counts is when their first sound comes. */
const answers = [
  "Thank you, I have a viewing at fourteen Maple Road on Tuesday at half past two, is that right?",
  "I can offer you a viewing on Tuesday the fourth of November at half past two.",
  "I am sorry, nobody is free to take your call at the moment.",
  "The house in Maple Road is let already but there is one in Oak Avenue with three bedrooms.",
];
/** No piece of it ends early, so that it is one clause. */
const sixSeconds = "Flat seventeen Copper Beech Avenue has three bedrooms two bathrooms";
/** Said and taken back at once: how long it goes on costing. */
const longClause =
  "The house in Maple Road is let already but there is another one in Oak Avenue with three bedrooms and a garden.";

type Row = { what: string; times: number[]; goal: string };
const progress = (text: string) => process.stderr.write(`${text}\n`);
const never = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "gatehouse-voice-speed-"));
const nativeDir = extractNatives("");
const voice = await voiceSettings(values.voice, folder, values.whole);
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}`;
try {
  if (values.levels) reportLevels(await voiceLevels(voice, nativeDir));
  else if (values.memory === undefined) reportSpeed(await speed());
  else reportMemory(await voiceMemory({ nativeDir, voice, clauses: Number(values.memory), progress }));
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(0);

async function speed(): Promise<Row[]> {
  const speech = startSpeech({
    nativeDir,
    spawnCommand: [process.execPath, join(import.meta.dir, "../speech/pool/child-main.ts")],
    whisper: { source: { embedded: "models/demo-whisper/" }, precision: "int8", count: 0 },
    voice: { ...voice, count: 1 },
    log: { info: () => undefined, warn: progress, error: progress },
  });
  await speech.ready;
  const prompts = createPromptCache(speech, "bench");
  progress("rendering what is cached");
  await prompts.prepare(shortClauses, never);
  const line = await openLine(speech, prompts);
  const made: Row = { what: "a new clause", times: [], goal: "≤ 80 ms for 1 s" };
  const heard: Row = { what: "the same: → first packet on the wire", times: [], goal: "" };
  const answered: Row = { what: "an answer of several clauses: → its first sound", times: [], goal: "≤ 80 ms" };
  const cached: Row = { what: "a cached prompt", times: [], goal: "≤ 5 ms" };
  const cachedHeard: Row = { what: "the same: → first packet on the wire", times: [], goal: "" };
  const work: Row = { what: "CPU time of the voice's process until then", times: [], goal: "" };
  const spoken: Row = {
    what: "CPU time of the voice's process for a second of sound, a whole answer",
    times: [],
    goal: "",
  };
  const sentence: Row = { what: "one clause of six seconds: → its first sound", times: [], goal: "" };
  const gaps: Row = {
    what: "the same: gaps in it, played from its first sound on",
    times: [],
    goal: "0 ms",
  };
  const freed: Row = { what: "a long clause aborted → the voice is free again", times: [], goal: "" };
  for (let round = 0; round < Number(values.rounds); round++) {
    progress(`round ${round + 1}`);
    for (const text of shortClauses) {
      const before = cpuMs(speech);
      const fresh = await line.say(text, false);
      made.times.push(fresh.handedMs);
      heard.times.push(fresh.wireMs);
      work.times.push(fresh.cpuMs - before);
      const known = await line.say(text, true);
      cached.times.push(known.handedMs);
      cachedHeard.times.push(known.wireMs);
    }
    for (const text of answers) answered.times.push((await line.say(text, false)).handedMs);
    freed.times.push(await freeAfterAbort(speech));
    for (const text of answers) {
      const before = cpuMs(speech);
      const { soundMs } = await listen(speech, text);
      spoken.times.push((1000 * (cpuMs(speech) - before)) / soundMs);
    }
    const { firstMs, gapMs } = await listen(speech, sixSeconds);
    sentence.times.push(firstMs);
    gaps.times.push(gapMs);
  }
  made.what += `, ${Math.round((await listen(speech, shortClauses[0] ?? "")).soundMs)} ms of sound`;
  await line.close();
  await speech.close();
  return [made, heard, work, answered, sentence, gaps, spoken, cached, cachedHeard, freed];
}

/** Of all threads of the voice's process: what others do on this machine is not in it (proc_pid_schedstat(5)). */
function cpuMs(speech: Speech): number {
  const threads = `/proc/${speech.status()[0]?.pid}/task`;
  const spent = readdirSync(threads).map((thread) => readFileSync(`${threads}/${thread}/schedstat`, "utf8"));
  return spent.reduce((sum, text) => sum + Number(text.split(" ")[0]) / 1e6, 0);
}

/** All of a text, as a call takes it. `gapMs`: played from its first sound on, how long in all the next was not there yet. */
async function listen(speech: Speech, text: string): Promise<{ firstMs: number; soundMs: number; gapMs: number }> {
  const from = performance.now();
  let firstMs = 0;
  let soundMs = 0;
  let gapMs = 0;
  for await (const { samples } of speech.speak(text, never, 8000)) {
    const nowMs = performance.now() - from;
    if (soundMs === 0) firstMs = nowMs;
    gapMs += Math.max(0, nowMs - (firstMs + soundMs + gapMs));
    soundMs += samples.length / 8;
  }
  return { firstMs, soundMs, gapMs };
}

/** A graph that runs cannot be stopped: what comes behind it waits for its end, and this is how long. */
async function freeAfterAbort(speech: Speech): Promise<number> {
  const stopping = new AbortController();
  const spoken = speech.synthesise(longClause, stopping.signal, "background")[Symbol.asyncIterator]().next();
  await Bun.sleep(10); // it has begun
  const from = performance.now();
  stopping.abort();
  await spoken.catch(() => undefined);
  await Array.fromAsync(speech.synthesise("I.", never));
  return performance.now() - from;
}

/** A call in the real media Worker, and the telephone at its other end. */
async function openLine(speech: Speech, prompts: PromptCache) {
  const media = await startMedia({
    kind: "settings",
    rtpPorts: undefined,
    nativeDir,
    inactivityMs: 600_000,
    speculateAfterMs: 120,
    defaultSilenceMs: 700,
    maxUtteranceMs: 15_000,
  });
  let onSound: (() => void) | undefined;
  const pcm = new Int16Array(160);
  const telephone = await Bun.udpSocket({
    hostname: "127.0.0.1",
    socket: {
      data(_, datagram) {
        const packet = parseRtp(datagram);
        if (packet?.payload.length !== pcm.length) return;
        decode("PCMA", packet.payload, pcm);
        if (isLoud(pcm)) onSound?.();
      },
      error: () => undefined,
    },
  });
  await media.open("bench", "127.0.0.1");
  const remote = { address: "127.0.0.1", port: telephone.port };
  const terms = {
    codec: "PCMA",
    sendPayloadType: 8,
    receivePayloadType: 8,
    ptimeMs: 20,
    direction: "sendrecv",
  } as const;
  media.send({ kind: "start", callId: "bench", mode: "converse", media: { ...terms, remote } });
  let playId = 0;
  let onHanded: (() => void) | undefined;
  let onEnded: (() => void) | undefined;
  const speaker = createSpeaker("bench", "PCMA", {
    media: {
      send(message) {
        if (message.kind === "play" && message.audio !== undefined) onHanded?.();
        media.send(message);
      },
    },
    speech,
    prompts,
    signal: never,
    schedule: (afterMs, fire) => {
      const timer = setTimeout(fire, afterMs);
      return () => clearTimeout(timer);
    },
    ended: () => onEnded?.(),
    failed: (error) => {
      throw error;
    },
  });
  media.onEvent("bench", (event) => {
    if (event.kind === "play-ended") speaker.playEnded(event);
  });

  return {
    /** From the decision to say it to its first sound in the Worker's hands, and on the wire. */
    async say(text: string, fixed: boolean): Promise<{ handedMs: number; wireMs: number; cpuMs: number }> {
      const handed = Promise.withResolvers<{ atMs: number; cpuMs: number }>();
      const sounded = Promise.withResolvers<number>();
      const ended = Promise.withResolvers<void>();
      onHanded = () => handed.resolve({ atMs: performance.now(), cpuMs: cpuMs(speech) });
      onSound = () => sounded.resolve(performance.now());
      onEnded = () => {
        for (const { reject } of [handed, sounded]) reject(new Error("the voice has failed: is the machine too busy?"));
        ended.resolve();
      };
      const from = performance.now();
      speaker.speak({ playId: ++playId, sayId: playId, text, fixed, interruptible: true });
      const { atMs, ...made } = await handed.promise;
      const wireMs = (await sounded.promise) - from;
      onSound = undefined;
      speaker.cancel(playId);
      media.send({ kind: "silence", callId: "bench" });
      await ended.promise;
      await Array.fromAsync(speech.synthesise("I.", never)); // the clause that was begun behind it is through
      await Bun.sleep(100); // what was on the way has arrived
      return { handedMs: atMs - from, wireMs, ...made };
    },
    async close() {
      await media.close();
      telephone.close();
    },
  };
}

function reportSpeed(rows: readonly Row[]): void {
  const load = Number((loadavg()[0] ?? 0).toFixed(1));
  const figures = rows.map(({ what, times, goal }) => ({
    what,
    p50Ms: Number(percentile(times, 50).toFixed(1)),
    p95Ms: Number(percentile(times, 95).toFixed(1)),
    goal,
    times: times.length,
  }));
  if (values.json) return console.log(JSON.stringify({ machine, load, figures }));
  console.log(
    `| decision to speak → first sound, on ${machine}, load ${load} | p50 | p95 | goal (p95) |\n|---|---|---|---|`,
  );
  for (const { what, p50Ms, p95Ms, goal } of figures) console.log(`| ${what} | ${p50Ms} ms | ${p95Ms} ms | ${goal} |`);
}

function reportMemory(points: readonly MemoryPoint[]): void {
  if (values.json) return console.log(JSON.stringify({ machine, points }));
  console.log("| clauses spoken | memory of the voice's process |\n|---|---|");
  for (const { clauses, bytes } of points) console.log(`| ${clauses} | ${(bytes / 1e6).toFixed(0)} MB |`);
}

function reportLevels(levels: readonly Level[]): void {
  if (values.json) return console.log(JSON.stringify({ levels }));
  console.log("| clause | active level (goal −20 ± 2 dBov) | peak (goal ≤ −3 dBFS) |\n|---|---|---|");
  for (const { text, levelDbov, peakDbfs } of levels)
    console.log(`| ${text} | ${levelDbov.toFixed(1)} dBov | ${peakDbfs.toFixed(1)} dBFS |`);
}
