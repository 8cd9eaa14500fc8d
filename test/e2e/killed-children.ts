/**
 * Real calls while the processes that hear and speak are killed at random moments. Callers say their lines one after
 * another, whatever they are asked, and ring again when a call is over; a caller whom nobody answers says the line again.
 */
import { readFileSync } from "node:fs";
import type { Status } from "../../src/control/ports.ts";
import { isLoud } from "../caller/loudness.ts";
import { dial } from "../caller/phone.ts";
import type { Appliance } from "./appliance.ts";
import type { CallRow } from "./demo-caller.ts";

export type KillsOptions = {
  kills: number;
  seed: number;
  callers: number;
  /** From one kill to the next, ms, at random in between. */
  apart: { least: number; most: number };
  /** Each of the caller's lines, 8 kHz. */
  lines: readonly Int16Array[];
  progress?(killed: number): void;
};

export type KillsResult = {
  killed: { whisper: number; voice: number };
  calls: number;
  /** Refused, or ended by the appliance with nothing achieved. */
  lost: number;
  linesSaid: number;
  /** Lines after which the agent was heard within `answerBoundMs`. */
  linesAnswered: number;
  askedToRepeat: number;
  byKeys: number;
  outcomes: Record<string, number>;
  restarts: number;
  ready: boolean;
};

/** Longer than anybody waits in silence. */
export const answerBoundMs = 8_000;
const agentSilenceMs = 900;
/** A caller tires. */
const linesOfACall = 9;

export async function killChildren(appliance: Appliance, options: KillsOptions): Promise<KillsResult> {
  const random = randomFrom(options.seed);
  const stopping = new AbortController();
  const tally = { calls: 0, refused: 0, linesSaid: 0, linesAnswered: 0 };
  const callers = Promise.all(
    Array.from({ length: options.callers }, async (_, n) => {
      await Bun.sleep(700 * n);
      while (!stopping.signal.aborted) await oneCall(appliance, options.lines, tally, stopping.signal);
    }),
  );
  const killed = { whisper: 0, voice: 0 };
  while (killed.whisper + killed.voice < options.kills) {
    const { least, most } = options.apart;
    await Bun.sleep(least + random() * (most - least));
    const kind = random() < 0.5 ? "whisper" : "voice";
    if (!(await killOne(appliance, kind))) continue;
    killed[kind]++;
    options.progress?.(killed.whisper + killed.voice);
  }
  stopping.abort();
  await callers;
  await Bun.sleep(3_000); // rows are closed, the last child is there again
  return { killed, ...(await examined(appliance)), ...counted(tally) };

  function counted({ calls, linesSaid, linesAnswered }: typeof tally) {
    return { calls, linesSaid, linesAnswered };
  }

  async function examined(target: Appliance) {
    const rows = await target.cli<CallRow[]>("calls", "list", "--limit", "500");
    const said: string[] = [];
    for (const { id } of rows) {
      const { turns } = await target.cli<{ turns: { said: string }[] }>("calls", "show", id);
      said.push(...turns.map((turn) => turn.said));
    }
    const { speech } = await target.cli<Status>("status");
    const outcomes: Record<string, number> = {};
    for (const { outcome } of rows) outcomes[outcome ?? "open"] = (outcomes[outcome ?? "open"] ?? 0) + 1;
    return {
      outcomes,
      lost: tally.refused + (outcomes.failed ?? 0) + (outcomes.open ?? 0),
      askedToRepeat: said.filter((text) => text.includes("could you say that again")).length,
      byKeys: said.filter((text) => text.includes("use the keys of your telephone")).length,
      restarts: speech.reduce((sum, { restarts }) => sum + restarts, 0),
      ready: speech.every(({ ready }) => ready),
    };
  }
}

/** Only what the appliance names as its own child, and what is: never a guess. @returns whether it was killed. */
async function killOne(appliance: Appliance, kind: "whisper" | "voice"): Promise<boolean> {
  const child = (await appliance.cli<Status>("status")).speech.find((one) => one.kind === kind && one.ready);
  if (child === undefined || !Number.isInteger(child.pid) || child.pid <= 1) return false;
  if (parentOf(child.pid) !== appliance.child.pid) return false;
  process.kill(child.pid, "SIGKILL");
  return true;
}

function parentOf(pid: number): number | undefined {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1) ?? "";
    return Number(afterName.split(" ")[1]);
  } catch {
    return undefined; // it has gone meanwhile
  }
}

type Tally = { calls: number; refused: number; linesSaid: number; linesAnswered: number };

async function oneCall({ sip }: Appliance, lines: readonly Int16Array[], tally: Tally, signal: AbortSignal) {
  let silentMs = 0;
  let loudSince = false;
  let hasEnded = false;
  let status: number | undefined;
  const phone = await dial(
    { ...sip, number: "200", from: "07700900123" },
    {
      answered: () => undefined,
      heard(frame) {
        if (!isLoud(frame)) silentMs += 20;
        else [silentMs, loudSince] = [0, true];
      },
      ended(_, given) {
        hasEnded = true;
        status = given;
      },
    },
  );
  const over = () => hasEnded || signal.aborted;
  /** @returns whether the agent spoke, and has come to an end of it. */
  async function answer(): Promise<boolean> {
    for (let waitedMs = 0; !over() && !(loudSince && silentMs >= agentSilenceMs); waitedMs += 50) {
      if (!loudSince && waitedMs > answerBoundMs) return false;
      await Bun.sleep(50);
    }
    return loudSince;
  }
  tally.calls++;
  await answer(); // the greeting
  for (let n = 0; n < linesOfACall && !over(); n++) {
    loudSince = false;
    phone.say(lines[n % lines.length] ?? new Int16Array(0));
    while (phone.speaking() && !over()) await Bun.sleep(20);
    loudSince = false;
    const isAnswered = await answer();
    if (over() && !isAnswered) break; // the appliance said goodbye, or the test is over
    tally.linesSaid++;
    if (isAnswered) tally.linesAnswered++;
  }
  if (status !== undefined) tally.refused++;
  if (!hasEnded) phone.hangUp();
  phone.close();
}

/** Numbers 0…1 that are the same for the same seed (xorshift32). */
function randomFrom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
