/** The words of danger, and those that only sound like it. Data for `emergencies.ts`. */

export type Danger = "gas" | "carbon-monoxide" | "fire" | "life";

/** Up to n words between. */
export const gap = (n: number): string => `(?: (?!\\.)\\S+){0,${n}}? `;
export const PERSON =
  "(?:he|she|he's|she's|they|they're|someone|somebody|someone's|somebody's|husband|wife|mum|mother|dad|father|son|daughter|baby|child|kid|boy|girl|man|woman|lady|partner|brother|sister|nan|gran|grandad|grandmother|grandfather|tenant|neighbour|flatmate|housemate|lodger|uncle|aunt|auntie|nephew|niece|lad|toddler|youngest|eldest|law|visitor|guest|cleaner|builder|landlord|wife|friend|colleague|people|person|resident|guy|i've|i'm|husband's|wife's|mum's|dad's|tenant's|neighbour's|baby's|flatmate's)";
const HOME =
  "(?:house|flat|kitchen|bedroom|bathroom|lounge|living room|garage|shed|roof|loft|attic|hall|hallway|building|block|home|room|garden|basement|cellar|oven|cooker|hob|boiler|fuse box|fusebox|consumer unit|socket|plug|washing machine|tumble dryer|dryer|dishwasher|fridge|curtains?|sofa|bed|bin|bins|stairwell|staircase|stairs|corridor|door|next door|downstairs|upstairs|property|place|apartment|electrics?|wiring|chip pan|pan|car|neighbour's|neighbours|fence|mattress|toaster|microwave|heater|chimney|ceiling|walls?|floor|cupboard|charger|battery|scooter|everything|window)";

export const sign = <Kind extends string>(kind: Kind, pattern: string): readonly [Kind, RegExp] => [
  kind,
  new RegExp(pattern, "g"),
];

/** What an alarm does, and what it has found. */
const HAPPENS =
  "(?:going|gone off|went off|goes off|go off|beep\\w*|bleep\\w*|ring|rings|ringing|sound|sounds|sounding|sounded|scream\\w*|shriek\\w*|screech\\w*|blar\\w*|flash\\w*|trigger\\w*|activat\\w*|levels?|high|leak\\w*|fumes|found|poison\\w*|because of|headaches?|dizzy|started|emergency|reads|reading|warning|danger\\w*|detected|getting in|parts per million)";

export const SIGNS: readonly (readonly [Danger, RegExp])[] = [
  sign(
    "gas",
    `\\b(?:smell|smells|smelling|smelt|smelled|smelly|stink|stinks|stinking|reek|reeks|reeked|reeking|stank|whiff|odour|odor|stench|fumes|sniff)\\b${gap(6)}(?:of )?gas\\b`,
  ),
  sign("gas", `\\bgas(?:sy|y)?\\b${gap(4)}(?:smell|smells|odour|odor|fumes|stench|stink)\\b`),
  sign("gas", `\\bgass?y smell\\b`),
  sign(
    "gas",
    `\\bgas${gap(3)}(?:leak|leaks|leaking|leaked|escape|escaping|escaped|hissing|pouring|coming out|seeping)\\b`,
  ),
  sign("gas", `\\b(?:leak|leaks|leaking|escape|escaping|hissing|hiss)\\b${gap(3)}(?:of |from the )?gas\\b`),
  sign(
    "gas",
    `\\b(?:left|leaving|leave)${gap(4)}gas(?: ring| hob| cooker| tap)?(?: on| running)\\b|\\bgas(?: ring| hob| cooker| tap)?${gap(3)}(?:been left on|left on|won't turn off|won't go off|can't turn off)`,
  ),
  sign(
    "gas",
    `\\bgas${gap(6)}(?:pouring|coming|seeping) out\\b|\\b(?:through|into) (?:the|a|our|my) gas (?:pipe|main|line)\\b`,
  ),
  sign("gas", `\\bgas${gap(5)}(?:can't|won't|cannot|doesn't|couldn't) (?:be )?turn(?:ed)?(?: \\S+)? off\\b`),
  sign(
    "gas",
    `\\bthere(?:'s| is) gas(?= (?:everywhere|all over|coming|here|\\.|,)| in (?:the|my|our) (?:flat|house|room|air|building|hall|hallway|kitchen)| $)`,
  ),
  sign("gas", `\\bgas (?:alarm|detector|sensor)${gap(3)}(?:going|gone|went|go) off\\b`),
  sign(
    "gas",
    `\\bgas (?:main|pipe)s?${gap(4)}(?:hit|burst|broken|broke|cut|cracked|ruptured|damaged|severed|drilled|split)|\\b(?:hit|burst|drilled|cut|cracked|severed|broke|broken|damaged|knocked|ripped|pulled|smashed|struck|nicked|caught|snapped)${gap(4)}gas (?:main|pipe)`,
  ),
  sign(
    "gas",
    `\\b(?:full of|thick with|heavy with|filling with|filled with|breathing in|breathing|overcome by|coming from the|hear) gas\\b`,
  ),
  sign("gas", `\\b(?:smell|smells|smelling|smelt|stink|stinks|stinking|reeks?)\\b${gap(4)}(?:rotten|bad) eggs?\\b`),
  sign("gas", `\\b(?:evacuated|left|leaving|out) because of (?:the )?gas\\b`),
  sign(
    "carbon-monoxide",
    `\\b(?:monoxide|co) (?:alarm|detector|sensor|thing)${gap(2)}(?:won't (?:stop|shut)|keeps? (?:on|going)|goes)\\b`,
  ),
  sign(
    "fire",
    `\\b(?:thick with|choked with|black with) smoke\\b|\\b(?:carpet|rug|duvet|sofa|curtains?|clothes|rubbish|hedge|floor|wall)(?: is| are) burning\\b`,
  ),
  sign(
    "life",
    `\\b(?:been|got) (?:run over|knocked down|hit by a (?:car|bus|van|lorry))\\b|\\b(?:fallen|fell)${gap(6)}can't move\\b`,
  ),
  sign("gas", `\\bmeter(?: \\S+){0,3} (?:is |are )?hissing\\b`),
  sign(
    "carbon-monoxide",
    `\\b(?:carbon (?:monoxide|dioxide)|monoxide|co|c o|co2)${gap(2)}(?:alarm|alarms|detector|detectors|sensor|monitor)${gap(5)}(?:going off|gone off|went off|go off|goes off|going|ringing|beeping|bleeping|sounding|sounded|sounds|screaming|triggered|flashing|red|activated|alarming|blaring|started|is off|won't stop)\\b`,
  ),
  sign(
    "carbon-monoxide",
    `\\b(?:carbon monoxide|monoxide|co) (?:poisoning|leak|leaking|fumes|escaping|in the|coming|is|levels?|has|everywhere|emergency|gas)\\b`,
  ),
  sign(
    "carbon-monoxide",
    `\\b(?:leak|leaking|poisoned by|poisoning from|fumes|got|have|smell|detected|detecting|think it's|there's|there is|it's|breathing in|breathing)${gap(3)}carbon monoxide\\b(?! (?:alarm|detector))`,
  ),
  sign(
    "carbon-monoxide",
    `\\b(?:carbon )?monoxide\\b(?=.* ${HAPPENS}\\b)|\\b${HAPPENS}\\b.* monoxide\\b|\\bcarbon monoxide (?:at|in)\\b`,
  ),
  sign("carbon-monoxide", `\\bco (?:alarm|detector|sensor)\\b(?=.* ${HAPPENS}\\b)`),
  sign("carbon-monoxide", `\\bcarbon monoxide(?= \\.| ,| $)`),
  sign(
    "carbon-monoxide",
    `\\b(?:alarm|detector)${gap(4)}(?:for|says|showing|reading|detected|detecting)${gap(2)}(?:carbon monoxide|co)\\b`,
  ),
  sign(
    "fire",
    `\\b(?:house|flat|building|kitchen|electrical|chip pan|bedroom|garage|shed|car|garden|roof|bin|massive|huge|big|real) fire\\b`,
  ),
  sign(
    "fire",
    `\\b(?:there's|there is|theres|is|there's been|have|i've got|we've got|got|it's|its)(?: an?| actually| an actual| a real| a small| a little| a big)? fire(?: in| at| on| next| downstairs| upstairs| here| started| coming| out| under| from| inside| outside| spreading| now| below| above| everywhere| help| and| \\.| ,| $)`,
  ),
  sign(
    "fire",
    `\\b(?:on fire|caught fire|catching fire|caught alight|caught light|catching light|set fire to|set on fire|set alight|up in flames|in flames|ablaze|burst into flames|fire (?:has|is|'s)? ?(?:broken|broke|breaking|spreading|spread|started|burning|raging)|flames (?:coming|everywhere|are|in|from|out|shooting))\\b`,
  ),
  sign(
    "fire",
    `\\b(?:there's|there is|see|and|got|with|smell) smoke (?:from|in|on|at|coming|and|everywhere|outside|next)\\b|\\borange glow\\b`,
  ),
  sign(
    "fire",
    `\\b(?:curtains?|pan|shed|bins?|sofa|bed|mattress|hedge|fence|oven|cooker)(?: have)?(?:'s| is| has)*(?: just| all)? gone up\\b`,
  ),
  sign(
    "fire",
    `\\b(?:sockets?|plugs?|wires?|wiring|cables?|charger|switch|fuse (?:box|board)|fusebox|electrics)${gap(3)}(?:melting|melted|smoking|burning)\\b`,
  ),
  sign("fire", `\\b(?:see|are|there's|there are|got|saw) (?:some )?flames\\b`),
  sign(
    "fire",
    `\\b(?:smoke(?! (?:alarm|detector))|smoking)${gap(3)}(?:coming|pouring|billowing|everywhere|filling|in the|in my|out of|from the|from my|from next|under the|in here|all over)\\b`,
  ),
  sign(
    "fire",
    `\\b(?:full of|filling (?:up )?with|filled with|smell|smells of|smelling|smell of|see|there's|lots of|so much|clouds of|black|thick|breathing in) (?:a lot of |thick |black |some |lots of )?smoke\\b(?! (?:alarm|detector|free|free))`,
  ),
  sign("fire", `\\b(?:smell|smells|smelling|smelt)\\b${gap(3)}burning\\b(?! (?:toast|question))`),
  sign(
    "fire",
    `\\b${HOME}(?: is|'s| are|s are)?(?: all| now| actually| literally)? (?:burning|alight|smoking|sparking and smoking|burning down|smouldering)\\b`,
  ),
  sign("fire", `\\b(?:burning|burnt) (?:smell|plastic smell|electrical smell)\\b`),
  sign(
    "fire",
    `\\b(?:smoke|fire) alarms?${gap(4)}(?:going off|gone off|went off|ringing|sounding|blaring|won't stop|screaming)\\b`,
  ),
  sign(
    "fire",
    `\\bfire fire\\b|(?:^|[.,] |^ )(?:fire|help fire|fire help)(?: fire| help| quick| please)*(?: [.,]| $|$)`,
  ),
  sign("fire", `\\b(?:explosion|exploded|blown up|blew up|just exploded)\\b`),
  sign(
    "fire",
    `\\bfire (?:brigade|engine|service|department)\\b(?=.*\\b(?:now|quick|need|help|coming|outside|here|called|call|send|hurry|urgent)\\b)|\\b(?:need|call|called|send|get|want|ring|rung)${gap(3)}fire (?:brigade|engine|service)\\b`,
  ),
  sign(
    "life",
    `\\b(?:not|isn't|stopped|stop|can't|cannot|struggling to|trouble|difficulty|barely|hardly|unable to) (?:breathing|breathe|breath)\\b`,
  ),
  sign(
    "life",
    `\\b(?:unconscious|unresponsive|passed out|blacked out|fainted|heart attack|cardiac arrest|having a stroke|had a stroke|having a seizure|having a fit|overdose[ds]?|overdosed|electrocuted|electric shock|drowning|drowned|choking|bleeding (?:badly|heavily|out|to death|a lot|everywhere|profusely)|lost a lot of blood|blood everywhere|anaphyla\\S+)\\b`,
  ),
  sign(
    "life",
    `\\b${PERSON}(?: has| have| just|'s| is| are)*(?: just| also)? (?:collapsed|fainted|dying|choking|drowning|unresponsive|been stabbed|been shot|been attacked|badly hurt|seriously hurt|badly injured|seriously injured|trapped under)\\b`,
  ),
  sign("life", `\\b(?:isn't|not|won't|stopped|wasn't) (?:responding|waking|wake up|waking up)\\b`),
  sign(
    "life",
    `\\b(?:think|found|believe|sure|afraid|says)${gap(3)}(?:is |'s )?dead\\b|\\b(?:lying|looks) dead\\b|\\b(?:found|there's|is) (?:a|the) (?:dead )?body\\b`,
  ),
  sign(
    "life",
    `\\b(?:isn't|not|wasn't|stopped) (?:moving|conscious|breathing properly)\\b(?! (?:in|out|house|home|into|until|on|for|from|to|before|till))|\\b(?:had a (?:bad |nasty )?fall|fallen|fell)${gap(6)}(?:can't get up|not moving|hit (?:his|her|my) head|won't wake)\\b|\\bcan't get up${gap(6)}(?:bleeding|hurt|pain)\\b`,
  ),
  sign(
    "life",
    `\\bclutching (?:his|her|my|their) (?:chest|heart|stomach|head)\\b|\\bbleeding from\\b|\\ballergic reaction\\b|\\bthroat(?: is)? (?:closing|swelling)\\b|\\bhead injury\\b|\\bmiscarr\\w+`,
  ),
  sign(
    "life",
    `\\b(?:going to|gonna|trying to|wants to|threatening to|threatened to) (?:hurt|attack|hit|beat|stab|shoot|strangle|rape) (?:me|us|him|her|them|my|someone|somebody)\\b|\\bthreatening (?:me|us|him|her|them|my)\\b(?! (?:with (?:eviction|court|legal|a fine|bailiffs)|to (?:evict|sue|leave|take|pull)))`,
  ),
  sign("life", `\\bchest pains?\\b|\\blife or death\\b|\\b(?:in|into) labour\\b`),
  sign(
    "life",
    `\\b(?:lot|lots|loads|pool|covered|much|losing|lost)(?: of| in)?(?: his| her| my)? blood\\b|\\bbleeding${gap(4)}(?:won't|can't|stop|stopping)\\b`,
  ),
  sign(
    "life",
    `\\b(?:hitting|beating|punching|kicking|hurting|attacking|strangling) (?:me|her|him|us|my|the)\\b(?! (?:road|target|market|tyres?|roof))|\\bbeing (?:attacked|beaten|assaulted|strangled|raped|stabbed)\\b|\\b(?:raped|sexually assaulted)\\b`,
  ),
  sign(
    "life",
    `\\b${PERSON}(?: has| is|'s| just)* (?:fallen|fell|jumped) (?:out of|from|off) (?:the|a|our|my)(?: \\S+)? (?:window|balcony|roof|ladder|landing|scaffold\\w*)\\b`,
  ),
  sign(
    "life",
    `\\b(?:swallowed|drunk|drank|eaten|taken|took)${gap(3)}(?:bleach|poison|tablets|pills|antifreeze|detergent)\\b`,
  ),
  sign(
    "life",
    `\\b(?:going to|gonna|he'll|she'll|i'll|threatening to|about to|wants to) jump\\b(?! (?:on|at|in|through|the|to|ship))`,
  ),
  sign("life", `\\b(?:ring|call|phone|dial|get|need)${gap(2)}(?:999|nine nine nine)\\b`),
  sign("life", `\\b${PERSON}(?: has| is|'s| all| just)* (?:turned|turning|gone|going) (?:blue|grey)\\b`),
  sign(
    "life",
    `\\b(?:stabbed|shot|attacked|attacking|strangling|strangled)${gap(2)}(?:me|him|her|someone|somebody|us|my|by)\\b`,
  ),
  sign(
    "life",
    `\\b(?:going to|gonna|want to|threatening to|trying to|tried to|about to|will|wants to) (?:die|kill (?:me|him|her|us|them|myself|himself|herself|themselves|someone|somebody)|end (?:my|his|her) life|jump(?: off| from| out))\\b`,
  ),
  sign(
    "life",
    `\\b(?:suicidal|suicide|kill myself|end it all|take my own life|taken my own life|don't want to live|self harm\\S*|slit (?:his|her|my) wrists?)\\b`,
  ),
  sign(
    "life",
    `\\b(?:call|need|send|ring|get|want|fetch)${gap(3)}(?:an? )?ambulance\\b|\\bambulance (?:now|please|quick|quickly|urgently)\\b`,
  ),
  sign(
    "life",
    `\\b(?:has|have|with|got|holding|pulled|waving|he's got|she's got)(?: a| an)? (?:knife|gun|machete|weapon)\\b`,
  ),
  sign(
    "life",
    `\\b(?:danger to life|life threatening|life-threatening|life and death|matter of life|life is in danger|lives are in danger|life's in danger|lives in danger|life in danger|in mortal danger|in (?:immediate|serious|grave) danger)\\b`,
  ),
  sign(
    "life",
    `\\b(?:roof|ceiling|wall|floor|balcony|building|staircase|stairs|scaffolding|chimney)${gap(3)}(?:collapsed|fallen|fell|come down|caved in|collapsing)${gap(3)}(?:on|onto|with)${gap(2)}(?:me|him|her|us|someone|people|them|my|inside|somebody)\\b`,
  ),
  sign("life", `\\b(?:trapped|stuck)${gap(5)}(?:rising water|under (?:rubble|the)|fire|flames|smoke|burning)\\b`),
  sign(
    "life",
    `\\b(?:live|bare|exposed)${gap(2)}(?:wire|wires|cable|cables)${gap(6)}(?:water|child|children|kids|touching|sparking|baby)\\b`,
  ),
];

/** Replaced before the signs are looked for. */
export const HARMLESS: readonly RegExp[] = [
  /\b(?:gas|electric|log|open|coal|wood|feature|working|original|period|wood-burning|multi-fuel|living flame|coal effect|flame effect|gas effect) fires?\b(?! (?:has|is out|exploded))/g,
  /\bfire (?:place|places|surround|alarm (?:test|tests|certificate|system|panel|installed|check|serviced|service|report)|alarms? (?:installed|fitted|tested|checked|serviced)|doors?|safety|escapes?|exits?|extinguishers?|risk|regulations?|regs|certificates?|blankets?|assessment|pit|station|resistant|proof|rated|retardant|drill|drills|away|sale|damage|insurance|warden)\b/g,
  /\b(?:is there|does it have|does the \\S+ have|has it got|have they got|is it|does the \S+ have|did it have|can you (?:have|use)|would there be|are there)(?: an?| any)?(?: sort of| kind of)?(?: working| open| real)? (?:fires?|smoke alarms?|carbon monoxide (?:alarms?|detectors?)|co (?:alarms?|detectors?)|smoke detectors?)\b/g,
  /\b(?:market|sales?|phones?|lines?|team|prices?|business|area|property market|you're|we're|you guys|lot|guys|lads|folks|selling|viewings|portfolio|website|i'm|she's|he's) (?:is |are |has been |have been |been |really |absolutely |really been |on fire)*on fire\b(?! (?:in|and help))/g,
  /\b(?:gas|carbon monoxide|co) (?:central|safety|certificates?|bills?|meter (?:reading|number)s?|engineers?|supply|supplier|suppliers|company|connection|connected|mains|fired|boilers? (?:service|certificate)|check|checks|safe|safe register|inspection|tariff|account|usage|provider|heating|and electric|and electricity|cooking|barbecue|bbq|station|works|man|fitter)\b/g,
  /\b(?:carbon monoxide|co|smoke) (?:alarms?|detectors?)(?: is| are| has| have| needs?| been| to be| must| should| also| all| were)*(?: a)?(?: new)? (?:fitted|installed|tested|included|provided|required|battery|batteries|replaced|replacing|changed|checked|in place|serviced|certificate|compliant|expired|missing)\b/g,
  /\b(?:fit|install|test|check|replace|need|needs|want|order|provide|supply|buy|have|got)(?: an?| the| new| any| some| my)* (?:carbon monoxide|co|smoke) (?:alarms?|detectors?)\b(?! (?:is |are |has |have |that's |that is |which is |which has |keeps )?(?:going|gone|went|beep|bleep|ring|sound|scream|shriek|screech|flash|won't|blar))/g,
  /\b(?:smells?|smelt|smelled|smelling) (?:\S+ ){0,2}?(?:like|of|a bit of|strongly of|so) (?:fresh |new |the |really |of |nice |wet |a )*(?:paint|bread|coffee|flowers|carpet|dog|dogs|cat|cats|damp|money|success|bargain|roses|cooking|baking|curry|polish|bleach|lavender|lovely|nice|good|fresh|clean|mould|musty|cigarettes|tobacco|smoke free)\b/g,
  /\b(?:dying|desperate) (?:to|for)\b/g,
  /\b(?:nearly|almost) (?:passed out|fainted|collapsed|choked)\b|\battacked by (?:\S+ ){1,6}?(?:email|emails|letter|review|online|phone|press)\b|\bfire[ -]?(?:safe|proof|damaged)\b/g,
  /\bgas readings?\b/g,
  /\bto die for\b|\b(?:nearly|almost|could have) died\b|\bdrop dead\b|\bover my dead body\b|\bbreath ?taking\b|\bkill(?:er|ing) (?:view|time|it|two birds)\b|\bstabbed in the back\b|\bshot (?:up|in the dark|of)\b|\b(?:give|gave|giving|given|have|having|had|nearly had)(?: \S+){0,3} (?:a )?heart attack(?= (?:when|at|over|seeing|looking))/g,
  /\bheart attack (?:when i saw|at the) (?:the )?(?:price|rent|bill)\b/g,
  /\b(?:he|she|they|we|you|vendors?|sellers?) collapsed the (?:sale|chain|deal|purchase)\b|\b(?:sale|chain|deal|market|purchase|offer|price|prices|economy|negotiations?|mortgage|fence|shed|buyers?|plans?) (?:has |have |had |just |all |completely |was |is )*collapsed\b/g,
  /\bwater (?:leak|leaking)\b|\bsmoke[ -]?free\b|\bnon[ -]?smok\S+\b|\bsmokers?\b|\bsmoke (?:inside|indoors|in the (?:house|flat|property|garden|building)) (?:allowed|permitted|if)\b|\b(?:(?:can|may|do|does|could) (?:you|i|we|tenants?|people|he|she|they)|can|may|do|does|did|allowed to|people|tenants?|he|she|they|we|i|not|don't) smoke\b/g,
  /\bburning (?:question|desire|ambition|issue|calories|money|wood|logs|stove|stoves|a hole)\b|\b(?:wood|log|coal)[ -]burn\S*\b|\bburnt? (?:orange|oak|toast)\b|\bburnt? out\b/g,
  /\b(?:in case of|if there (?:is|was|were)|if there's|event of|risk of|against|plan for|likely is|chance of|been in|was in|were in|ever had|what happens in|what if there's|cause of|damage from) (?:an? )?(?:fire|fires|gas leak|gas leaks|carbon monoxide)\b/g,
  /\b(?:company|firm|road|street|house|pub|restaurant|band|called|named) (?:called|named) \S+/g,
  /\blike a house on fire\b|\b(?:price|rent|bill|fee|valuation|quote)s?\b(?: \S+){0,5} heart attack\b|\b(?:price|market|sale|chain|house|flat|listing)\b.* (?:not|isn't) moving\b/g,
  /\bno (?:smell of )?(?:gas|smoke|fire)\b(?! (?:alarm|detector))/g,
  /\b(?:explosion|exploded) (?:in|of) (?:demand|interest|enquiries|prices|popularity|viewings|colour|growth)\b|\b(?:demand|interest|prices|popularity|market|phones?) (?:has |have |just |really )*exploded\b/g,
  /\bdrowning (?:in|with|under) (?!the|a |my|it)\S+|\bfinancial suicide\b|\bsuicidal (?:price|asking)\b|\bfire in (?:my|his|her|your) belly\b/g,
  /\bsmoking (?:is |isn't )?(?:allowed|permitted|policy|area|indoors|household)\b|\bsmoke damaged?\b|\b(?:prices?|market|deal|it all) (?:has |just )?blew up\b/g,
  /\b(?:ambulance|fire) station\b|\bnear (?:the |an? )?(?:ambulance|hospital)\b|\bchoking (?:on|at) (?:the|that) (?:price|rent)\b|\bdrowning in (?:\S+ )?(?:paperwork|work|debt|boxes|emails|enquiries|calls)\b/g,
];

/** A sentence about what is over and done with. */
export const PAST =
  /\b(?:last (?:year|month|week|summer|winter|autumn|spring)|years? ago|months? ago|weeks? ago|(?:was|were|been|got|has been|had been) (?:fixed|repaired|sorted|dealt with|resolved|made safe|put out|extinguished|replaced)|false alarm|used to (?:be|have|smell)|before (?:we|i) moved|in (?:19|20)\d\d|previous(?:ly)?|history of|ever (?:been|had|have|fallen|happened)|in the past|in (?:two thousand|twenty (?:ten|eleven|twelve|\w+teen|twenty))|at (?:our|my) (?:last|old|previous)|never again|but (?:it's|it is|everything's|everything is|all) (?:fine|ok|okay|sorted|good)|not since|came back(?! (?:and|from|to|home))|(?<!(?:go|come) )back on\b|wondering (?:if|whether)|is it true)\b/;

/** Though something is over and done with, this is not. */
export const AGAIN = /\b(?:(?<!never )again|still|today|right now|at the moment|just now)\b/;
