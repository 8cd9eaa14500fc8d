/** Which words of a prompt a caller has heard who was played only the first part of it. Pure. */

/** A figure is said as a word; a sign between words is a pause. */
const weights = { digit: 4, pause: 4, letter: 1 };
/** British voices say about so much of that in a second: for a prompt that is not made to its end yet. */
const weightPerMs = 0.017;

/** How long `text` takes to say, roughly. */
export const spokenMs = (text: string): number => weightOf(text) / weightPerMs;

/** @param share 0…1 of the time that the whole takes. @returns the words that were said to their end. */
export function heardWords(text: string, share: number): string {
  if (share >= 1) return text;
  const heard = weightOf(text) * Math.max(0, share);
  let end = 0;
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    const to = index + word.length;
    if (weightOf(text.slice(0, to)) > heard) break;
    end = to;
  }
  return text.slice(0, end);
}

function weightOf(text: string): number {
  let weight = 0;
  for (const character of text)
    weight += /\d/.test(character) ? weights.digit : /[.,;:?!]/.test(character) ? weights.pause : weights.letter;
  return weight;
}
