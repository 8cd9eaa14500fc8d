/** What somebody says who has been asked whether he takes a call. Pure. */
import { readAnswer } from "../../receptionist/understanding/answers.ts";
import { phraseOf, tokenise } from "../../receptionist/understanding/tokens.ts";
import type { LegAnswer } from "./machine.ts";

/** Announcements are long; an answer to "press 1 or say yes" is not. */
const mostWords = 8;

const MACHINE =
  /\b(?:(?:after|at) the (?:tone|beep)|leave (?:a|your|me a|us a) (?:message|name)|voice ?mail|mail ?box|can(?:no|')t (?:take|come to|get to|answer) (?:your|the|my) (?:call|phone)|(?:unable|not able|not available) to (?:take|answer) (?:your|the) call|not available (?:to take|at the moment please)|(?:you have|you've) reached|record your message|the person you (?:are|have)|please (?:hang up|try again later))\b/;
const DECLINES =
  /\b(?:not (?:now|available|today|here|right now|just now)|take a message|call (?:them|him|her|me) back|ring (?:them|him|her) back|i'm (?:busy|in a meeting|on another|with (?:a|someone))|(?:can't|cannot|won't) (?:take|talk|speak|do)|tell (?:them|him|her))\b/;
const ACCEPTS =
  /\b(?:(?:put|pop|send|bring) (?:him|her|them|it|the caller|[a-z]+) (?:through|on|over)|(?:i'll|i will|i can|happy to) (?:take|speak|talk|have)|go ahead|connect (?:us|me|him|her|them)|take the call)\b/;

export function readLegAnswer(text: string): LegAnswer {
  const tokens = tokenise(text);
  const phrase = phraseOf(tokens);
  if (MACHINE.test(phrase)) return "machine";
  if (tokens.length === 0 || tokens.length > mostWords) return "unclear";
  if (DECLINES.test(phrase)) return "declines";
  if (ACCEPTS.test(phrase)) return "accepts";
  const answer = readAnswer(tokens);
  if (answer === undefined) return "unclear";
  return answer === "yes" ? "accepts" : "declines";
}
