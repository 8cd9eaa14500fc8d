/** Sounds that are no words, 8 kHz, repeatable. */
import { seeded } from "../sip/random.ts";

const rateHz = 8000;
const samplesOf = (ms: number) => (ms * rateHz) / 1000;

function sound(ms: number, at: (seconds: number, n: number) => number, peak: number): Int16Array {
  const out = new Int16Array(samplesOf(ms));
  for (let n = 0; n < out.length; n++) out[n] = Math.round(peak * Math.max(-1, Math.min(1, at(n / rateHz, n))));
  return out;
}

export function silence(ms: number): Int16Array {
  return new Int16Array(samplesOf(ms));
}

/** Steady hiss: a bad line, a shower, a motorway. */
export function hiss(ms: number, peak = 6_000): Int16Array {
  const random = seeded(1).next;
  return sound(ms, () => random() * 2 - 1, peak);
}

/** Two bursts of coloured noise with the sharp start and quick decay of a cough; another `variant` is another cough. */
export function cough(peak = 16_000, variant = 2): Int16Array {
  const random = seeded(variant).next;
  let low = 0;
  return sound(
    700,
    (seconds) => {
      low = 0.7 * low + 0.3 * (random() * 2 - 1);
      const since = seconds < 0.35 ? seconds : seconds - 0.35;
      return low * 2 * Math.min(1, since / 0.01) * Math.exp(-since / 0.08);
    },
    peak,
  );
}

/** A door: one low thump. */
export function thump(peak = 20_000): Int16Array {
  return sound(400, (seconds) => Math.sin(2 * Math.PI * 90 * seconds) * Math.exp(-seconds / 0.07), peak);
}

export function tone(ms: number, hz: readonly number[], peak = 8_000): Int16Array {
  return sound(
    ms,
    (seconds) => hz.reduce((sum, one) => sum + Math.sin(2 * Math.PI * one * seconds), 0) / hz.length,
    peak,
  );
}

/** A tune of three voices, each note plucked: what plays while somebody is put on hold. */
export function holdMusic(ms: number, peak = 9_000): Int16Array {
  const chords = [
    [262, 330, 392],
    [220, 262, 330],
    [175, 220, 262],
    [196, 247, 294],
  ] as const;
  return sound(
    ms,
    (seconds) => {
      const chord = chords[Math.floor(seconds / 1.2) % chords.length] ?? chords[0];
      const note = chord[Math.floor(seconds / 0.3) % 3] ?? 262;
      const since = seconds % 0.3;
      const bass = Math.sin(2 * Math.PI * (chord[0] / 2) * seconds) * 0.4;
      const pluck =
        (Math.sin(2 * Math.PI * note * 2 * seconds) + 0.4 * Math.sin(2 * Math.PI * note * 4 * seconds)) *
        Math.exp(-since / 0.2);
      return (bass + pluck) * 0.6;
    },
    peak,
  );
}

/** Keys in the sound itself (Q.23), 100 ms each. */
export function keyTones(keys: string): Int16Array {
  const rows = [697, 770, 852, 941];
  const columns = [1209, 1336, 1477];
  const parts = [...keys].flatMap((key) => {
    const at = "123456789*0#".indexOf(key);
    return [tone(100, [rows[Math.floor(at / 3)] ?? 697, columns[at % 3] ?? 1209]), silence(80)];
  });
  return joined(...parts);
}

export function joined(...parts: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
