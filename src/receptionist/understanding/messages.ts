/** What a caller says when he leaves a message: whether he begins with it, and what it holds already. Pure. */

/** "Message for Dawn: …", "tell Kieran that …": whatever it is about, it is a message. */
const OPENS =
  /^(?:\S+[,?!.]? ){0,4}?(?:(?:a )?(?:message|note) for|(?:take|leave|pass on) (?:a |you a |him a |her a |them a )?(?:message|note)|pass on (?:that|to)|tell (?:him|her|them|the|whoever\S*|someone|somebody))\b/i;

/** Behind one of these the message itself begins. */
const LEADS =
  /\b(?:message for [^:,]{2,40}[:,]|pass (?:it |this )?on (?:that|to \S+ that)|tell (?:him|her|them|whoever\S*(?: in charge| dealing with it)?|someone|somebody|the \S+|\p{Lu}\p{L}+)|(?:know|say|mention) that|let \S+(?: \S+)? know|(?:ring|call|phone|contact) (?:me|us)(?: back)?(?: \S+){0,3} (?:about|regarding|because)|(?:bell|ring|call|message|note) (?:about|regarding|to say|saying))\s+(.+)/iu;
/** Less is only an end of a sentence: "… tell them please". */
const FEWEST_WORDS = 2;

export const opensMessage = (text: string): boolean => OPENS.test(text.trim());

/** The whole sentence, if it says what it is about; undefined: that is still to be asked. */
export function messageIn(text: string): string | undefined {
  const told = LEADS.exec(text)?.[1]?.trim();
  return told !== undefined && told.split(/\s+/).length >= FEWEST_WORDS ? text.trim() : undefined;
}
