/** What callers want of an agency beside viewings: the task that it begins is the flow's business. Pure. */
import type { Department } from "../../agency/types.ts";
import { appointmentTopic } from "./appointment-words.ts";
import { readFault } from "./faults.ts";
import { phraseOf, type Token } from "./tokens.ts";

export const TOPICS = [
  "power-cut",
  "cold-call",
  "repair",
  "valuation",
  "payment",
  "sale-progress",
  "contractor",
  "locked-out",
  "notice",
  "landlord",
  "keys",
  "rent",
  "deposit",
  "missed-call",
  "details",
  "feedback",
  "access",
  "move-appointment",
  "cancel-appointment",
  "confirm-appointment",
  "data-access",
  "data-erasure",
  "data-objection",
  "complaint",
  "offer",
  "applicant-buy",
  "applicant-rent",
] as const;
export type Topic = (typeof TOPICS)[number];

/** The first that fits is what is wanted. */
// biome-ignore format: a table
const PATTERNS: readonly (readonly [Topic, RegExp])[] = [
  ["power-cut", /\bpower cut\b(?!.*\b(?:my|our|the) (?:flat|house|place|home)\b)|\b(?:power|electric\w*|electricity|lights?|leccy)(?:'s)?(?: \S+){0,8} (?:whole|entire|all (?:down|along|over|round)) (?:of )?(?:the |our |this |my )?(?:street|road|area|village|estate|neighbourhood|town)\b|\b(?:(?:whole|entire|all) (?:of )?(?:the |our |this )?(?:street|road|area|village|estate|neighbourhood|town)|all the neighbours|(?:street|road|neighbours)(?:'s| is| are)(?: \S+){0,2} (?:out|off|dark|black))\b(?: \S+){0,6} (?:power|electric\w*|electricity|dark|black|out|lights?)\b/],
  ["cold-call", /\b(?:(?:you(?:'ve| have)|(?:firm|company|business|office|number) has) been (?:specially )?selected|search engine optimi[sz]ation|(?:from|represent(?:ing)?|behalf of) (?:an? |the )?(?:\w+ ){0,2}(?:energy|broadband|telecoms?|utilities|marketing) (?:brokers?|suppliers?|consultants?)|(?:quick |short |brief )?survey of (?:\w+ ){0,2}(?:business(?:es)?|companies|firms)|free (?:\w+ )?upgrade|(?:are you|is that|speak to) the decision maker|google (?:listing|ranking|ads))\b/],
  ["data-erasure", /\b(?:delete|erase|remove|wipe|get rid of|destroy)\b(?: \S+){0,4} (?:data|recordings?|details|information|number|records?|voice)\b|\bright to be forgotten\b/],
  ["data-access", /\b(?:subject access|what (?:do|have) you (?:hold|got|keep|have) (?:on|about) (?:me|us)|what (?:you|you've|you're) (?:\w+ )?(?:hold|holding|got|keep|keeping|have|know|store|stored) (?:on|about) (?:me|us)|(?:copy|copies|print ?out|everything|anything|all) .{0,40}\b(?:with|has|under|in) my name\b|everything (?:you|you've) .{0,20}\b(?:on|about) (?:me|us)|(?:what|which) (?:\w+ )?(?:data|information|details|records)\b.{0,40}\b(?:hold|have|keep|got|stored?)\b.{0,20}\b(?:me|us)|(?:copy|copies) of (?:all )?(?:my|the) (?:data|personal data|recordings?|information you))\b/],
  ["data-objection", /\b(?:(?:stop|don't want you|object to you|object to) (?:using|processing|sharing|passing on|sending|selling)\b(?: \S+){0,4} (?:data|details|information|number|marketing|emails?|texts?)|take (?:me|us) off (?:your|the) (?:list|mailing list|database)|unsubscribe|(?:stop|quit) (?:ringing|calling|phoning|texting|emailing|contacting|pestering|bothering|mailing|writing to) (?:me|us)|(?:don't|do not) (?:want|ring|call|phone|send|contact) (?:\w+ )?(?:any ?more|any further|again)|no more (?:calls|texts|emails|letters|marketing))\b/],
  ["complaint", /\b(?:(?:make|raise|lodge|file|have|register|log) (?:a |an )?(?:formal |official )?complaint|(?:want|like|need|ringing|calling|wish|going) to complain|complaints? (?:procedure|department|about)|ombudsman|(?<!\b(?:no|not|never) )(?:complaining|official complaint|formal complaint))\b/],
  ["cancel-appointment", /\bcancel(?:ling|led)?\b(?: \S+){0,5} (?:viewing|appointment|booking|valuation|visit|slot)\b|\bcan't (?:make|come to|do) (?:my|the|our|that|today's|tomorrow's|this) (?:\w+ )?(?:viewing|appointment|valuation)\b|\b(?:won't|not) be (?:able to (?:make|come)|coming) (?:to )?(?:my|the|our) (?:viewing|appointment|valuation)\b/],
  ["move-appointment", /\b(?:reschedul\w+|re schedul\w+|rearrang\w+|re arrang\w+|mov(?:e|ing)|chang(?:e|ing)|postpon\w+|bring(?:ing)? forward|put(?:ting)? back|push(?:ing)? back|swap|delay)\b(?: \S+){0,5} (?:viewing|appointment|booking|valuation|visit|slot)\b|\b(?:viewing|appointment|booking|valuation)\b(?: \S+){0,6} (?:moved|changed|rescheduled|rearranged|a different (?:day|time)|another (?:day|time))\b/],
  ["confirm-appointment", /\b(?:confirm|check(?:ing)?|remind me|double check|make sure|remember|what time(?: is| was|'s)?|what day(?: is| was)?|when(?: is| was|'s)?|where(?: is|'s)?)\b(?: \S+){0,6} (?:my|our) (?:\w+ )?(?:viewing|appointment|booking|valuation)\b|\b(?:my|our) (?:viewing|appointment|booking|valuation)\b(?: \S+){0,4} (?:still on|going ahead|confirmed)\b/],
  ["rent", /\b(?:can't|cannot|can not|couldn't|won't(?: be able to)?|unable to|struggling to|not (?:going to be )?able to) (?:pay|afford|make|cover|manage)(?: \S+){0,4} rent\b/],
  ["payment", /\b(?:(?:refund|money back)\b(?!.*\bdeposit)|bank details|account number|sort code|card (?:number|details|payment)|(?:pay|paying|payment) (?:by|with|over the phone|on|my|the) (?:card|phone|debit|credit|rent|deposit|holding deposit|fees?)|make a payment|take a payment|pay (?:my|the|a) (?:rent|deposit|holding deposit|fees?|invoice))\b/],
  ["locked-out", /\b(?:locked (?:myself |ourselves )?out|lost (?:my|our|the) (?:front door |house |flat )?keys?|can't get (?:in|into) (?:my|our|the) (?:flat|house|home))\b/],
  ["missed-call", /\b(?:missed call|(?:you|someone|somebody|your office) (?:just )?(?:rang|called|tried to (?:ring|call)|phoned|was trying to (?:ring|call)) (?:me|us)|returning (?:your|a|his|her) call|voicemail from|(?:says?|saying|saw|see|seen|noticed?|shows?|showing|think|looks like) (?:that )?(?:you|you've|you'd|your (?:number|office)|someone|somebody)(?: \w+)? (?:called|rang|rung|phoned|been ringing)|you(?:'ve| have)? left (?:me |us )?an? (?:card|note|voicemail|message|letter)(?! asking (?:if|whether))|(?:card|note|letter|leaflet) through (?:my|our|the) (?:door|letter ?box)|asking (?:me|us) to (?:ring|call|phone))\b/],
  ["offer", /\b(?:(?:make|put|submit|place|put in|increase|raise|up) (?:in |forward )?(?:an |my |our |a )(?:\w+ )?offer|(?:like|want|happy|prepared|willing|able|going) to offer|(?:i|we)(?:'ll|'d| will| would|'re going to)? offer\b|(?:would|will) (?:they|he|she|the (?:owner|seller|vendor|landlord)s?) (?:accept|take|consider)|my offer (?:is|of)|offer of|(?:make|making|put|putting|place|placing|submit|submitting) (?:in |forward )?(?:an? |my |our )?(?:\w+ )?(?:offer|bid)|(?:like|want|happy|prepared|willing|going) to bid|asking price offer)\b|(?:^|\| )(?:hello \| |hi \| )?(?:an? )?(?:cash )?(?:offer|bid) (?:for|on)\b/],
  ["sale-progress", /\b(?:solicitors?|conveyanc\w+|survey(?:or)?s?|exchange(?:d|ing)?(?: of)? contracts?|exchange (?:date|on|by)|completion(?: date)?|mortgage (?:broker|offer|adviser|advisor)|searches|memorandum of sale|(?:progress|update|news) (?:on|of|with|about) (?:the|my|our) (?:sale|purchase|house|move)|(?:my|our) (?:purchase|sale) of|how(?:'s| is) (?:the|my|our) (?:sale|purchase) (?:going|coming)|(?:my|our) purchase|exchang(?:e|ed|ing) (?:last|this|next|today|tomorrow)|complet(?:e|ed|ing|es) (?:on|by|today|tomorrow|this|next|last)|(?:meant|supposed|due|going|ready|hoping|like) to (?:exchange|complete)|(?:our|my|the|whole) chain(?:'s| has| is)?(?: \S+){0,2} (?:fallen|falling|fell|collaps\w+|broken|broke|apart|gone)|(?:sale|purchase|buyers?)(?:'s| has| have|'ve)? (?:fallen through|fell through|pulled out|pulling out)|(?:has|have|is) (?:the|my|our) (?:money|funds)(?: \S+){0,2} (?:through|arrived|sent|in))\b/],
  ["contractor", /\b(?:(?:i'm|i am|this is|we're|it's) (?:a |an |the |your )?(?:\w+ )?(?:plumber|electrician|gas engineer|engineer|builder|roofer|locksmith|decorator|cleaner|gardener|contractor|handyman)|(?:works? order|purchase order|job (?:sheet|number)) )\b/],
  ["notice", /\b(?:(?:give|giving|hand in|handing in|serve) (?:my |our |in |in my |a )?notice|notice to (?:quit|leave)|(?:end|ending|renew|renewing|extend) (?:my|our|the) (?:tenancy|lease)|moving out of|(?:on|onto|to|off|from|change|changing) (?:the|my|our) (?:tenancy agreement|agreement|tenancy|joint tenancy)|(?:housemate|flatmate|co tenant)(?:'s|s| is| are)? (?:\w+ )?(?:moving|leaving|left|moved)|(?:my|our) (?:tenancy|tenancy agreement)(?:'s| is| ends?| runs?| expires?| up\b))\b/],
  ["deposit", /\b(?:my|our|the) deposit\b(?=.*\b(?:back|return\w*|refund\w*|release\w*|deduct\w*|scheme|dispute\w*)\b)|\b(?:get|have|want) (?:my|our) deposit\b/],
  ["rent", /\b(?:my|our) rent\b|\brent (?:arrears|increase|review|statement|payment|is (?:late|due))\b|\b(?:late|behind) (?:with|on) (?:my|the|our) rent\b/],
  ["keys", /\b(?:(?:collect|pick up|drop off|return|hand back|copy of|spare|set of) (?:my |our |the |some |a )?(?:new |spare )?keys?|keys? (?:ready|to collect))\b/],
  ["landlord", /\b(?:(?:i'm|i am|we're|we are) (?:a |one of your |the )?landlords?|(?:my|our) tenants?|i (?:let|rent) (?:a|my|out)\b.*\bthrough you|gas (?:safety )?(?:certificates?|cert|record)|electrical (?:safety )?(?:reports?|certificates?|inspections?)(?:'s)?|(?:need|get|want|apply for|have) an? (?:\w+ )?licen[cs]e to (?:let|rent)|(?:you|agents?|someone|somebody) (?:(?:be able |like |want )?to )?(?:manage|look after) (?:a|my|our|the) (?:\w+ )?(?:flat|house|property|place|home|let|bungalow)|(?:my|the|our|this|last) (?:\w+ )?statement(?:'s| is| for| was| hasn't| doesn't)|(?:put|putting|raise|raising|increase|increasing) the rent|landlord's? (?:statement|insurance)|eicr|h ?m ?o licen[cs]e)\b/],
  ["feedback", /\b(?:feedback|what (?:i|we) thought (?:of|about))\b/],
  ["details", /\b(?:brochures?|floor ?plans?|(?:send|email|e mail|post|text) (?:me|us) (?:the |some |your |any )?(?:details|particulars|information|list|link)|particulars|(?:more|further|some|the) (?:details|information) (?:on|about|of|for))\b/],
  ["cold-call", /\b(?:(?:person|whoever|someone|who) (?:is |'s )?(?:in charge of|responsible for|deals with|looks after) (?:your |the )?(?:business |company )?(?:energy|electricity|gas bills?|broadband|telephones?|phone system|marketing|website|insurance|waste|stationery|recruitment|it|i t)|(?:business|company) (?:owner|energy|rates|electricity|broadband|loans?)|(?:calling|ringing) (?:you )?(?:from|on behalf of) [^|]{2,40}(?:we (?:offer|provide|help|can save|specialise|work with)|about your (?:energy|website|google|business|broadband|account with))|search engine optimi[sz]ation|google (?:listing|ranking|ads)|ppi|solar panels? (?:grant|offer|scheme)|lead generation)\b/],
  ["applicant-rent", /\b(?:(?:looking|look|hoping|want|wanting|need|like|trying) (?:to rent|for (?:\S+ ){1,8}to (?:rent|let)|for (?:a |some |any )?(?:rental|flat to rent|house to rent))|register (?:\S+ ){0,4}(?:rent|tenants?|lettings|rentals)|(?:have|got) (?:you )?(?:any|anything)(?: \S+){0,5} (?:to|for) (?:rent|let)|(?:add me|put me|put us) (?:\S+ ){0,4}(?:lettings|rental) list)\b/],
  ["applicant-buy", /\b(?:(?:looking|look|hoping|want|wanting|like|trying) (?:to (?:buy|purchase)|for (?:\S+ ){1,8}to buy)|register (?:with you|as a buyer|(?:my|our) (?:interest|details|requirements)|to buy)|(?:add me|put me|put us) (?:to|on) (?:your|the) (?:mailing |buyers )?list|(?:have|got) (?:you )?(?:any|anything)(?: \S+){0,5} for sale|first time buyers? looking|house hunting)\b/],
  ["valuation", /\b(?:(?:market |rental |free |a |an |my |the |get |book |arrange )*(?:valuations?|appraisals?)|(?:value|appraise|valuing|appraising) (?:my|our|the|a|mum's|dad's)|(?:house|flat|home|property|place|it|bungalow|cottage|apartment|mine|ours) (?:to be )?(?:valued|appraised)|what(?:'s| is| would)? (?:my |our |the |mum's |dad's )*(?:house|flat|home|property|place|bungalow|it|mine)(?:'s| is| might be| would be| could be| be)? worth|how much (?:is |my |our )*(?:house|flat|home|property|place|bungalow) (?:is |would be |might be )?worth|(?:thinking (?:of|about)|looking (?:to|at)|want(?:ing)? to|planning (?:to|on)|hoping to|like to|need to|considering|interested in) (?:sell|selling|let|letting|rent|renting|put|putting)(?: out)? (?:my|our|the house|the flat|mum's|dad's)|(?:put|putting) (?:my|our) (?:\w+ )?(?:house|flat|home|property|place|bungalow|apartment) (?:on the market|up for)|(?:my|our|the|mum's|dad's) (?:\w+ )?(?:house|flat|home|property|place|bungalow|apartment|cottage) (?:valuing|appraising|priced|pricing)|what (?:would|could|might|will|does|do you think|'d) (?:my|our|mum's|dad's|my \w+'s) (?:\w+ )?(?:house|flat|home|property|place|bungalow|apartment|cottage|it) (?:fetch|go for|sell for|let for|rent for|make|be worth|bring in)|(?:need|want|like|get|put|give|giving|putting|after) (?:me |us |you |to put )?(?:an? |some )?(?:idea of )?(?:rough )?(?:price|figure|value|valuation|number) (?:on|for) (?:it|my|our|the (?:house|flat|bungalow|place)|mum's|dad's)|(?:someone|somebody|one of you|one of your people) (?:to )?(?:come )?(?:and )?(?:have a )?look at (?:my|our|mum's|dad's) (?:\w+ )?(?:house|flat|home|property|place|bungalow)|what (?:rent|price|sort of (?:rent|price)|kind of (?:rent|price)) (?:you'd|you would|i'd|i could|we'd|we could|would you|could i|could we|might i|should i|i should|to ask)(?: ask| get| charge| expect)?|(?:what|how much) (?:i'd|i could|we'd|we could|i might|we might|could i|could we|would i|would we) (?:get|ask|expect|charge|rent it out) for (?:it|my|our|the)|(?:sell|let|rent out|selling|letting) (?:my|our|mum's|dad's|my \w+'s) (?:\w+ )?(?:house|flat|home|property|place|bungalow|apartment))\b/],
];

export function readTopic(tokens: readonly Token[]): Topic | undefined {
  const phrase = phraseOf(tokens);
  const topic = PATTERNS.find(([, pattern]) => pattern.test(phrase))?.[0];
  return topic ?? appointmentTopic(phrase) ?? (isRepair(phrase) ? "repair" : undefined);
}

const REPAIR =
  /\b(?:(?:report|need|got|have|log|about) (?:an? |the |some )?(?:repairs?|fault|maintenance (?:issue|problem|request)|problem (?:in|at|with) (?:my|the|our) (?:flat|house|home|kitchen|bathroom|boiler|heating))|(?:maintenance|repairs?) (?:issue|problem|request|team|department))\b/;
/** In a home that somebody lives in, not one that is on offer, nor this telephone call. */
const IN_HOME = /\b(?:my|our|the|we|we've|i've|i|there's|it's|no)\b/;
const NOT_IN_HOME =
  /\b(?:ever (?:been )?(?:flooded|burgled|broken into)|(?:prone|likely) to flood\w*|flood(?:ed|ing)? (?:before|in the past|history|often|a lot)|(?:has|does|did|is|was) (?:it|that|this one|the (?:house|flat|property|place|area|street|road))\b.{0,30}\bflood\w*|flood risk|inundated|flooded with (?:post|mail|leaflets|flyers|calls|enquiries|emails|offers)|(?:the|this|your) (?:line|website|link|phone|call)|broken english|my offer|viewing|interested in|for sale|on the market|council tax|is there (?:a|any)|does it have|how much|my phone|my car|the sale|chain)\b/;

function isRepair(phrase: string): boolean {
  if (REPAIR.test(phrase)) return true;
  return (
    IN_HOME.test(phrase) &&
    !NOT_IN_HOME.test(phrase) &&
    readFault(phrase, false) !== undefined &&
    HOME_THING.test(phrase)
  );
}

const HOME_THING =
  /\b(?:boiler|heating|hot water|radiators?|thermostat|pipes?|taps?|sink|toilet|loo|shower|bath|basin|cistern|drains?|gutter\w*|downpipe|stairlift|banister|stairs|worktop|blinds?|roof|ceiling|walls?|floor(?:boards?)?|carpet|windows?|doors?|locks?|gate|fence|electric\w*|power|lights?|sockets?|fuse\w*|oven|cooker|hob|fridge|freezer|washing machine|dishwasher|tumble dryer|extractor|smoke alarm|intercom|lift|water|leak\w*|damp|mould|mold|mouldy|rats?|mice|wasps?|kitchen|bathroom|bedroom|flat|house|burgl\w*|broken into|break in|burst|sewage)\b/;

const SALES = /\b(?:sell|selling|sale|sales|sold|on the market|move house|downsiz\w+|upsiz\w+|probate|buyers?)\b/;
const LETTINGS = /\b(?:let|lets|letting|lettings|to let|rent|rental|renting|landlord|tenants?|buy to let)\b/;

/** For selling or for letting; undefined if neither was said, or both. */
export function readDepartment(tokens: readonly Token[]): Department | undefined {
  const phrase = phraseOf(tokens);
  const [sales, lettings] = [
    SALES.test(phrase),
    LETTINGS.test(phrase.replace(/\blet (?:me|you|us|him|her|them)\b/g, "")),
  ];
  if (sales === lettings) return undefined;
  return sales ? "sales" : "lettings";
}
