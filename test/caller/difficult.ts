/** A caller who does what tests tell it: speaks when it is its turn or into the agent's words, makes noises, presses keys. */

import type { EchoPath } from "../media/echo/echo-path.ts";
import { isLoud } from "./loudness.ts";
import { dial, type Line, type PhoneEvents } from "./phone.ts";

export type Ringing = {
  host: string;
  port: number;
  from: string;
  line?: Line;
  /** The telephone is on speaker. */
  speaker?: EchoPath;
  mouth: (line: string) => Int16Array;
  /** For measuring. */
  watch?: Pick<PhoneEvents, "sent" | "received">;
};

export type DifficultCall = {
  /** Resolves when the agent has spoken since the last move and then been silent for `silenceMs`, or the call is over. */
  turn(silenceMs?: number): Promise<void>;
  /** Resolves when the agent is heard speaking, or the call is over. */
  speaking(): Promise<void>;
  /** Waits for its turn and then says the lines, one after each answer. */
  tell(...lines: string[]): Promise<void>;
  /** Speaks at once; resolves when that has been sent. `gain` 1 is usual. */
  say(line: string, gain?: number): Promise<void>;
  play(samples: Int16Array): Promise<void>;
  press(keys: string): Promise<void>;
  wait(ms: number): Promise<void>;
  hangUp(): void;
  /** Resolves to who ended it. @throws if it lasts longer than `boundMs` from now. */
  over(boundMs?: number): Promise<"them" | "us">;
  readonly isOver: boolean;
};

export async function ring(to: Ringing): Promise<DifficultCall> {
  const answered = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<"them" | "us">();
  let isOver = false;
  let waiting: { silenceMs: number; wake: () => void; forSound: boolean } | undefined;
  let silentMs = 0;
  let spoke = false;

  const phone = await dial(
    {
      ...{ host: to.host, port: to.port, number: "200", from: to.from },
      ...(to.line ? { line: to.line } : {}),
      ...(to.speaker ? { speaker: to.speaker } : {}),
    },
    {
      ...to.watch,
      answered: () => answered.resolve(),
      ended(by, status) {
        isOver = true;
        answered.resolve();
        waiting?.wake();
        if (status === undefined) ended.resolve(by);
        else ended.reject(new Error(`refused with ${status}`));
      },
      heard(frame) {
        const isSpeech = isLoud(frame);
        silentMs = isSpeech ? 0 : silentMs + 20;
        spoke ||= isSpeech;
        if (waiting && spoke && (waiting.forSound || silentMs >= waiting.silenceMs)) waiting.wake();
      },
    },
  );
  ended.promise.finally(() => phone.close()).catch(() => undefined);
  await answered.promise;

  async function until(silenceMs: number, forSound: boolean): Promise<void> {
    if (isOver) return;
    await new Promise<void>((resolve) => {
      waiting = { silenceMs, forSound, wake: resolve };
    });
    waiting = undefined;
  }

  async function sent(): Promise<void> {
    while (phone.speaking() && !isOver) await Bun.sleep(10);
    spoke = false; // what was spoken into does not count as an answer
  }

  async function play(samples: Int16Array): Promise<void> {
    phone.say(samples);
    await sent();
  }

  const call: DifficultCall = {
    turn: (silenceMs = 900) => until(silenceMs, false),
    async speaking() {
      spoke = false;
      await until(0, true);
    },
    async tell(...lines) {
      for (const line of lines) {
        await call.turn();
        if (isOver) return;
        await call.say(line);
      }
    },
    say: (line, gain = 1) => play(louder(to.mouth(line), gain)),
    play,
    async press(keys) {
      phone.press(keys);
      await sent();
    },
    wait: (ms) => Bun.sleep(ms),
    hangUp: () => phone.hangUp(),
    async over(boundMs = 60_000) {
      const bound = setTimeout(() => ended.reject(new Error(`the call is not over within ${boundMs} ms`)), boundMs);
      try {
        return await ended.promise;
      } finally {
        clearTimeout(bound);
      }
    },
    get isOver() {
      return isOver;
    },
  };
  return call;
}

/** Clipped where it does not fit, as a shouting caller is. */
export function louder(samples: Int16Array, gain: number): Int16Array {
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
}
