/** What callers say to others in the room while they have us on the line. Pure. */
import { phraseOf, type Token } from "./tokens.ts";

/** Names that nobody gives an agency. */
const VOCATIVE =
  /\b(?:darling|sweetheart|sweetie|love|babe|poppet|mum|mummy|dad|daddy|nan|kids|boys|girls|mate|son)\b(?: \||$)|^(?:darling|sweetheart|mum|mummy|dad|daddy|kids|boys|girls|shush|sh+|oi)\b/;
const ABOUT_US =
  /\b(?:i'm|we're|i am|she's|he's) on the (?:phone|telephone|line)\b|\bit's (?:just )?(?:the )?(?:estate agents?|agents?|agency|letting agents?)\b|\b(?:he|she|they|it) (?:says|said|wants to know|is asking)\b|\bi'm (?:just )?talking to\b/;
const HOUSEHOLD =
  /\b(?:put (?:that|it|them|the \w+) (?:down|away|back|on)|turn (?:that|it|the \w+) (?:off|down|up)|shut the (?:door|window)|close the (?:door|window)|come here|get (?:down|off)|get your (?:shoes|coat)|be quiet|not now|in a minute|leave (?:him|her|them|it) alone|stop (?:it|that)|dinner's ready|tea's ready|who(?:'s| is) (?:that|at the door)|is that (?:the|my|your|our) (?:\w+ )?(?:man|lady|door|doorbell|post|postman|parcel|delivery|dog|cat|baby|kettle|oven|phone|telly|taxi|bus)|there's someone at the door|let the (?:dog|cat)|feed the|good (?:boy|dog|girl)|what (?:do you want|would you like) for (?:tea|dinner|lunch)|where (?:are|is|did) (?:my|the|your) (?:keys|coat|shoes|glasses|bag)|have you seen (?:my|the))\b/;
/** "No darling, not now" is no "no" to us; a request for us is none of the room's. */
const TO_US = /\b(?:viewing|book|appointment|speak to|message|call me back|cancel|goodbye|available)\b/;

/** Said to somebody else, as far as words can tell. */
export function isToSomebodyElse(tokens: readonly Token[]): boolean {
  const phrase = phraseOf(tokens);
  if (TO_US.test(phrase)) return false;
  return VOCATIVE.test(phrase) || ABOUT_US.test(phrase) || HOUSEHOLD.test(phrase);
}
