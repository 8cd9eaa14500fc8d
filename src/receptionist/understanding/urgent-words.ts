/** The words of what must be seen to at once though nobody is in danger of his life. Data for `emergencies.ts`. */
import { gap, PERSON, sign } from "./emergency-words.ts";

export type Urgency = "power" | "flood" | "heating" | "break-in" | "lift";

const SUPPLY = "(?:power|leccy|electric|electrics|electricity|mains(?: electricity)?|electricity supply)";
const POWER = "(?:power|electric|electrics|electricity|mains(?: electricity)?|electricity supply|lights?|supply)";
const WATER = "(?:water|sewage|sewerage)";
const STREAM =
  "(?:pouring|gushing|streaming|spraying|coming|running|rushing|flooding|leaking|dripping|flowing|pours|everywhere|all over|spurting|seeping|squirting|cascading|soaking)";
const HEAT = "(?:heating|heat|boiler|central heating|radiators?|heat pump|storage heaters?|hot water)";
const BROKEN =
  "(?:broken|broke|broken down|failed|gone|gone off|off|stopped|not working|isn't working|aren't working|doesn't work|don't work|won't work|packed (?:in|up)|conked out|dead|not come on|won't come on|won't fire|won't start|won't light|cutting out|cold|stone cold|freezing|bust|kaput|showing an error|leaking|not on|hasn't worked|haven't worked|not turning on|won't turn on|isn't on|died|gone kaput|down|out)";
const SEAL = "(?:door|window|lock|locks|gate|shutter|back door|front door)";
const FORCED =
  "(?:kicked|smashed|forced|bashed|jemm\\w+|prised|pried|battered|crowbarred|levered|booted|busted|drilled)";
const STUCK = "(?:stuck|trapped|jammed|stranded)";
const LIFT = "(?:lift|lifts|elevator)";

/** Small children, the old, the ill: for whom a cold home is dangerous. */
const VULNERABLE =
  /\b(?:bab(?:y|ies)|newborns?|new born|infants?|toddlers?|(?:\S+ )?(?:weeks?|months?|year) old|child(?:ren)?|kids?|little (?:one|ones|boy|girl|lad)|twins|under five|premature|pregnan\w+|disab\w+|wheelchair|elderly|old (?:lady|man|gentleman|couple|woman|people|person)|old age|pensioners?|grandm\w+|grandad|grandfather|grandparents?|nan|gran|granny|nanny|dementia|alzheimer'?s?|oxygen|asthma\w*|copd|emphysema|bronchitis|chemo\w*|cancer|vulnerable|bedbound|bedridden|terminal\w*|(?:heart|lung|medical|health) (?:condition|problem|trouble|disease|failure)|cystic|sickle|arthritis|diabet\w+|raynaud\S*|operation|surgery|parkinson'?s?|dialysis|(?:have|has|got|with) ms|sclerosis|epilep\w+|lupus|transplant|immun\w+|autis\w+|palsy|leuk\w+|kidneys?|blood pressure|carer|hospital|(?:is|i'm|are|of the children is) (?:very |really |quite )?(?:ill|sick|poorly|unwell|frail)|stroke|ninety|eighty|seventy|(?:seventy|eighty|ninety)[ -]\S+|[789]\d)\b/;

/** Each is looked for as those of danger are. */
export const URGENT: readonly (readonly [Urgency, RegExp])[] = [
  sign(
    "power",
    `\\b(?:no|without|without any|haven't(?: got)? any|haven't had any|haven't got|don't have any|don't have|not got any|hasn't any|isn't any|isn't|had no|have no|got no|lost(?: all| the| our| my)?|lost all (?:the|our|my)) ${SUPPLY}\\b(?! (?:shower|of attorney|station|meters?|bill|bills|supplier|points?|car|gate|hob|oven|cooker|heating))`,
  ),
  sign("power", `\\b(?:power|electricity|electrical) (?:cut|outage|failure)\\b|\\bblackout\\b|\\boutage\\b`),
  sign(
    "power",
    `\\b${POWER}(?:'s| is| are| has| have| was| all| all the| just| been| completely| suddenly| supply| still| in \\S+ \\S+| to \\S+ \\S+)* (?:off|gone|out|failed|dead|down|went|tripped|cut out|blown|gone off|gone out|dropped out|hasn't come back|hasn't worked|not come back|not working|won't come back|won't come on|won't reset)\\b`,
  ),
  sign(
    "power",
    `\\b(?:trip switch|tripped|fuse (?:board|box|has)|fusebox|main fuse|consumer unit|breakers?|rcd|electrics)${gap(5)}(?:keeps? (?:going|tripping)|tripped|tripping|won't (?:go|come|stay|reset)|blown|gone)\\b`,
  ),
  sign(
    "power",
    `\\beverything's gone (?:off|dead|dark|black)\\b|\\bin (?:complete|total) darkness\\b|\\b(?:sat|sitting|we're|i'm|are)(?: \\S+){0,2} in the dark\\b(?! about)|\\bnothing(?: is)? work(?:s|ing)(?= (?:in|here|at all|no|and)\\b| , no)|\\bnothing is on(?= ,| \\.| $)|\\bno lights(?: ,| or| and| at all| anywhere)|\\bno sockets\\b|\\bfuses? (?:keeps?|has|is)(?: on)? (?:blowing|blown|going|tripping)`,
  ),
  sign(
    "flood",
    `\\b${WATER}(?:'s| is| has| was| keeps| started| won't stop| just)*(?: \\S+){0,1} ${STREAM}\\b|\\b${STREAM}(?: with)? ${WATER}\\b|\\b${WATER} (?:through|out of|everywhere|all over|over|down) (?:my|the|our|everywhere|walls?|it|all)\\b`,
  ),
  sign(
    "flood",
    `\\b(?:flooded|flooding|floods|under ?water|ankle deep|knee deep|inches of water|feet of water|full of water|filling (?:up )?with water)\\b|\\b(?:a|the|big|huge|bad|it's a) flood\\b`,
  ),
  sign(
    "flood",
    `\\b(?:burst|bursted|split|cracked|come off|came off|blown|sheared)${gap(3)}(?:pipes?|tank|cylinder|main|radiator|hose|tap)\\b|\\b(?:pipes?|tank|cylinder|water main|mains|radiator|hose|tap|dishwasher|washing machine|boiler|stopcock|valve|pipe's|tank's|pipework)\\b${gap(5)}(?:burst|split|come off|came off|blown off|spraying|gushing)\\b`,
  ),
  sign(
    "flood",
    `\\b(?:massive|major|serious|huge|bad|badly|big|terrible|horrendous|urgent|emergency,? there's a|enormous|severe|really bad) (?:water )?leak\\b|\\bleaking (?:really )?(?:badly|everywhere|all over|into|through|like mad)\\b|\\bleak\\w*${gap(6)}(?:can't (?:stop|turn)|won't stop|pouring|coming through|through the (?:ceiling|light|lights))\\b`,
  ),
  sign(
    "flood",
    `\\b(?:overflow(?:s|ing|ed)|over ?flowing)${gap(7)}(?:won't stop|all over|everywhere|can't|floor|badly)\\b|\\b(?:toilet|bath|sink|drain|drains|tank|gutter|basin|loo)(?:'s| is| are| has| keeps| started)* overflowing\\b`,
  ),
  sign(
    "flood",
    `\\b(?:pouring|dripping|coming|come|leaking|pours|comes|came|gushing|bulging|running|streaming)${gap(2)}(?:through|down|out of|into|in|from)${gap(3)}(?:ceiling|ceilings|lights?|light fitting|walls?|my flat|floorboards|loft)\\b|\\bceiling${gap(5)}(?:bulging|dripping|sagging|pouring|leak|with (?:the )?water|leaking)\\b`,
  ),
  sign(
    "flood",
    `\\bsewage\\b${gap(5)}(?:in|up|through|into|coming|out|everywhere)\\b|\\bdrains? (?:have|has|is|are) (?:backed|backing|come) up\\b|\\braw sewage\\b`,
  ),
  sign(
    "flood",
    `\\b(?:river|stream|beck|sea|rain|rainwater)(?: is| has|'s)* (?:come|coming|came|got|pouring) (?:in|into|through|up)\\b`,
  ),
  sign(
    "flood",
    `\\bceiling(?:'s| is| has| all| just| about to)* (?:collapsed?|come down|coming down|caved in|caving in|fallen (?:in|down))\\b`,
  ),
  sign("flood", `\\bemergency${gap(4)}leak\\b|\\bleak${gap(4)}emergency\\b`),
  sign(
    "heating",
    `\\b(?:no|without|without any|isn't any|haven't any|haven't got any|haven't had any|don't have any|had no|got no) (?:hot water or |working )?${HEAT}\\b(?! (?:in the (?:garage|shed|loft)|costs?))`,
  ),
  sign(
    "heating",
    `\\b${HEAT}(?:'s| is| are| has| have| was| were| keeps?| all| just| still| completely| been| suddenly| broke| not| or \\S+)*(?: \\S+)? ${BROKEN}\\b|\\b(?:broken|dead|failed|bust|faulty) (?:heating|boiler|radiators)\\b`,
  ),
  sign(
    "break-in",
    `\\b(?:burgled|burglary|burglaries|burglars?|burglared|ransacked|robbed|squatters?|intruders?|prowlers?|jemmied|looted)\\b(?! alarm)`,
  ),
  sign(
    "break-in",
    `\\bbreak[ -]?ins?\\b(?! the)|\\b(?:broken|broke|breaking|break)(?: \\S+)? into\\b(?! (?:a|the) (?:sweat|market|top))`,
  ),
  sign(
    "break-in",
    `\\b(?:broken|broke|breaking|break) in(?= (?:last|this|over|through|at|on|while|and|downstairs|upstairs|again|overnight|earlier|during|yesterday|,|\\.)| $)`,
  ),
  sign(
    "break-in",
    `\\b${SEAL}(?:'s| is| has| was| had| just| also| been)* (?:${FORCED}\\b|broken (?:in|down|open|through)\\b)|\\b${FORCED} (?:in |down |open )?(?:the|my|our|a|his|her)(?: \\S+){0,2} ${SEAL}\\b`,
  ),
  sign(
    "break-in",
    `\\b(?:somebody|someone|they|man|men|lads?|people|kids|bloke|stranger)(?: is| are|'s|'re| was| have| has been)*(?: \\S+)? (?:trying|tried|attempting|attempted) to get in\\b(?! touch| contact)|\\b(?:trying|tried|attempting|attempted) to (?:break in|force|climb in|kick)\\b|\\bforc(?:e|ing) (?:\\S+ ){1,2}(?:door|window|way in)\\b|\\bclimb(?:ing|ed) in(?:to)?\\b|\\b(?:somebody|someone|a man|people|a stranger|a bloke|some men)(?:'s| is| are|'re| was| has been|'s been| in)*(?: \\S+)? (?:in|inside) (?:the|my|our) (?:house|flat|property|home|garden|place)(?= (?:and|who|taken|that|,(?! a tenant)|\\.)| $)|\\b(?:somebody|someone)(?:'s| has| is) been in (?:my|our|the) (?:house|flat|home)\\b|\\bthie(?:f|ves)\\b`,
  ),
  sign("lift", `\\b${STUCK}${gap(5)}(?:this |the |your |a |our )?${LIFT}\\b`),
  sign(
    "lift",
    `\\b(?:in|inside|out of|from)${gap(1)}${LIFT}\\b${gap(9)}(?:${STUCK}|stopped|won't (?:move|open)|can't get out|shouting|banging|not moving|broken)\\b`,
  ),
  sign(
    "lift",
    `\\b${LIFT}(?:'s| has| is| doors?)*${gap(9)}(?:inside|${STUCK} with|with (?:me|us|people|someone|somebody|a|an|him|her|my|the)|(?:i'm|we're|people|lady|man|${PERSON}) (?:in|inside|stuck|trapped)(?: it| there| here)?|can't get out|in here|in there|entrapment|and we're stuck|i'm in it)\\b`,
  ),
  sign(
    "lift",
    `\\b${LIFT} (?:entrapment|rescue)\\b|\\b(?:can't|cannot|unable to|couldn't) get (?:\\S+ )?out of${gap(1)}${LIFT}\\b|\\b(?:shouting|banging|screaming|crying|knocking|calling)${gap(2)}(?:in|inside|from)${gap(1)}${LIFT}\\b|\\b${LIFT} , i'm ${STUCK}\\b`,
  ),
  sign(
    "flood",
    `\\bsprung a (?:\\S+ )?leak\\b|\\bwaterfall in\\b|\\b(?:toilets?|sink|shower|loo|drains?|basin|bath)(?: is| has| have)*(?: all)? backed up\\b|\\bsoak(?:ing|ed) (?:everything|through)\\b`,
  ),
  sign(
    "break-in",
    `\\b(?:put|putting) (?:the|a|my|our)(?: \\S+)? window in\\b|\\bwindow(?: is| has)?(?: been)? put in\\b|\\b(?:been|gone) through (?:the|my|our|all my) (?:drawers|cupboards|things|stuff|wardrobes?)\\b`,
  ),
  sign(
    "break-in",
    `\\b${SEAL} is hanging off\\b|\\b(?:somebody|someone) (?:is|has) been in(?= (?:here|and)| $| ,| \\.)`,
  ),
  sign(
    "power",
    `\\beverything(?: has)? tripped\\b|\\b(?:all|everything(?: has| is)?) (?:gone|went) dark\\b|\\b(?:power|electricity|electric|supply)(?: is| has| was| been)+ cut off\\b`,
  ),
  sign(
    "flood",
    `\\bleak\\w*${gap(6)}(?:the |my )?(?:electrics|lights?|sockets?|fuse box)\\b|\\bcan't (?:stop|turn off) the water\\b`,
  ),
  sign(
    "break-in",
    `\\b(?:and|then|they) got in(?= | \\.| ,)(?! (?:touch|contact|late|early|at|from|the car))|\\bpadlock(?: is| has| been)+ (?:cut|broken|gone)\\b|\\b(?:stranger|strange man|man i don't know) (?:is )?in (?:my|our|the)\\b`,
  ),
  sign(
    "lift",
    `\\b(?:i'm|we're|she is|he is|they're|he's|she's|is|are) (?:still )?in (?:the|this|your|a) ${LIFT}\\b(?: ,| and)+ (?:it|the doors?) (?:won't|isn't|doesn't|has stopped|stopped|is stuck|just stopped)\\b`,
  ),
  sign("power", `\\b(?:mine|ours|mine's|ours's) (?:is )?(?:all )?off\\b`),
];

/** A cold home is an emergency only for those whom the cold can harm. */
export const isVulnerable = (said: string): boolean => VULNERABLE.test(said);

/** Taken out before the signs above are looked for. */
export const CALM: readonly RegExp[] = [
  /\bflood(?:s|ed|ing) (?:with|by) (?!(?:\S+ ){0,2}(?:water|sewage|rain\w*|mud))\S+/g,
  /\b(?:neighbours?|next door|people|place|friends?)(?: \S+)? (?:got|was|were|been|had been) (?:burgled|robbed|broken into)\b(?=.*\b(?:moving|move|safer|somewhere)\b)/g,
  /\b(?:is|will|would) there (?:be )?(?:somebody|someone|anyone|anybody)\b|\b(?:hot and cold |hot )?running water\b/g,
  /\b(?:flooded|flooding|drowning|inundated|swamped) (?:with|in) (?:enquir\w+|calls?|(?:junk )?(?:post|mail|leaflets?)|flyers?|emails?|offers?|\S* ?light|natural light|brochures|requests|viewings|paperwork|letters|applications|messages|interest|sunlight|sunshine|work)\b|\b(?:inbox|phones?|market|office|website|memories)(?:'s| is| are| has been| came| come)? (?:being )?flood\w+\b|\bcame flooding back\b/g,
  /\bflood (?:plains?|risk|zones?|defen[cs]es?|insurance|maps?|warnings?|barriers?|lights?|assessment|report)\b|\bfloodlights?\b|\brisk of flooding\b/g,
  /\b(?:burglar|intruder) alarms?\b|\bbreak (?:clause|even|fee|option|the (?:tenancy|lease|bank|contract))\b/g,
  /\b(?:power|electric|electricity|water) (?:of attorney|shower|station|supplier|company|meters?|bills?|readings?|rates?|views?|pressure|tariff|points?|tools?)\b/g,
  /\bpower(?: and light)? in the (?:garage|shed|loft|outbuilding|summer house)\b/g,
  /\blight (?:bulbs?|and airy|room|switch|switches)\b|\bnatural light\b|\boutside lights?\b/g,
];

/** A question about what could be, or was: nothing happens now. */
export const ASKED =
  /\b(?:has (?:it|the \S+|this|that)(?: \S+)? (?:ever |been |had )|have there been|are there (?:many|any|often|a lot)|is there (?:a lot|much|any chance|a chance)|how (?:likely|often|many|much)|does it|do you get|is it (?:at risk|prone|likely)|what happens|what if|if (?:there's|there is|there was|i have|we have|we get|i get|you get)|would (?:it|there)|am i (?:insured|covered)|insured (?:for|against)|is there a|was it|were there|ever (?:had|been|flooded)|used to|when will|the last|was affected|was in)\b/;
