/** Callers of Debian's making: espeak-ng speaks, sox brings it to 8 kHz, baresip sends it as A-law. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type SpokenLine, type TalkEvent, talk, wav } from "../peers/baresip/talk.ts";
import type { Caller } from "./callers.ts";

export type Talked = { said: number; seconds: number; events: TalkEvent[] };

/** Places the call; ends when it is over. @param folder for this call alone. */
export async function callBy(
  caller: Caller,
  from: string,
  target: { host: string; port: number },
  folder: string,
): Promise<Talked> {
  mkdirSync(folder, { recursive: true });
  const lines = caller.lines.map((line, index) => speak(caller.voice, line, join(folder, `spoken-${index}.wav`)));
  const events: TalkEvent[] = [];
  const [controlPort, sipPort, rtpPort] = await freePorts();
  const started = performance.now();
  const said = await talk({
    folder,
    target: `sip:200@${target.host}:${target.port}`,
    lines,
    controlPort,
    maxSeconds: 110,
    params: ";audio_codecs=PCMA/8000/1",
    env: {
      LISTEN: `127.0.0.1:${sipPort}`,
      RTP_PORTS: `${rtpPort}-${rtpPort + 10}`,
      ACC: `<sip:${from}@127.0.0.1>`,
    },
    tell: (event) => events.push(event),
  });
  return { said, seconds: (performance.now() - started) / 1000, events };
}

/** Peaks at −6 dBFS, as a handset's would; 200 ms of breath before. */
function speak(voice: string, line: Caller["lines"][number], file: string): SpokenLine {
  const { say, intoTurnMs } = typeof line === "string" ? { say: line, intoTurnMs: undefined } : line;
  const spoken = Bun.spawnSync(["espeak-ng", "-v", voice, "--stdout", say]);
  const telephone = Bun.spawnSync(
    // espeak-ng cannot know the length when it writes the head, of which sox would warn: -V1
    [
      "sox",
      "-V1",
      "-t",
      "wav",
      "-",
      "-r",
      "8000",
      "-b",
      "16",
      "-c",
      "1",
      "-t",
      "raw",
      "-",
      "gain",
      "-n",
      "-6",
      "pad",
      "0.2",
    ],
    { stdin: spoken.stdout },
  );
  if (telephone.exitCode !== 0) throw new Error(`sox: ${telephone.stderr.toString()}`);
  writeFileSync(file, wav(telephone.stdout));
  return { wav: file, ...(intoTurnMs === undefined ? {} : { intoTurnMs }) };
}

let nextBase = 10_000 + (process.pid % 50) * 200;

/** Three ports below those that the system gives out by itself. baresip binds its SIP port and the one after it. */
export async function freePorts(): Promise<[control: number, sip: number, rtp: number]> {
  for (let tries = 0; tries < 50; tries++) {
    const base = nextBase;
    nextBase = base + 20 > 30_000 ? 10_000 : base + 20;
    const wanted = [base, base + 1, base + 2];
    if ((await Promise.all(wanted.map(isFree))).every((free) => free)) return [base, base + 1, base + 4];
  }
  throw new Error("no free ports on loopback");
}

async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
