/** The words of a text as they are said, without its signs. Pure. */

/** Each in small letters, with the place in `text` at which it ends. */
export const wordsIn = (text: string): { word: string; to: number }[] =>
  [...text.matchAll(/[\p{L}\p{N}']+/gu)].map(({ 0: word, index }) => ({
    word: word.toLowerCase(),
    to: index + word.length,
  }));

/** Whether `text` is that, or goes on from it. */
export function beginsWith(text: string, beginning: string): boolean {
  const words = wordsIn(text);
  return wordsIn(beginning).every(({ word }, at) => words[at]?.word === word);
}
