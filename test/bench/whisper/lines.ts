/** What the speed of the recogniser is measured on: a caller's typical lines, none longer than five seconds. */
import { createMouth, to16k } from "../../caller/voice.ts";

export type Line = { samples: Float32Array; written: string };

const lines = [
  ["I'd like to book a viewing for fourteen Maple Road please", "I'd like to book a viewing for 14 Maple Road please"],
  ["Thursday please", "Thursday please"],
  ["half past two", "half past two"],
  ["My name is James Wilson", "My name is James Wilson"],
  ["My number is oh seven seven oh oh, nine oh oh, one two three", "My number is 07700 900 123"],
  ["Yes, that's correct", "Yes, that's correct"],
  ["No, that's everything, thank you", "No, that's everything, thank you"],
  ["Can I speak to a person please", "Can I speak to a person please"],
] as const;

const longestSeconds = 5;

export async function spokenLines(): Promise<Line[]> {
  const say = await createMouth("gmw/en");
  return lines.map(([said, written]) => ({ samples: to16k(say(said)).subarray(0, longestSeconds * 16_000), written }));
}
