/** What else the recogniser may have heard. Pure. */
import type { Doubt } from "../receptionist/contract.ts";
import type { Transcript } from "../speech/ports.ts";
import { beginsWith } from "./words-in.ts";

/** Natural logarithm: a reading a third as likely as the best one may as well be what was said. */
const nearNats = 1.25;
const mostReadings = 4;

/** Half of all that is right has a word in doubt; figures that are right hardly ever. */
const endsInFigures = (text: string): boolean => /\d\W*$/.test(text);

/** Readings of other words. The beginning of the best is none: of a whole sentence its last word is often in doubt. */
export function doubtOf({ text, nbest, unsure, doubtful, unsettled }: Transcript): Doubt {
  const best = nbest[0]?.logProbability ?? 0;
  const near = nbest.filter((other) => best - other.logProbability <= nearNats && !beginsWith(text, other.text));
  const isUnsure = unsure === true || doubtful === true || (unsettled === true && endsInFigures(text));
  return { unsure: isUnsure, readings: near.slice(0, mostReadings).map((one) => one.text) };
}
