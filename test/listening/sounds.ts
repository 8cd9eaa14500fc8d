/** Sounds that are no words, as they come by telephone: 8 kHz, of any length, another one for every seed. */
import { seeded } from "../speech/whisper/clips.ts";

const rateHz = 8000;

export type Sounds = Record<string, (seconds: number, seed: number) => Int16Array>;

/** What one piece is made with: `at(t, n)` gives the sample at `t` seconds, about −1…1. */
type Maker = (random: () => number) => (t: number, n: number) => number;

const sin = (hz: number, t: number) => Math.sin(2 * Math.PI * hz * t);
const decay = (since: number, seconds: number) => (since < 0 ? 0 : Math.exp(-since / seconds));
const gaussFrom = (random: () => number) => () =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const between = (random: () => number, from: number, to: number) => from + (to - from) * random();

/** One-pole low pass of noise; `keep` 0…1: the more, the lower. */
function lowNoise(random: () => number, keep: number): () => number {
  const gauss = gaussFrom(random);
  let low = 0;
  const gain = Math.sqrt((1 + keep) / (1 - keep));
  return () => {
    low = keep * low + (1 - keep) * gauss();
    return low * gain;
  };
}

/** A resonance over noise: what a throat, a room or a box makes of it. */
function resonance(random: () => number, hz: number, widthHz: number): () => number {
  const gauss = gaussFrom(random);
  const radius = Math.exp((-Math.PI * widthHz) / rateHz);
  const turn = 2 * radius * Math.cos((2 * Math.PI * hz) / rateHz);
  let [one, two] = [0, 0];
  return () => {
    const out = (1 - radius) * gauss() + turn * one - radius * radius * two;
    [one, two] = [out, one];
    return out * 6;
  };
}

/** Events at random moments, `perSecond` of them, each `shape(since)` loud. */
function events(random: () => number, perSecond: number, shape: () => (since: number) => number) {
  let next = between(random, 0, 1 / perSecond);
  let from = Number.NEGATIVE_INFINITY;
  let current: (since: number) => number = () => 0;
  return (t: number) => {
    if (t >= next) {
      from = next;
      next += between(random, 0.3, 1.7) / perSecond;
      current = shape();
    }
    return current(t - from);
  };
}

const steady: Record<string, Maker> = {
  "digital silence": () => () => 0,
  "line noise": (random) => gaussFrom(random),
  "low noise": (random) => lowNoise(random, 0.9),
  rumble: (random) => lowNoise(random, 0.985),
  "mains hum": () => (t) => sin(50, t) + 0.5 * sin(150, t) + 0.2 * sin(250, t),
  traffic: (random) => {
    const noise = lowNoise(random, 0.94);
    const everyS = between(random, 3, 9);
    return (t) => noise() * (0.2 + Math.exp(-(((t % everyS) - everyS / 2) ** 2)));
  },
  wind: (random) => {
    const noise = lowNoise(random, 0.97);
    const hz = between(random, 0.2, 0.6);
    return (t) => noise() * (0.3 + Math.max(0, sin(hz, t) * sin(hz * 2.7, t)));
  },
  rain: (random) => {
    const noise = gaussFrom(random);
    return () => 0.4 * noise() * (random() < 0.01 ? 4 : 1);
  },
};

const bodies: Record<string, Maker> = {
  coughs: (random) => {
    const throat = resonance(random, between(random, 400, 900), 500);
    const chest = lowNoise(random, 0.7);
    const at = events(random, 0.5, () => {
      const [length, again] = [between(random, 0.04, 0.1), between(random, 0.28, 0.45)];
      return (since) => decay(since, length) + decay(since - again, length);
    });
    return (t) => at(t) * (throat() + 0.6 * chest());
  },
  "throats cleared": (random) => {
    const throat = resonance(random, between(random, 250, 500), 200);
    const at = events(random, 0.4, () => (since) => Math.sin(Math.PI * Math.min(1, since / 0.35)));
    return (t) => at(t) * throat() * (0.6 + 0.4 * sin(38, t));
  },
  sneezes: (random) => {
    const hiss = gaussFrom(random);
    const at = events(random, 0.25, () => (since) => (since < 0.5 ? 0.05 * since : decay(since - 0.5, 0.12)));
    return (t) => at(t) * hiss();
  },
  breath: (random) => {
    const air = resonance(random, 1200, 1500);
    const everyS = between(random, 2.5, 4);
    return (t) => air() * Math.exp(-(((t % everyS) - everyS / 2) ** 2) / 0.08);
  },
};

const things: Record<string, Maker> = {
  clicks: (random) => {
    const gauss = gaussFrom(random);
    return () => (random() < 0.001 ? 4 * gauss() : 0);
  },
  typing: (random) => {
    const tick = resonance(random, 2200, 900);
    const at = events(random, between(random, 3, 7), () => {
      const loud = between(random, 0.4, 1);
      return (since) => loud * decay(since, 0.008);
    });
    return (t) => at(t) * tick();
  },
  "doors and cups": (random) => {
    const box = resonance(random, between(random, 90, 300), 60);
    const cup = between(random, 1500, 3200);
    const at = events(random, 0.6, () => {
      const isCup = random() < 0.4;
      return (since) => (isCup ? decay(since, 0.15) * sin(cup, Math.max(0, since)) : decay(since, 0.07) * box());
    });
    return (t) => at(t);
  },
  "a dog": (random) => {
    const rough = gaussFrom(random);
    const at = events(random, 0.8, () => {
      const [pitch, length] = [between(random, 350, 650), between(random, 0.08, 0.16)];
      return (since) =>
        decay(since, length) * (sin(pitch - 600 * since, since) + 0.6 * sin(2 * pitch, since) + 0.4 * rough());
    });
    return (t) => at(t);
  },
};

/** UK tones: BT's SIN 350. */
const tones: Record<string, Maker> = {
  "dial tone": () => (t) => sin(350, t) + sin(440, t),
  ringback: () => (t) => {
    const at = t % 3;
    return at < 0.4 || (at > 0.6 && at < 1) ? sin(400, t) + sin(450, t) : 0;
  },
  "busy tone": () => (t) => (t % 0.75 < 0.375 ? sin(400, t) : 0),
  "special information tone": () => (t) => {
    const at = t % 2;
    return at < 0.33 ? sin(950, t) : at < 0.66 ? sin(1400, t) : at < 1 ? sin(1800, t) : 0;
  },
  "fax calling": () => (t) => (t % 3.5 < 0.5 ? sin(1100, t) : 0),
  "telephone keys": (random) => {
    const at = events(random, 2, () => {
      const row = [697, 770, 852, 941][Math.floor(random() * 4)] ?? 697;
      const column = [1209, 1336, 1477][Math.floor(random() * 3)] ?? 1209;
      return (since) => (since < 0.1 ? sin(row, since) + sin(column, since) : 0);
    });
    return (t) => at(t);
  },
  beeps: (random) => {
    const at = events(random, 0.5, () => {
      const [hz, length] = [between(random, 300, 2500), between(random, 0.1, 0.5)];
      return (since) => (since < length ? sin(hz, since) : 0);
    });
    return (t) => at(t);
  },
};

/** A tone that comes `lateMs` late: wobbling, that is its vibrato. */
const voice = (hz: number, t: number, lateMs: number) => sin(hz, t + lateMs / 1000);

const note = (semitones: number) => 220 * 2 ** (semitones / 12);
const scale = [0, 2, 4, 5, 7, 9, 11, 12, 14, 16];
const anyNote = (random: () => number) => note(scale[Math.floor(random() * scale.length)] ?? 0);

const music: Record<string, Maker> = {
  "music, plucked": (random) => {
    const at = events(random, between(random, 2, 5), () => {
      const hz = anyNote(random);
      return (since) => decay(since, 0.25) * (sin(hz, since) + 0.5 * sin(2 * hz, since) + 0.3 * sin(3 * hz, since));
    });
    return (t) => at(t);
  },
  "music, held": (random) => {
    const everyS = between(random, 1.2, 2.5);
    const chords = Array.from({ length: 4 }, () => [anyNote(random), anyNote(random), anyNote(random) / 2]);
    return (t) => {
      const chord = chords[Math.floor(t / everyS) % 4] ?? [];
      const bend = 0.3 * sin(5.5, t); // ms: a sixth of a semitone to either side
      return chord.reduce((sum, hz) => sum + voice(hz, t, bend) + 0.3 * voice(2 * hz, t, bend), 0) / 3;
    };
  },
  "music, a band": (random) => {
    const beatS = between(random, 0.4, 0.6);
    const hiss = gaussFrom(random);
    const lead = events(random, 1 / beatS, () => {
      const hz = 2 * anyNote(random);
      return (since) =>
        decay(since, 0.3) * [1, 2, 3, 4, 5].reduce((sum, k) => sum + voice(k * hz, since, 0.3 * sin(6, since)) / k, 0);
    });
    const bass = events(random, 0.5 / beatS, () => {
      const hz = anyNote(random) / 2;
      return (since) => decay(since, 0.4) * sin(hz, since);
    });
    return (t) => 0.5 * lead(t) + 0.6 * bass(t) + 0.5 * hiss() * decay((t + beatS / 2) % beatS, 0.03);
  },
};

/** Every kind, each piece at a loudness of its own: peaks between −46 and −3 dBFS, as on any line. */
export const sounds: Sounds = Object.fromEntries(
  Object.entries({ ...steady, ...bodies, ...things, ...tones, ...music }).map(([name, maker]) => [
    name,
    (seconds, seed) => piece(maker, seconds, seed),
  ]),
);

function piece(maker: Maker, seconds: number, seed: number): Int16Array {
  const random = seeded(seed);
  const peak = 32_768 * 10 ** (between(random, -46, -3) / 20);
  const at = maker(random);
  const samples = Float32Array.from({ length: Math.round(rateHz * seconds) }, (_, n) => at(n / rateHz, n));
  const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  return Int16Array.from(samples, (value) => Math.round((peak * value) / loudest));
}
