/** Telephone numbers that were asked for: as said, mended where a digit too many or too few can be explained. Pure. */
import { readDigits } from "../understanding/digits.ts";
import { readPhone } from "../understanding/phones.ts";
import { tokenise } from "../understanding/tokens.ts";
import { judgePhone } from "../understanding/uk-phone.ts";
import type { ItemReader, Reading } from "./item.ts";
import { digitsMended } from "./mended.ts";

/** What a mended number is worth: asked about in any case. */
const repaired = 0.5;
/** Natural-log units of a digit heard as another, and of one too many or too few. */
const otherCost = 2.4;
const close = new Set(["59", "95", "19", "91", "40", "04", "23", "32", "68", "86"]);
const closeCost = 1.4;
const missingCost = 2;
const likenessCost = 6;

export const phone: ItemReader = {
  read(text) {
    const tokens = tokenise(digitsMended(text));
    const reading = readPhone(tokens, "asked", undefined)?.reading;
    if (reading?.kind === "complete") return [{ value: reading.e164, certainty: reading.certainty }];
    const run = readDigits(tokens);
    return run === undefined ? [] : mendedNumbers(run.groups, run.international);
  },
  likeness(text) {
    const run = readDigits(tokenise(digitsMended(text)));
    if (run === undefined) return () => 0;
    const heard = national(run.groups.join(""));
    return (known) => Math.exp(-distance(heard, national(known)) / likenessCost);
  },
  canonical(value) {
    const judgement = judgePhone(value.replace(/\D/g, ""), value.trim().startsWith("+"));
    return judgement.kind === "complete" ? judgement.e164 : value.trim();
  },
};

const national = (digits: string): string => digits.replace(/\D/g, "").replace(/^(?:00)?44(?=\d{9,10}$)/, "0");

/**
 * Digits that make no number: one may have been said or written twice, "sixty six" may be 606 or 66, and the first
 * nought is easily lost. More than one such slip is not guessed at.
 */
function mendedNumbers(groups: readonly string[], international: boolean): Reading[] {
  const digits = groups.join("");
  const candidates = new Set<string>();
  for (let at = 1; at < digits.length; at++) {
    if (digits[at] === digits[at - 1]) candidates.add(digits.slice(0, at) + digits.slice(at + 1));
  }
  for (let at = 1; at < digits.length; at++) {
    if (digits[at] === "0") candidates.add(digits.slice(0, at) + digits.slice(at + 1));
  }
  let from = 0;
  for (const group of groups) {
    from += group.length;
    if (groups.length > 1) candidates.add(digits.slice(0, from - group.length) + digits.slice(from));
  }
  candidates.add(`0${digits}`);
  const whole = [...candidates].flatMap((candidate) => {
    const judgement = judgePhone(candidate, international);
    return judgement.kind === "complete" && judgement.certainty > 0.8 ? [judgement.e164] : [];
  });
  const values = [...new Set(whole)].slice(0, 4);
  return values.map((value) => ({ value, certainty: repaired / values.length }));
}

/** What it takes to have heard `heard` where `said` was spoken. */
function distance(heard: string, said: string): number {
  let row = Array.from({ length: said.length + 1 }, (_, at) => at * missingCost);
  for (const digit of heard.slice(0, 24)) {
    const next = [(row[0] ?? 0) + missingCost];
    for (let at = 0; at < said.length; at++) {
      const other = said[at] ?? "";
      const swap = digit === other ? 0 : close.has(digit + other) ? closeCost : otherCost;
      next.push(Math.min((row[at] ?? 0) + swap, (row[at + 1] ?? 0) + missingCost, (next[at] ?? 0) + missingCost));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
