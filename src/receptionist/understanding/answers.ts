/** Yes and no in all their forms. */
import { phraseOf, type Token } from "./tokens.ts";

/** `closing`: "no, that's everything", "that's all, thanks": nothing more is wanted. */
export type Answer = "yes" | "no" | "closing";

const NO = /^(?:no+|nope|nah|naw|nay|never|incorrect|wrong|negative)$/;
const YES =
  /^(?:yes|yeah|yep|yup|yea|yah|ya|aye|yas|correct|right|sure|ok|okay|perfect|lovely|great|brilliant|fine|exactly|absolutely|definitely|certainly|indeed|good|fab|fabulous|excellent|super|cool|smashing|grand|ideal|spot|splendid|marvellous|wonderful|affirmative|alright)$/;

const STRONG_NO =
  /\b(?:not (?:really|quite|right|correct|that|exactly|at all|today|for me)|(?:isn't|is not|wasn't|that's not|it's not) (?:right|correct|it|quite right|what|good)|don't think so|i don't|do not|please don't|don't book|that's wrong|is wrong|it's wrong|(?:that's|is|it's) incorrect|afraid not|no good|doesn't work|won't work|can't (?:do|make)|rather not)\b/;
const STRONG_YES =
  /\b(?:that's (?:right|correct|it|fine|great|perfect|lovely|good|the one|me|ok|okay|brilliant|spot on)|that is (?:right|correct|fine|the one)|(?:that )?sounds (?:good|great|right|fine|lovely|perfect)|that (?:works|will do|would be (?:great|lovely|good|fine|perfect)|suits)|go (?:on then|ahead|for it|on)|please do|why not|of course|course (?:you can|it is|you may)|all (?:right|correct|good)|you've got it|got it|book it|it is|i do|i would|i am|we do|that'll do|do it|by all means|no (?:problem|worries|bother))\b/;
const CLOSING =
  /\b(?:(?:that's|that is|that'll be|that will be) (?:all|everything|it|the lot)|nothing (?:else|more)|no(?: \|)? (?:thank you|thanks|that's (?:fine|great|lovely|good|it|okay|ok|perfect|me)|i'm (?:fine|good|ok|okay|all right|alright)|i think that's|you've been)|i'm all (?:done|good|set)|all done|not (?:today|at the moment|for now|right now))\b/;

/** The answer in an utterance, if it holds one. Other content ("no, Thursday") is for the other readers. */
export function readAnswer(tokens: readonly Token[]): Answer | undefined {
  const words = tokens.map((token) => token.word).filter((word) => !FILLERS.has(word));
  const phrase = phraseOf(tokens);
  const first = words[0] ?? "";
  if (CLOSING.test(phrase) && !STRONG_NO.test(phrase.replace(CLOSING, ""))) return "closing";
  if (isSoundedYes(phrase)) return "yes";
  if (STRONG_NO.test(phrase)) return "no";
  if (NO.test(first)) return NO_THEN_YES.test(phrase) ? "yes" : "no";
  if (STRONG_YES.test(phrase)) return "yes";
  if (YES.test(first)) return "yes";
  if (first === "please" && words.length <= 2) return "yes";
  const isDenied = words.some((word) => word === "not" || word.endsWith("n't")); // "I'm not sure"
  return words.length <= 3 && !isDenied && words.some((word) => YES.test(word)) ? "yes" : undefined;
}

const FILLERS = new Set(["er", "erm", "um", "uh", "ah", "oh", "well", "so", "hmm", "hi", "hello", "actually"]);
/** "yeah, no, that's right"; "no no, that's correct". */
const NO_THEN_YES =
  /^(?:no (?:\| )?){1,2}(?:that's (?:right|correct)|that is (?:right|correct)|yes|yeah|sounds good|problem|worries|bother)\b/;

/** "mm hm", "uh huh". */
const isSoundedYes = (phrase: string): boolean => /^(?:mm+ ?h+m+|m+hm+|uh ?huh|mhm)(?: \|.*)?$/.test(phrase);

const BACKCHANNEL = /^(?:(?:mm+|hm+|mhm|uh|huh|right|okay|ok|i see|ah|oh|er|erm|um|thank you|thanks|cheers)[ |]*)+$/;

const LISTENING =
  /^(?:(?:mm+|hm+|mhm|uh|huh|aha|ah|oh|er|erm|um|right|right then|okay|ok|okey dokey|i see|i know|got it|gotcha|yes|yeah|yep|yup|ya|aye|sure|lovely|great|good|fine|fab|perfect|brilliant|super|cool|nice|alright|all right|of course|fair enough|no worries|really|wow|thank you|thanks|cheers|that's (?:right|fine|great|lovely|good|ok|okay)|sounds good|very good|go on|makes sense|understood)[ |]*)+$/;

/** Said while somebody else speaks, it tells him to go on: "mm-hm", "right, okay", "yeah". */
export const isListening = (tokens: readonly Token[]): boolean =>
  tokens.length <= 5 && LISTENING.test(phraseOf(tokens));

/** Nothing but the noises of listening: no turn of its own where no yes or no was asked for. */
export const isBackchannel = (tokens: readonly Token[]): boolean =>
  tokens.length <= 4 && BACKCHANNEL.test(phraseOf(tokens));
