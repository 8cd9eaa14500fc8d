/**
 * Dangers told by their parts: a sign, where or in whom it is, and what makes it one, in any order within a sentence
 * ("my head's been pounding since the boiler came on"). Data for `emergencies.ts`, beside the words of danger themselves.
 */
import type { Danger } from "./emergency-words.ts";
import type { Urgency } from "./urgent-words.ts";

export type Concept<Kind> = {
  kind: Kind;
  /** One of these must be said, and not denied. */
  sign: RegExp;
  /** And something of each of these, anywhere in the sentence. */
  with: readonly RegExp[];
  /** With one of these it is something else. */
  unless?: RegExp;
  /** Looked for in the words as they were said: what is harmless by itself ("the gas fire") is part of it. */
  whole?: true;
};

const words = (pattern: string, flags = ""): RegExp => new RegExp(`\\b(?:${pattern})\\b`, flags);
const sign = (pattern: string): RegExp => words(pattern, "g");

const BURNER = words(
  "boilers?|gas|gas fires?|heating|flue|cooker|hob|heater|stove|oven|burner|fireplace|(?:the|that|our|my) fire",
);
const GAS_THING = words(
  "gas|hob|hobs|cooker|stove|meter|oven|boiler|gas pipe|gas main|the main|pipe behind the cooker",
);
const COLD = words(
  "no (?:heating|heat|hot water)|without|not working|isn't working|won't (?:come|light|start|fire|work)|broken|broke|packed|conked|died|gone off|(?<!nodding )off|cold|freezing|failed|stopped",
);
const ILL =
  "headaches?|head(?: is|'s|s)?(?: been)? (?:pounding|banging|splitting|spinning|thumping|throbbing|killing)|dizzy|giddy|drowsy|woozy|groggy|sleepy|light ?headed|throwing up|vomit\\w*|being sick|(?:feel|feels|feeling|felt) (?:\\S+ ){0,2}(?:sick|ill|rough|faint|funny|poorly|dizzy|drowsy)|nause\\w+|bad head|nodding off|falling asleep|floppy|sick and \\S+|(?:feeling|been) (?:poorly|ill|sick)|passing out";
const ALARM = "alarms?|detectors?|sensor|monitor|(?:co|monoxide|carbon) (?:thing|box|unit)|carbon monoxide thing";
const ALARMED = words(
  "beep\\w*|bleep\\w*|going|goes|gone off|went off|keeps?|flash\\w*|red|sound\\w*|scream\\w*|mad|mental|rising|ringing|(?:says|reads|at|showing) (?:\\d+|a number)|what do i do|help|scared|won't stop",
);
const MONOXIDE = words("fumes|invisible|co|c o|carbon|monoxide|boiler|flue");
const AT_HOME = words(
  "house|flat|kitchen|bedroom|bathroom|lounge|room|hall|loft|wall|socket|plug|oven|cooker|hob|blinds?|curtains?|carpet|sofa|bed|candle|pan|fan|dryer|toaster|microwave|something|somewhere|stairs|behind|upstairs|downstairs|next door|cupboard|help|quick|quickly",
);
const HEAVY =
  "ceiling|wall|roof|tree|shelf|shelves|wardrobe|scaffold\\w*|balcony|chimney|floor|stairs|staircase|beam|fence";
const WET =
  "water|pipes?|hose|sink|taps?|bath|toilet|loo|shower|washing machine|dishwasher|stopcock|stop tap|valve|cylinder|tank|radiator|boiler|basin";
const PEOPLE = words(
  "he|she|he's|she's|him|her|husband|wife|mum|mother|dad|father|son|daughter|baby|child|kid|boy|girl|man|woman|lady|nan|gran|grandad|brother|sister|friend|flatmate|housemate|neighbour|partner|boyfriend|girlfriend|someone|somebody|my (?:little )?one",
);
/** Of what he lives beside or has read, not of what happens to him. */
const ABOUT = words(
  "do landlords|have to (?:fit|have|provide)|required|survey|listing|video|photos?|certificate|is there (?:a|an|any)|are there|does (?:it|the)|do they|will there be|included|viewings?|certificates?",
);

/** Danger to life. */
export const CONCEPTS: readonly Concept<Danger>[] = [
  {
    kind: "carbon-monoxide",
    sign: sign(ALARM),
    with: [words("show\\w*|says|saying|reads|reading"), words("number|numbers|parts|\\d{2,3}"), ALARMED],
    unless: words("code|survey|listing"),
  },
  {
    kind: "life",
    sign: sign(
      "(?:not|isn't|stopped|won't|can't|cannot|couldn't) (?:answer\\w*|respond\\w*|wak\\w*|get (?:him|her|them) to wake|rouse|breath\\w*|talk\\w*)",
    ),
    with: [
      PEOPLE,
      words("fall|fallen|fell|collapsed|taken|drunk|drugs|wake|waking|rouse|floor|lying|gasping|breath\\w*"),
    ],
    unless: words("phone|calls?|emails?|messages?|texts?|viewing"),
  },
  {
    kind: "life",
    sign: sign("gasping|wheezing|funny colour|gone (?:white|limp|stiff)|foaming|fitting on"),
    with: [PEOPLE],
    unless: words("price|wall|walls|paint|door"),
  },
  {
    kind: "life",
    sign: sign("trapped|pinned|crushed|impaled"),
    with: [
      words(
        "kid|child|boy|girl|baby|man|woman|lady|person|someone|somebody|arm|leg|hand|fingers?|head|neck|he's|she's|husband|wife|mum|dad",
      ),
    ],
    unless: words("lift|elevator|chain|mortgage|nerve"),
  },
  {
    kind: "gas",
    sign: sign("smell\\w*|stink\\w*|stench"),
    with: [words("gas"), words("is (?:that|it)|think|might|could|can|very|strong|bad|next door")],
    unless: words(`${ABOUT.source}|paint|lovely|damp|lasagne|bread`),
  },
  {
    kind: "gas",
    sign: sign("forgot to light|never lit|forgotten to light|whistl\\w*|getting in|seeping"),
    with: [words("ring|hob|gas|cooker")],
    unless: words("kettle|getting in touch|engineer|keys?"),
  },
  {
    kind: "gas",
    sign: sign("eggy|(?:rotten|bad) eggs?"),
    with: [words("smell\\w*|stink\\w*|stench|pong\\w*|ponk\\w*|whiff|reek\\w*|fumes|like")],
  },
  {
    kind: "gas",
    sign: sign("ponks?|pongs?|honks?|stinks?|whiffs?|fumes|reeks?"),
    with: [words("gas|hob|cooker|stove|meter|knobs?|burners?")],
    unless: ABOUT,
  },
  { kind: "gas", sign: sign("hiss\\w*|psss*h*"), with: [GAS_THING], unless: ABOUT },
  { kind: "gas", sign: sign("leak\\w*"), with: [words("gas|hob|cooker|stove|gas meter")], unless: ABOUT },
  { kind: "gas", sign: sign("tast(?:e|es|ing)"), with: [words("gas")] },
  {
    kind: "gas",
    sign: sign(
      "(?:chemical|funny|strange|odd|weird|horrible) smell|smell something (?:funny|strange|odd|weird|horrible)",
    ),
    with: [words("gas|hob|cooker|stove|meter|boiler")],
  },
  { kind: "gas", sign: sign("gas (?:alarms?|detector|sensor)"), with: [ALARMED], unless: ABOUT },
  {
    kind: "gas",
    sign: sign(
      "not lit|unlit|isn't lit|wasn't lit|without being lit|not alight|flame(?: is|'s)? (?:gone|blown) out|blown out",
    ),
    with: [words("gas|hob|cooker|ring|burner|stove")],
    unless: words("pilot"),
  },
  {
    kind: "gas",
    sign: sign("gone|went|put|hit|drill\\w*|cut|dug|nail\\w*|struck"),
    with: [words("digger|spade|drill\\w*|nail|builders?|workm[ae]n|screw|dug|road ?works?"), words("gas")],
  },
  {
    kind: "gas",
    sign: /^ (?:(?:help|oh god) (?:, )?)+gas |^ gas (?:, )?(?:gas|help|please send|quick|leak)/g,
    with: [],
  },
  {
    kind: "carbon-monoxide",
    whole: true,
    sign: sign(ILL),
    with: [BURNER],
    unless: words(`${COLD.source}|sale|survey|forms|paperwork|chain|certificate`),
  },
  {
    kind: "carbon-monoxide",
    whole: true,
    sign: sign(`${ILL}|ill|poorly|unwell|collapsed`),
    with: [
      words("boiler|heating|fire|cooker|heater|stove|burner"),
      words("on|running|lit|light|going|fires? up|soot|fumes|flue|yellow|since|whenever|every time"),
    ],
    unless: words("no (?:heating|heat|hot water)|won't|not|isn't|broken|packed|conked|died|(?<!nodding )off|stopped"),
  },
  {
    kind: "carbon-monoxide",
    whole: true,
    sign: sign(ILL),
    with: [
      words("outside|fresh air|out of the (?:house|flat)|leave the (?:house|flat)|go out|come back in"),
      words("we|all|everyone|here|stops?|goes|better|in here"),
    ],
  },
  { kind: "carbon-monoxide", whole: true, sign: sign(ILL), with: [words(ALARM), ALARMED] },
  {
    kind: "carbon-monoxide",
    whole: true,
    sign: sign("soot|sooty|fumes|(?:flame|flames)(?: \\S+){0,3} (?:yellow|orange)|(?:yellow|orange) flames?"),
    with: [words("boiler|gas fire|gas|flue|heater|cooker")],
    unless: ABOUT,
  },
  { kind: "carbon-monoxide", whole: true, sign: sign(ALARM), with: [MONOXIDE, ALARMED], unless: ABOUT },
  {
    kind: "carbon-monoxide",
    whole: true,
    sign: sign("monoxide"),
    with: [
      words("alarms?|detectors?|thing|level|reading|leak|poison\\w*"),
      words(`help|what do i do|now|\\d+|red|beep\\w*|${ILL}`),
    ],
    unless: ABOUT,
  },
  {
    kind: "fire",
    sign: sign(
      "(?:dryer|pan|oven|toaster|microwave|fryer|cooker|hob|curtains?|blinds?|shed|bins?|sofa|bed|machine|hedge|fence|candle|heater)(?: is| has| have)?(?: just| all)* (?:gone up|going up|caught)(?! (?:up|my|the|his|her))",
    ),
    with: [],
  },
  {
    kind: "fire",
    sign: sign("burning(?! (?:hot|to|question|issue|desire|ambition|calories|through|oil|wood|logs))"),
    with: [AT_HOME],
    unless: words("wood|logs?|stove"),
  },
  { kind: "fire", sign: sign("spark(?:s|ing)"), with: [words("burn\\w*|smok\\w*|hot|fire|flames?|melt\\w*")] },
  {
    kind: "fire",
    sign: sign("smoking"),
    with: [
      words(
        "fan|hob|oven|cooker|dryer|machine|toaster|microwave|fridge|freezer|boiler|heater|telly|tv|charger|battery|pan|lamp|light",
      ),
    ],
    unless: words("allowed|ban|smoker|tenants?|non"),
  },
  {
    kind: "life",
    sign: sign("shock"),
    with: [words("switch|socket|plug|electric\\w*|wire|shower|numb|light|cooker|kettle|washing machine")],
    unless: words("price|rent|bills?|survey"),
  },
  {
    kind: "life",
    sign: sign(`(?:${HEAVY})(?: is| has|'s)?(?: just)? (?:fell|fallen|collapsed|come down|came down|gave way)`),
    with: [
      words(
        "underneath|under it|trapped|hurt|injured|on (?:top of )?(?:me|us|him|her|them|my|the (?:baby|kids?|children)|someone|somebody|a (?:man|woman|child|person))",
      ),
    ],
    unless: words("nobody|no one|no-one"),
  },
  {
    kind: "life",
    sign: sign("cut (?:himself|herself|myself|themselves|his|her|my)|bleed\\w*|blood"),
    with: [
      words(
        "badly|deep|deeply|won't stop|can't stop|not stopping|everywhere|lots|pouring|spurting|artery|wrists?|unstoppable",
      ),
    ],
    unless: words("donor|pressure|test|hair"),
  },
  { kind: "life", sign: sign("pains?|tight|tightness|crushing"), with: [words("chest")] },
  {
    kind: "life",
    sign: sign("hanging|dangling|stuck|standing|climb\\w*|sitting"),
    with: [
      words(
        "(?:off|from|on|out of|over) (?:the|a|his|her|their|that) (?:\\S+ )?(?:balcony|ledge|window|roof|railings?)",
      ),
      words(
        "man|woman|lady|child|kid|boy|girl|son|daughter|person|someone|somebody|baby|toddler|he|she|he's|she's|husband|wife",
      ),
    ],
    unless: words("viewing|baskets?|birds?|pigeons?"),
  },
  {
    kind: "life",
    sign: sign("under|underneath|beneath|pinned|crushed"),
    with: [
      words("car|van|lorry|rubble|wall|ceiling|beam|tree|it"),
      words("someone|somebody|person|man|woman|child|kids?|people"),
      words("crash\\w*|gone through|collapsed|fell|fallen|hit|trapped|pinned|crushed|came down|come down"),
    ],
  },
  {
    kind: "life",
    sign: sign(
      "(?:fallen|fell|fall|jumped) (?:out )?(?:of|from|off) (?:the |a |our |my |his |her )?(?:\\S+ )?(?:window|balcony|roof|ladder)",
    ),
    with: [],
    unless: words("tiles?|slates?|gutter\\w*|paint|leaves|aerial"),
  },
  {
    kind: "life",
    sign: sign("numb|dropped|talking funny|droop\\w*|slurr\\w*"),
    with: [words("arm|face|side|mouth|speech|words|leg")],
    unless: words("dentist|feedback"),
  },
];

/** What must be seen to at once. */
export const URGENT_CONCEPTS: readonly Concept<Urgency>[] = [
  {
    kind: "flood",
    sign: sign(
      "waterfall|shooting out|(?:pipe|tank|hose|cistern|cylinder|stopcock) (?:is |has |just |has just )*(?:broke|broken|gone|snapped)",
    ),
    with: [words("water|down the|through|everywhere|in (?:my|the|our)|kitchen|bathroom")],
    unless: words("feature|garden|shower head|view"),
  },
  {
    kind: "power",
    whole: true,
    sign: sign("darkness|blank|nothing (?:comes|will come|turns|switches) on"),
    with: [words("plunged|sat|sitting|whole|total|electric\\w*|power|meter|lights?")],
    unless: words("photos?|forms?"),
  },
  {
    kind: "break-in",
    sign: sign(
      "off its hinges|gone through everything|nicked|stolen|turned over|ransacked|cleaned us out|(?:getting|coming|climbing|got) in through",
    ),
    with: [words("everything|flat|house|door|window|all (?:my|our)|telly|laptop")],
    unless: words("cupboard|light|sun|sunlight|water|rain|draught|copper|bike|idea|last (?:place|tenant)"),
  },
  {
    kind: "lift",
    sign: sign("between floors|between two floors|stuck|jammed|trapped|nobody(?: is|'s)? (?:answering|coming)"),
    with: [words("lift|elevator"), words("i'm|we're|us|we|in it|inside|two of|nobody|floors|alone|own")],
    unless: words("last (?:week|month|year)|viewing|ever|often"),
  },
  {
    kind: "flood",
    sign: sign(
      "everywhere|all over(?! the (?:country|place|internet|website|news))|over the floor|won't stop|won't turn off|can't (?:turn|stop|shut)|up to (?:my|the|our|your) (?:ankles?|knees?|shins?)|squelch\\w*|bubbling|broken off|snapped|popped off|come off in my hand|emptied itself|from (?:the flat |the floor )?(?:above|upstairs)",
    ),
    with: [words(WET)],
    unless: words("dripp\\w*|drips?|pressure|how|tanks? in|noise|noisy|music|knocking|running cost|meters?"),
  },
  {
    kind: "flood",
    sign: sign("raining (?:in|inside|into|through)"),
    with: [words("room|kitchen|flat|house|hall|bedroom|bathroom|here|ceiling|roof|lounge")],
  },
  {
    kind: "heating",
    sign: sign("freezing|bitter|perishing|stone cold|like ice|ice cold"),
    with: [words("in here|flat|house|home|radiators?|indoors|bedroom|it's")],
    unless: words("fridge|outside|weather|freezer"),
  },
  {
    kind: "power",
    sign: sign("leccy|nothing electric\\w*|pitch (?:dark|black)|none of the (?:lights?|plugs?|sockets?|electrics?)"),
    with: [words("no|off|gone|out|dead|work\\w*|died|in|haven't|not|without|ain't")],
    unless: words("bills?|meter reading|outside|garden|corner|at night"),
  },
  {
    kind: "power",
    sign: sign("everything|all of it|all the|the lot"),
    with: [
      words("plugs?|sockets?|lights|fridge|telly|electrics?"),
      words("gone off|just gone|went off|dead|stopped|out"),
    ],
    unless: words("viewing"),
  },
  {
    kind: "break-in",
    sign: sign(
      "broken (?:the|our|my) (?:\\S+ )?(?:lock|locks|door|window)|smashed (?:the|our|my) (?:\\S+ )?(?:lock|door|window)|forced (?:the|our|my) (?:\\S+ )?(?:lock|door|window)",
    ),
    with: [words("they|they've|someone|somebody|somebody's|someone's|men|man|kids|gone|stolen|taken|rooms|drawers")],
    unless: words("my son|my daughter|i broke"),
  },
];
