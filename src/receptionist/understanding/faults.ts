/** What is wrong in a home, how pressing it is, and who is in it. Rules over the caller's own words. Pure. */
import type { Priority } from "../../agency/enquiries.ts";

/** Of those that concern us and cannot wait, beside danger to life. */
export type HomeEmergency = "flood" | "heating" | "break-in" | "lift";

const FLOOD =
  /\b(?:burst (?:pipe|tank|boiler|main)|pipe(?:s)? (?:has |have |'s )?(?:just )?burst|flooded|flooding|water (?:is |'s )?(?:pouring|gushing|coming (?:through|in|down)|running down|everywhere|all over)|(?:pouring|gushing|coming) (?:through|down|out of) the (?:ceiling|walls?|light)|ceiling (?:has |have |'s |is )?(?:come down|coming down|collaps\w+|caved in|fallen|bulging)|can't (?:stop|turn off) the (?:water|leak))\b/i;
const BREAK_IN =
  /\b(?:broken into|break-?in|burgl\w+|(?:someone|somebody) (?:has |have |'s )?(?:broken|got) in|kicked (?:the|my|our) door in)\b/i;
const LIFT = /\b(?:(?:stuck|trapped) in (?:the|a|our) lift|(?:the|our) lift (?:is |has |'s )?stuck with)\b/i;
const NO_HEAT =
  /\b(?:no (?:heating|heat|hot water)|(?:heating|boiler|hot water|radiators?)\b[^.]{0,40}\b(?:isn't|is not|not|aren't|won't|doesn't|stopped|broken|packed in|gone|died|off|failed|conked|down|playing up)|(?:broken|dead|faulty) (?:boiler|heating)|(?:without|lost) (?:heating|heat|hot water|our heating|the heating))\b/i;
const PRESSING =
  /\b(?:sparks?|sparking|electric shock|burning socket|sewage|(?:no|without|lost) water\b|door (?:won't|doesn't|can't|will not) (?:lock|shut|close)|can't (?:lock|secure|get out))\b/i;
const URGENT =
  /\b(?:leak\w*|(?:ceiling|roof|lights?|fitting|boiler|radiator|pipe)\b[^.]{0,30}\bdripping|no (?:electric\w*|power|lights?|water)|electric\w* (?:has |have |is |'s )?(?:gone|off|tripp\w+|out)|toilet\b[^.]{0,30}\b(?:block\w*|won't flush|not flushing|doesn't flush|overflow\w*|broken)|block\w* (?:toilet|drain)|(?:broken|smashed|cracked) (?:window|lock|door|front door|back door)|(?:window|lock|door)\b[^.]{0,20}\b(?:broken|smashed|jammed|won't)|smoke alarm|rats?|wasps?|fridge)\b/i;
const OTHER =
  /\b(?:(?:isn't|is not|aren't|not|won't|doesn't|stopped|has stopped) (?:working|turning on|starting|draining|heating|closing|opening|flushing|switching on)|broken|broke|block\w*|damp|mou?ld\w*|crack(?:ed)?|(?:come|came|fallen|coming|fell) (?:off|down|loose|away)|sticking|sticks|jammed|seized|rattl\w*|flicker\w*|(?:gone|runs?|running|gone all) (?:cold|lukewarm)|packed in|faulty|dripp\w+|squeak\w*|infest\w*|mice|needs? (?:fixing|mending|repairing|replacing)|gone wrong|playing up|smell of damp|loose|wobbly|torn)\b/i;

export type Fault = { priority: Priority; emergency: HomeEmergency | undefined };

/** @returns undefined where nothing is said to be wrong ("I'd like to report a repair"). */
export function readFault(words: string, isVulnerable: boolean): Fault | undefined {
  const text = words.replace(/[’‘]/g, "'");
  if (LIFT.test(text)) return { priority: "emergency", emergency: "lift" };
  if (BREAK_IN.test(text)) return { priority: "emergency", emergency: "break-in" };
  if (FLOOD.test(text)) return { priority: "emergency", emergency: "flood" };
  if (NO_HEAT.test(text)) {
    return isVulnerable
      ? { priority: "emergency", emergency: "heating" }
      : { priority: "urgent", emergency: undefined };
  }
  if (PRESSING.test(text)) return { priority: "emergency", emergency: undefined };
  if (URGENT.test(text)) return { priority: "urgent", emergency: undefined };
  return OTHER.test(text) ? { priority: "routine", emergency: undefined } : undefined;
}

/** Somebody in the home whom cold, wet or dark would harm more than others. */
export const speaksOfVulnerable = (words: string): boolean =>
  !/\b(?:no|nobody|not|without)\b[^.]{0,15}\b(?:vulnerable|elderly|baby|children|kids)\b/i.test(words) &&
  /\b(?:bab(?:y|ies)|newborn|toddler|elderly|pregnant|disab\w+|asthma\w*|wheelchair|oxygen|vulnerable|dementia|poorly|bedridden|(?:small|young|little) (?:child|children|kids|ones?|boy|girl|son|daughter)|(?:weeks?|months?)[- ]old|(?:seven|eight|nine)ty\w*(?: \w+)?(?: years old)|(?:my|our) (?:\w+ )?(?:nan|gran|granny|grandma|grandad|grandmother|grandfather)|in (?:his|her|their|my) (?:seventies|eighties|nineties))\b/i.test(
    words,
  );
