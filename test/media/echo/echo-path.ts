/** A telephone on speaker: what it hears of what it says, made by numbers that a seed settles. */
import { decode, encode } from "../../../src/media/g711.ts";
import { seeded } from "../network.ts";

export type PathKind = "clean" | "clipped" | "noisy";

export type EchoPath = {
  /** Active level of what is said, less that of what comes back. */
  returnLossDb: number;
  delayMs: number;
  kind: PathKind;
  seed: number;
};

/** What a call sounds like at its far end: frames of what we say in, what the microphone makes of them out. */
export type SpeakerPhone = {
  /** @param near what the caller says in the same time. */
  hear(agent: Int16Array, near?: Int16Array): Int16Array;
  /** From here on the path is so much longer or shorter: the network's doing. */
  jump(ms: number): void;
};

const tailMs = 60;

/** A room's answer: the direct sound and reflections that fade within `tailMs`, of power 1 for white sound. */
export function roomResponse(rateHz: number, seed: number): Float64Array {
  const random = seeded(seed);
  const length = (tailMs * rateHz) / 1000;
  const taps = Float64Array.from({ length }, (_, n) => gaussian(random) * 0.35 * 10 ** ((-2.2 * n) / length));
  taps[0] = 1;
  const power = Math.sqrt(taps.reduce((sum, tap) => sum + tap * tap, 0));
  return taps.map((tap) => tap / power);
}

export function createSpeakerPhone(path: EchoPath, rateHz: 8000 | 16_000): SpeakerPhone {
  const room = roomResponse(rateHz, path.seed);
  const random = seeded(path.seed + 1);
  const perMs = rateHz / 1000;
  const history = new Float64Array(2 ** 14);
  let end = 0;
  let delay = path.delayMs * perMs;
  const gain = 10 ** (-path.returnLossDb / 20);
  const band = path.kind === "clean" ? undefined : bandPass(rateHz);
  let echoPower = 0;

  /** A small loudspeaker: what is too much for it is bent, not cut. */
  const speaker = (x: number): number => (path.kind === "clipped" ? 6000 * Math.tanh(x / 6000) : x);

  function echoAt(at: number): number {
    let sum = 0;
    for (let k = 0; k < room.length; k++)
      sum += (room[k] as number) * (history[(at - delay - k) & (history.length - 1)] as number);
    return sum;
  }

  return {
    hear(agent, near) {
      const out = new Int16Array(agent.length);
      for (let n = 0; n < agent.length; n++) history[(end + n) & (history.length - 1)] = speaker(agent[n] ?? 0);
      for (let n = 0; n < agent.length; n++) {
        let echo = gain * echoAt(end + n);
        if (band) echo = band(echo);
        if (path.kind === "noisy") {
          // 15 dB below the echo while that is there; rooms do not fall silent with us.
          echoPower = Math.max(echo * echo, echoPower * (1 - 1 / (4 * rateHz)));
          echo += gaussian(random) * Math.sqrt(echoPower) * 10 ** (-25 / 20);
        }
        out[n] = Math.max(-32_768, Math.min(32_767, Math.round(echo + (near?.[n] ?? 0))));
      }
      end += agent.length;
      if (rateHz === 8000) lossy(out);
      return out;
    },
    jump(ms) {
      delay = Math.max(0, delay + ms * perMs);
    },
  };
}

/** A-law once more on its way. */
function lossy(samples: Int16Array): void {
  decode("PCMA", encode("PCMA", samples), samples);
}

/** 300…3400 Hz (7000 where the line is wide), second order each: a small loudspeaker and microphone. */
function bandPass(rateHz: number): (x: number) => number {
  const high = biquad("high", 300, rateHz);
  const low = biquad("low", rateHz === 8000 ? 3300 : 6500, rateHz);
  return (x) => low(high(x));
}

function biquad(kind: "high" | "low", hz: number, rateHz: number): (x: number) => number {
  const w = (2 * Math.PI * hz) / rateHz;
  const alpha = Math.sin(w) / Math.SQRT2;
  const c = Math.cos(w);
  const b = kind === "low" ? (1 - c) / 2 : (1 + c) / 2;
  const b1 = kind === "low" ? 1 - c : -(1 + c);
  const a0 = 1 + alpha;
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return (x) => {
    const y = (b * x + b1 * x1 + b * x2 + 2 * c * y1 - (1 - alpha) * y2) / a0;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  };
}

export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
}
