/** All lines by label and source, and what the detector makes of each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readEmergency, readUrgency } from "../../../src/receptionist/understanding/emergencies.ts";
import { type Random, seeded } from "../../sip/random.ts";
import { soundAlikes } from "../voting/entities/sound-alikes.ts";
import { generate, kinds, type Label, type Line } from "./generate.ts";

export type Source = "hand" | "generated";
export type Sourced = Line & { readonly source: Source };

/** More than half of the lines are written by hand: the generator fills up to these. */
const generatedEach = 56;
const generatedNone = 240;

export function allLines(seed: number): Sourced[] {
  const random = seeded(seed);
  return [...kinds, "none" as const].flatMap((label) => {
    const hand = byHand(label);
    const generated = generate(label, label === "none" ? generatedNone : generatedEach, random);
    return [
      ...hand.map((text) => ({ label, text, source: "hand" as const })),
      ...generated
        .filter(({ text }) => !hand.includes(text))
        .map((line) => ({ ...line, source: "generated" as const })),
    ];
  });
}

function byHand(label: Label): string[] {
  const file = readFileSync(join(import.meta.dir, "handwritten", `${label}.txt`), "utf8");
  return file.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** What is heard of a line, as the receptionist asks it: danger first. */
export function labelOf(text: string): Label {
  const heard = { text, nbest: [] };
  return readEmergency(heard)?.danger ?? readUrgency(heard) ?? "none";
}

/** So that nothing is lost: another kind of emergency has been caught too, and has words of its own. */
export const isCaught = (text: string): boolean => labelOf(text) !== "none";

/** Each word is lost, replaced by what it sounds like or doubled with that chance. */
export function misheard(text: string, wordError: number, random: Random): string {
  const heard = text.split(" ").map((word) => {
    if (random.next() >= wordError) return word;
    const kind = random.next();
    if (kind < 0.25) return "";
    if (kind < 0.35) return `${word} ${random.pick(["uh", "the", "and"])}`;
    return slipped(word, random);
  });
  return heard.filter((word) => word !== "").join(" ");
}

function slipped(word: string, random: Random): string {
  const plain = word.toLowerCase().replace(/[^a-z0-9']/g, "");
  const rivals = soundAlikes(plain).map(([other]) => other);
  return rivals.length > 0 ? random.pick(rivals) : random.pick(["the", "a", "and", "it", "that", "is", "in"]);
}
