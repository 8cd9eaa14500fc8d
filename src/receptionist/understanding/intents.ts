/** What the caller wants of us, apart from the values themselves. Pure. */
import { phraseOf, type Token } from "./tokens.ts";

export type Intent =
  | "view"
  | "person"
  | "message"
  | "repeat"
  | "slower"
  | "hold"
  | "goodbye"
  | "recording"
  | "privacy"
  | "machine"
  | "cancel"
  | "manage"
  | "other"
  | "change"
  | "wrong-number"
  | "greeting"
  | "dont-know"
  | "abuse";
// biome-ignore format: a list
const PATTERNS: readonly (readonly [Intent, RegExp])[] = [
  ["repeat", /\b(?:(?:say|repeat|run) (?:that|it|this)(?: (?:again|back|past me))?|(?:again|once more|come again)(?: please)?$|could you repeat|can you repeat|repeat(?: please)?$|pardon|what did you say|what was that|didn't (?:catch|hear|get) (?:that|you|it)|beg your pardon|missed that|say again|sorry what)\b|^(?:sorry|what|eh|huh|come again|you what|what's that)$/],
  ["slower", /\b(?:slow(?:er|ly)?(?: down)?|too fast|not so fast)\b/],
  ["hold", /\b(?:bear with me|hang on|hold on|one (?:moment|second|sec|minute|mo)|just a (?:moment|second|sec|minute|mo|tick)|give me a (?:moment|second|sec|minute|mo|tick)|wait a (?:moment|second|minute|sec)|two (?:ticks|secs)|half a (?:sec|mo)|let me (?:check|see|look|think|get|find|grab)|i'll just (?:check|get|look|grab|find)|wait please|hold the line)\b/],
  ["person", /\b(?:(?:speak|talk|chat|put me through|get through|connect me|transfer me|put me on) (?:to|with) (?!my (?:wife|husband|partner)\b)|(?:real|actual|human) (?:person|human|being)|a human|(?:speak|talk) to (?:someone|somebody)|an? (?:agent|operator|adviser|advisor|negotiator|member of staff|receptionist)(?: please)?$|is (?:there )?(?:anyone|anybody|someone) (?:(?:there )?i can|available|(?:there )?(?:to|who))|can i have (?:someone|somebody|a person))\b|^(?:a )?(?:person|human|operator|agent|someone)(?: please)?$/],
  ["person", /\b(?:(?:a|have|quick) word with (?!my (?:wife|husband|partner)\b)|(?:get|fetch|find|give|pass) me (?:through to )?(?:to )?(?:someone|somebody|anyone|anybody|a (?:real |proper |live )?(?:person|human)|your (?:manager|boss|supervisor))|(?:not|don't want to be|rather not be|sick of|no point) (?:talking|speaking) to (?:a|this|the|some) (?:\w+ )?(?:machine|robot|computer|bot|recording|thing)|(?:don't|do not|won't) (?:want to |wanna )?(?:talk|speak) to (?:a|this|the) (?:\w+ )?(?:machine|robot|computer|bot|recording)|(?:want|like|need) (?:a|an|your|the) (?:real |proper |actual |live )?(?:person|human|manager|supervisor|boss)|who (?:deals with|looks after|handles|does) (?:\S+ ){0,2}(?:sales|lettings|rentals?|accounts|maintenance)\b.*\b(?:want|speak|talk|word|them|him|her|through))\b|\b(?:manager|boss|supervisor|reception|front desk|switchboard)(?: \|)? please\b|\bask for (?:the |your )?(?:manager|reception)\b/],
  ["recording", /\b(?:(?:am i|are you|is this|being) (?:being )?record(?:ed|ing)|is (?:this|the) call record|do you record|(?:don't|do not|not to|can you not|never) record(?!ed)|stop (?:the |this |that |your )?recording|no recording|not (?:to )?be recorded|(?:don't|do not|didn't|did not) (?:want|like|agree|consent|wish)(?: to)? (?:this |that |it |you |me |us |my (?:voice|call) )?(?:to )?(?:be |being |you )?record|rather (?:you )?(?:didn't|did not|not) record|turn off the recording|without (?:being )?record|(?:switch|turn|shut) (?:off )?(?:the |this |that |your )?(?:tape|recording|recorder)(?: off)?)/],
  ["privacy", /\b(?:delete my (?:recording|data|details|number|information)|erase my|remove my (?:data|details|number)|what (?:data|information|do you) (?:do you )?hold (?:on|about) me|hold on me|my (?:personal )?data|subject access|data protection|gdpr|privacy)\b/],
  ["machine", /\b(?:are you (?:a )?(?:robot|machine|real|human|computer|a bot|bot|an ai|ai|recording|a person|a real person)|is this (?:a )?(?:robot|machine|computer|an ai|ai|bot|recording)|am i (?:speaking|talking) to (?:a )?(?:robot|machine|computer|human|person|real|bot|an ai))\b/],
  ["wrong-number", /\b(?:wrong number|dialled the wrong|rang the wrong|didn't mean to (?:call|ring|phone)|meant to (?:ring|call|phone|dial) (?:the|my|an?|someone else|somebody else))\b/],
  ["cancel", /\b(?:forget (?:it|about it)|never ?mind|start (?:again|over)|don't bother|leave it|changed my mind|call it off|don't want (?:it|to book|a viewing|that) any)/],
  ["view", /\b(?:view(?:ing|ings|ed)?|look(?:ing)? (?:at|around|round)|see (?:the )?(?:house|flat|property|place|it|one|around|inside)|(?:come|go|have a look|pop) (?:and see|to see|round)|(?:book|make|arrange|get|have|want|need) (?:an? |the )?(?:viewing|appointment|visit|slot)|(?:like|want|love|hoping|wanted) to (?:see|view|visit|book)|visit|appointment to see|interested in|arrange (?:a|to)|have a look|show me)\b/],
  ["manage", /\b(?:cancel|reschedule|rearrange|move|change|postpone|confirm|bring forward|put back)(?: \S+){0,2} (?:viewing|appointment|booking)\b|\bmy (?:viewing|appointment|booking)\b|\b(?:running|be|going to be) late\b|\b(?:outside|here)(?: \S+){0,8} (?:nobody|no one|no-one)\b/],
  ["message", /\b(?:(?:leave|take|pass on|pass|send|give) (?:a |him a |her a |them a |you a |on a )?message|call (?:me )?back|ring (?:me )?back|callback|get back to me|(?:someone|somebody) (?:to )?(?:call|ring|phone) me|(?:ask|get|have) \S+(?: \S+){0,3} to (?:call|ring|phone|contact) (?:me|us)|give (?:me|us) an? (?:call|ring|bell|buzz|tinkle|shout)|(?:leave|take|write|make) (?:a |him a |her a |them a |you a )?note|leave (?:my|a|our) (?:number|name|details)|pass (?:on|it on|this on) (?:that|to)|let (?:him|her|them|the \w+|whoever\S*) know)\b|(?:^|\| |\b(?:please|you|to|just) )tell (?:him|her|them|whoever\S*|someone|somebody|the (?:team|office|agents?|negotiators?|managers?|boss|sellers?|buyers?|vendors?|owners?|landlords?|tenants?))\b|^(?:an? |the |just an? )?(?:message|note)(?: please$|$| for\b)/],
  ["change", /\b(?:chang(?:e|ing)|alter|amend|correct(?= the| my)|different|another|wrong|move|not the right|isn't right)\b/],
  ["dont-know", /\b(?:don't know|not sure|no idea|can't remember|couldn't tell you|haven't decided|dunno)\b/],
  ["goodbye", /\b(?:good ?bye|bye(?: bye)?|cheerio|ta ra|see you|hang up now|have a (?:good|nice|lovely) (?:day|one|weekend|evening|afternoon|morning))\b/],
  ["other", /\b(?:valu(?:e|ation|ed|er)|sell(?:ing)? my|apprais|repair|leak(?:ing|s)?|boiler|broken|heating|no hot water|blocked|damp|mould|rent (?:is|payment|arrears|due)|pay(?:ing)? (?:my|the) rent|deposit|notice|landlord|tenan(?:t|cy)|offer|sale progress|solicitor|survey(?:or)?|mortgage|keys?|locked out|missed call|brochure|details|parking|council tax|price|how much|epc|complain|complaint|invoice|register|opening hours|open(?:ing)? (?:on|at|times)|address of|where are you|what time do you|when (?:do|are) you (?:open|close|shut)|still (?:available|for sale|on the market|to let)|power cut|flood(?:ed|ing)?|burst|break-in|broken into|burgl)/],
  ["abuse", /\b(?:(?:fuck|piss|sod|bugger|eff|naff|jog) (?:off|you)|(?:go )?fuck yourself|get (?:lost|stuffed|knotted)|wank\w*|cunts?|(?:useless|stupid|bloody|fucking|piece of) (?:\w+ )?(?:shit|crap|idiot|moron|bastard|robot|machine|thing)|bollocks|arseholes?|dickhead|up yours|shut (?:up|your \w+))\b/],
  ["greeting", /^(?:(?:hello|hi|hiya|good (?:morning|afternoon|evening|day)|hey|morning|afternoon|evening)(?: there)?(?: \| | |$))+(?:(?:is )?(?:anyone|anybody|someone) there)?$|^(?:is |are )?(?:there )?(?:anyone|anybody|someone|you) (?:still )?there$/],
];

/** Every intent that the words hold; several in one breath are usual. */
export function readIntents(tokens: readonly Token[]): Set<Intent> {
  const phrase = phraseOf(tokens);
  const found = new Set<Intent>();
  for (const [intent, pattern] of PATTERNS) if (pattern.test(phrase)) found.add(intent);
  // "Are you a real person?" asks what we are; "I'd like a real person" asks for one.
  if (found.has("machine")) found.delete("person");
  if (found.has("recording") || found.has("privacy")) found.delete("hold");
  return found;
}

/** The word by which something is recognised that is no viewing: "mortgage", "survey". */
export function topicNamed(tokens: readonly Token[]): string {
  const pattern = PATTERNS.find(([intent]) => intent === "other")?.[1];
  return (pattern?.exec(phraseOf(tokens))?.[0] ?? "other").replace(/ /g, "-");
}

/** "speak to Beth in lettings": for whom. undefined for "someone", "a person", "the office". */
export function personWanted(tokens: readonly Token[]): string | undefined {
  const phrase = phraseOf(tokens);
  const department =
    /\b(?:someone|somebody|anyone|anybody) (?:in|from|at) (?:the )?(sales|lettings|maintenance|accounts)\b/.exec(
      phrase,
    );
  if (department?.[1] !== undefined) return department[1];
  const answersFor =
    /\b(?:(?:deals? with|looks after|handles) (?:\S+ )?|(?:the|your) )(sales|lettings|rentals?|maintenance|accounts)(?: (?:team|department|desk|office|people|side)\b|\b(?=.*\b(?:want|them|speak|through)\b))/.exec(
      phrase,
    );
  if (answersFor?.[1] !== undefined) return answersFor[1].replace(/^rentals?$/, "lettings");
  const named = /\b(?:ask|get|have|tell|let) ([a-z']+) (?:to|that|know|the|i)\b/.exec(phrase)?.[1];
  const told = named === undefined ? undefined : tokens.find(({ word }) => word === named);
  if (told !== undefined && !VAGUE.has(told.word) && /^\p{Lu}\p{Ll}/u.test(told.raw)) return told.raw;
  const match =
    /\b(?:speak|talk|word|through|message|note|transfer me|connect me)(?: \|)? (?:to|with|for) (?:the )?([a-z']+(?: [a-z']+)?)/.exec(
      phrase,
    );
  const words = (match?.[1] ?? "").split(" ").filter((word) => word !== "please");
  const first = words[0];
  if (first === undefined || VAGUE.has(first)) return undefined;
  const token = tokens.find(({ word }) => word === first);
  const isDepartment = /^(?:sales|lettings|maintenance|accounts|manager|landlord|mortgages?)$/.test(first);
  if (isDepartment) return first;
  if (token === undefined || !/^\p{Lu}/u.test(token.raw)) return undefined;
  const second = tokens.find(({ word }) => word === words[1]);
  return second !== undefined && /^\p{Lu}/u.test(second.raw) ? `${token.raw} ${second.raw}` : token.raw;
}

const VAGUE = new Set([
  "a",
  "an",
  "someone",
  "somebody",
  "anyone",
  "anybody",
  "real",
  "human",
  "person",
  "you",
  "me",
  "your",
  "one",
  "office",
  "team",
  "agent",
  "staff",
  "my",
  "him",
  "her",
  "them",
]);

/** Which items the caller wants changed, by name: "the time", "my number". */
export function itemsNamed(tokens: readonly Token[]): string[] {
  const phrase = phraseOf(tokens);
  return ITEMS.filter(([, pattern]) => pattern.test(phrase)).map(([name]) => name);
}
const ITEMS: readonly (readonly [string, RegExp])[] = [
  ["property", /\b(?:property|house|flat|address|place|street)\b/],
  ["address", /\b(?:address|house number|street)\b/],
  ["postcode", /\bpost ?code\b/],
  ["money", /\b(?:amount|price|offer|budget|figure)\b/],
  ["beds", /\bbed(?:room)?s\b/],
  ["department", /\b(?:sell|selling|let|letting)\b/],
  ["date", /\b(?:day|date)\b/],
  ["time", /\b(?:time|hour|earlier|later)\b/],
  ["name", /\b(?:name|surname|spelling)\b/],
  ["phone", /\b(?:number|phone|telephone|mobile)\b/],
];
