import { afterAll, beforeAll, expect, test } from "bun:test";
import type { WhisperEngine } from "../../../src/speech/whisper/engine.ts";
import { frameCount, melFrontEnd } from "../../../src/speech/whisper/mel.ts";
import { isTone } from "../../../src/speech/whisper/tones.ts";
import { openDemoWhisper } from "../../caller/demo-whisper.ts";
import { bare, padded, seeded, spoken, telephone } from "./clips.ts";
import { voices } from "./sentences.ts";

let engine: WhisperEngine;
beforeAll(async () => {
  engine = await openDemoWhisper();
});
afterAll(() => engine.close());
const { signal } = new AbortController();

const random = seeded(31);
const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const line = (seconds: number, sample: (t: number) => number, level = 0.2) =>
  telephone(
    Float32Array.from({ length: Math.round(8000 * seconds) }, (_, i) => sample(i / 8000) + 0.001 * gauss()),
    level,
  );
const sin = (hz: number, t: number) => Math.sin(2 * Math.PI * hz * t);
const between = (from: number, to: number) => from + (to - from) * random();

/** UK tones: Ofcom's and BT's SIN 350. */
const tones: Record<string, () => Float32Array> = {
  "dial tone": () => line(between(1, 4), (t) => sin(350, t) + sin(440, t)),
  "ringing tone": () =>
    line(between(3, 6), (t) => (t % 3 < 0.4 || (t % 3 > 0.6 && t % 3 < 1) ? sin(400, t) + sin(450, t) : 0)),
  "busy tone": () => line(between(2, 5), (t) => (t % 0.75 < 0.375 ? sin(400, t) : 0)),
  "a beep": () => {
    const hz = between(300, 1500);
    return line(1.5, (t) => (t > 0.3 && t < 0.6 ? sin(hz, t) : 0));
  },
  "telephone keys": () => line(between(1, 3), (t) => (t % 0.3 < 0.15 ? sin(770, t) + sin(1336, t) : 0)),
  "special information tone": () =>
    line(4, (t) => (t % 2 < 0.33 ? sin(950, t) : t % 2 < 0.66 ? sin(1400, t) : t % 2 < 1 ? sin(1800, t) : 0)),
};
const noises: Record<string, () => Float32Array> = {
  "digital silence": () => new Float32Array(16_000 * 3),
  "line noise": () => line(between(0.5, 4), () => gauss(), between(0.01, 0.3)),
  rumble: () => {
    let low = 0;
    return line(between(0.5, 4), () => (low = low * 0.98 + gauss()), 0.2);
  },
  "mains hum": () => line(between(1, 4), (t) => sin(50, t) + 0.5 * sin(150, t)),
  clicks: () => line(between(1, 4), () => (random() < 0.001 ? 30 * gauss() : 0)),
  breath: () => line(1.5, (t) => 0.3 * gauss() * Math.exp(-((t - 0.7) ** 2) / 0.02), 0.1),
  "music on hold": () => {
    const notes = Array.from({ length: 40 }, () => 262 * 2 ** (Math.floor(between(0, 13)) / 12));
    return line(between(2, 8), (t) => {
      const hz = notes[Math.floor(t * 3)] ?? 262;
      return Math.exp(-3 * ((t * 3) % 1)) * (sin(hz, t) + 0.5 * sin(2 * hz, t) + 0.3 * sin(3 * hz, t));
    });
  },
  "a held chord": () => line(between(2, 8), (t) => sin(262, t) + sin(330, t) + sin(392, t) + 0.4 * sin(131, t)),
};

for (const [name, make] of Object.entries({ ...tones, ...noises })) {
  test(`${name} is not speech`, async () => {
    for (let i = 0; i < 12; i++) {
      const { text, nbest } = await engine.transcribe(make(), { signal });
      expect(text).toBe("");
      expect(nbest[0]?.text).toBe("");
    }
  });
}

test("nothing, a sample and a tenth of a second are no speech", async () => {
  for (const length of [0, 1, 159, 1600]) {
    const { text, noSpeechProbability } = await engine.transcribe(new Float32Array(length).fill(0.01), { signal });
    expect(text).toBe("");
    expect(noSpeechProbability).toBeGreaterThan(0.5);
  }
});

test("a short word survives, quiet, loud and in noise", async () => {
  const words = ["Thank you", "Yes", "No", "Yes please", "Goodbye"];
  let right = 0;
  for (let i = 0; i < 30; i++) {
    const word = words[i % words.length] ?? "";
    const level = [0.02, 0.2, 0.6][i % 3] ?? 0.2;
    const clip = await spoken(word, voices[i % voices.length] ?? "gmw/en", 165, level);
    const noise = i % 2 === 0 ? 0 : 0.02 * level;
    const noisy = padded(clip, 0.25, 0.15, random).map((value) => value + noise * gauss());
    const { text } = await engine.transcribe(noisy, { signal });
    expect(text).not.toBe("");
    if (bare(text) === bare(word)) right++;
  }
  expect(right).toBeGreaterThanOrEqual(27);
});

test("a real thank you is heard as that, on any line; noise of its length and loudness is not thanks", async () => {
  const snrs = [undefined, 20, 15] as const;
  let right = 0;
  let all = 0;
  for (const voice of voices) {
    for (const said of ["Thank you", "Thank you very much", "Lovely, thank you"]) {
      for (const snr of snrs) {
        const level = [0.05, 0.3][all % 2] ?? 0.3;
        const clip = padded(await spoken(said, voice, 160, level), 0.25, 0.15, random);
        const rms = Math.sqrt(clip.reduce((sum, value) => sum + value * value, 0) / clip.length);
        const noise = snr === undefined ? 0 : rms * 10 ** (-snr / 20);
        const { text } = await engine.transcribe(
          clip.map((value) => value + noise * gauss()),
          { signal },
        );
        all++;
        if (bare(text).includes("thankyou")) right++;
        const alone = await engine.transcribe(
          line(clip.length / 16_000, () => gauss(), 4 * rms),
          { signal },
        );
        expect(alone.text).toBe("");
      }
    }
  }
  console.log(`thanks: ${right} of ${all} heard`);
  expect(right / all).toBeGreaterThanOrEqual(0.95);
}, 60_000);

test("tones are told from drawled vowels", async () => {
  const front = melFrontEnd(80);
  const judge = (clip: Float32Array) => isTone(front(clip, "openai", frameCount(clip.length, "openai")));
  for (const [name, make] of Object.entries(tones)) expect([name, judge(make())]).toEqual([name, true]);
  for (const word of ["Moo", "Noon", "Two", "Oh", "Mm", "No", "Hello", "Aaaah"]) {
    for (const voice of voices) expect([word, judge(await spoken(word, voice, 90))]).toEqual([word, false]);
  }
  expect(judge(new Float32Array(16_000))).toBe(false);
});
