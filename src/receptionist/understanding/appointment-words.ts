/**
 * What callers say of an appointment that is there: that they wait at it or are late for it, that it is to be moved,
 * cancelled or confirmed, how it was, and whether a home may be entered for it. Pure.
 */
export type AppointmentTopic =
  | "access"
  | "feedback"
  | "move-appointment"
  | "cancel-appointment"
  | "confirm-appointment";

const KIND = "(?:viewings?|appointments?|bookings?|valuations?|visits?|slots?)";
const DAY =
  "(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?(?:'s)?|tomorrow(?:'s)?|today(?:'s)?|this (?:morning|afternoon|evening)(?:'s)?)";
const HOME = "(?:house|home|flat|place|property|bungalow|cottage|apartment|studio|maisonette|one)";
const OWNER = "(?:tenants?|vendors?|sellers?|owners?)";

const pattern = (source: string): RegExp => new RegExp(`\\b(?:${source})\\b`);

/** Of the caller's own home, to which others are to come. */
const ACCESS = pattern(
  [
    `${KIND}(?: \\S+){0,3} (?:at (?:mine|ours)|(?:at|of|in|on|to) (?:my|our) (?:\\S+ )?${HOME})`,
    `(?:i'm|i am|we're|we are|this is) (?:the |a |your )?${OWNER}\\b.*\\b(?:${KIND}|access|come (?:in|round))`,
    "let (?:yourselves|yourself|themselves|them|him|her|people|your \\S+) in",
    "(?:bring|bringing|show|showing|send|sending) (?:\\S+ ){1,3}(?:round|around)(?= \\||$| (?:on|at|to|after|before|until|till|tomorrow|today|this|next|the|my|our|any|whenever))",
    "(?:asked|asking|ask|message|text|rang|phoned|called|wrote|letter|note)(?: \\S+){0,6} (?:access|if (?:people|someone|somebody|anyone|buyers|you|they) (?:can|could|may|might) (?:come|view|see|visit|have a look))",
    `(?:said|say|saying) (?:yes|no|okay|ok) to (?:a|the|that|your|this) ${KIND}`,
    "(?:give|gave|giving|allow|refuse|refusing|confirm|confirming) (?:you |them )?access(?! to (?:my|the) (?:data|information|records))",
  ].join("|"),
);
/** "I'd like to bring my wife round for a viewing" is the visitor's, not the owner's. */
const WOULD_VISIT = pattern(
  "(?:can|could|may|might) (?:i|we) (?:bring|view|see|come|book|arrange|have)|(?:bring|bringing) (?:my|our|the) (?:wife|husband|partner|mum|dad|family|children|kids)|(?:book|arrange|make) (?:a|an|another) (?:\\S+ )?(?:viewing|appointment)",
);

const HAS_SEEN = pattern(
  `(?:i|we)(?:'ve| have)? (?:just |only |really |quite |all |both )?(?:viewed|saw|seen|visited|loved|love|liked|enjoyed|hated|looked (?:at|round|around)|went (?:to see|round|around)|came to see|weren't keen on|wasn't keen on|didn't (?:like|think))|(?:the|my|our|${DAY}) viewing (?:went|was)|had (?:a|our|my) (?:look|viewing)(?: \\S+){0,4} (?:yesterday|last)`,
);
const OPINION = pattern(
  "yesterday|this morning|the other day|last \\S+|lovely|loved|liked|enjoyed|hated|keen|but|too (?:small|big|dark|noisy|dear|expensive|pricey|far|close|old)|not for (?:us|me)|isn't for (?:us|me)|over (?:our|my) budget|went (?:well|fine|badly)|think(?:ing)? (?:about|it) (?:it|over)",
);
/** Seen on paper, or seen and wanted again. */
const SEEN_ELSEWHERE = pattern(
  "rightmove|zoopla|on the market|website|web ?site|online|advert\\w*|board|sign|window|internet|facebook|email|listing|book|arrange|(?:like|love|want|wanted|wanting|hoping|ready) to (?:view|see|look|come|go)|(?:second|another|next) (?:view|viewing|look)|interested|available|still|how much|appointment|(?:is|are) there|does it|has it",
);

const MOVE = pattern(
  [
    "reschedul\\w+|re schedul\\w+|(?:to|can|could|must|please) (?:i |we |you )?re ?arrange",
    `(?:rearrang\\w+|re arrang\\w+|mov(?:e|ing)|chang(?:e|ing)|postpon\\w+|swap|switch|shift|delay)(?: \\S+){0,5} ${KIND}`,
    `(?:push|pushing|put|putting|bring|bringing|shift|shifting)(?: \\S+){0,4} ${KIND}(?: \\S+){0,3} (?:back|forward|earlier|later|off|to)`,
    `(?:push|pushing|put|putting|bring|bringing) (?:back|forward|off)(?: \\S+){0,4} ${KIND}`,
    `(?:my|our|${DAY}) (?:\\S+ )?${KIND}\\b.*\\b(?:could|can|might|would)(?:(?: it| we| i| you| that)(?: \\S+)? (?:be|do|make|come|have|move|change|go)(?! (?:my|our|the|a|an)\\b)| it| be)`,
    `(?:come|make it|do it|do|go) (?:on |for )?${DAY}(?: \\S+){0,3} instead`,
    `instead of (?:on |my |the )?(?:${DAY}|${KIND})`,
    `(?:another|different|earlier|later) (?:day|time|slot)\\b.*\\b(?:my|our) (?:\\S+ )?${KIND}`,
    `(?:supposed|meant|due|booked) (?:to|in)\\b.*\\b(?:another|different|earlier|later) (?:day|time|slot)`,
  ].join("|"),
);
const CANNOT =
  "(?:can't|cannot|can not|couldn't|won't|will not|shan't|not going to|unable to|not able to|no longer able to|not gonna)";
const CANCEL = pattern(
  [
    `cancel(?:ling|led)?(?: \\S+){0,4} (?:${DAY}|${KIND})`,
    `${CANNOT}(?: be able to)? (?:make|come to|come|attend|do|get to|be at)(?: \\S+){0,4} (?:${DAY}|${KIND})`,
    `(?:i|we) (?:won't|will not|shan't) be (?:coming|attending|able to (?:come|make it)|there)`,
    `(?:call|calling) off (?:\\S+ )?(?:\\S+ )?${KIND}|(?:call|calling) (?:my|our|the|${DAY}) (?:\\S+ )?(?:${KIND} )?off`,
    `(?:no longer (?:want|need)|don't (?:want|need)|do not (?:want|need)|pull(?:ing)? out of) (?:to (?:come|go) to )?(?:my|our|the|that|${DAY}) (?:\\S+ )?${KIND}`,
  ].join("|"),
);
const CONFIRM = pattern(
  [
    `(?:i'm|i am|we're|we are|it's|${KIND}|${DAY})(?: \\S+){0,3} still (?:on|happening|going ahead|booked|all right|okay|ok)(?! (?:the|sale|market|available))`,
    `still on for (?:${DAY}|\\S+)`,
    "confirm(?:ing)?(?: that)? (?:i'll|i will|i'm|i am|we'll|we will|we're|we are)(?: \\S+){0,3} (?:there|coming|come|along)",
    `(?:what time|what day|which day|when|where)(?: \\S+){0,3} (?:my|our)(?: \\S+){0,2} ${KIND}`,
    `(?:i've|i have|we've|we have|i got|i've got|there's) (?:a|an|my|our) (?:\\S+ )?${KIND}(?: \\S+){0,2} (?:booked|arranged|made|in the diary|with you)\\b.*\\b(?:what|when|where|which|remind|time|forgotten|lost)`,
    `(?:forgotten|forgot|lost|can't remember|don't remember|remind me)(?: \\S+){0,6} (?:my|our) (?:\\S+ )?${KIND}`,
  ].join("|"),
);

/** In this order: of an owner's home it is access, whatever else is said of the day. */
export function appointmentTopic(phrase: string): AppointmentTopic | undefined {
  if (ACCESS.test(phrase) && !WOULD_VISIT.test(phrase)) return "access";
  if (HAS_SEEN.test(phrase) && OPINION.test(phrase) && !SEEN_ELSEWHERE.test(phrase)) return "feedback";
  if (MOVE.test(phrase)) return "move-appointment";
  if (CANCEL.test(phrase)) return "cancel-appointment";
  return CONFIRM.test(phrase) ? "confirm-appointment" : undefined;
}

const ABSENT = pattern(
  "(?:has|have) (?:turned|shown) up|(?:meant|supposed|due) to (?:meet|be here|be meeting|let)|nobody(?:'s)?|no one(?:'s)?|no-one|not a soul|no sign of|where(?:'s| is| are|'re) (?:he|she|they|everybody|everyone|your \\S+|the (?:agent|negotiator|chap|lady))|(?:hasn't|haven't|not|didn't|never|isn't|doesn't) (?:shown|show|showed|turned|turn|arrived|appeared|come|here)(?: up)?|(?:been|still|left|kept) (?:waiting|standing|stood)|(?:is|are) (?:anyone|anybody|someone|somebody|you) (?:coming|on (?:his|her|their|your) way|going to (?:meet|let))|(?:forgot|forget|forgotten) (?:me|us|about)|stood (?:me|us) up|waiting for (?:the|your|you|him|her|them|somebody|someone)",
);
const AT_THE_PLACE = pattern(
  `outside|here|doorstep|stood at|at the (?:${HOME}|door|gate|front)|the door|${KIND}|to meet|in the rain|in the cold`,
);
/** He waits for a call, not at a door; or for a repair. */
const WAITS_AT_HOME = pattern(
  "(?:call|called|calling|rung|ring|ringing|rang|phoned|phone|replied|reply|emailed|e mailed|answered|got back|get back)",
);
const LATE = pattern(
  "(?:i|i'm|i'll|i am|i've|we|we're|we'll|we are|running|be)(?: \\S+){0,7} (?:late|delayed|held up)(?! (?:afternoon|evening|morning|with|paying|rent|fee|payment|viewing|appointment|shift))|(?:won't|can't|cannot|not)(?: \\S+){0,6} (?:on|in) time|stuck (?:in|on|behind|at)(?: \\S+){0,5} (?:traffic|road|roadworks|motorway|bypass|train|bus|m\\d+|jam)",
);
const NOT_LATE = pattern("too late|rent|pay\\w*|invoice|completion|exchange|work late|working late");

/** "I'm outside and nobody is here", "I'm running late": no time for a message. */
export function waitsForUs(phrase: string): boolean {
  if (LATE.test(phrase) && !NOT_LATE.test(phrase)) return true;
  return ABSENT.test(phrase) && AT_THE_PLACE.test(phrase) && !WAITS_AT_HOME.test(phrase);
}
