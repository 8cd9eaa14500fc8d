/** What somebody would pay, or what he looks for, where no word such as "offer" or "register" is said. Pure. */
import { TEENS, TENS, UNITS } from "./numbers.ts";
import { phraseOf, type Token } from "./tokens.ts";

/** How an amount begins. */
const AMOUNT = `(?:an? |the )?(?:£?\\d|half a million|quarter of|hundred|million|asking price|full price|${[UNITS, TEENS, TENS].flatMap(Object.keys).join("|")})`;

/** "We'd go to …", "I'll give you …", "put me down for …", "can you put forward …". */
const WOULD_PAY = new RegExp(
  `\\b(?:(?:i|we)(?:'d| would|'ll| will|'re| are| can| could)? (?:be )?(?:prepared to |willing to |happy to |going to )?(?:go|do|give|pay|bid|stretch|manage|put up|come up)(?: up)?(?: to| as high as| you| them)?|put (?:me|us) down (?:for|at)|put(?:ting)? (?:forward|in|them down for)|(?:say|tell) (?:them|him|her|the (?:owners?|sellers?|vendors?|landlords?))(?: i'd| we'd| we'll| i'll)? (?:pay|give|go to|do)?) ${AMOUNT}`,
);
/** Said to a seller only: which home is meant can be asked. */
const GIVES =
  /\b(?:give (?:you|them)|put (?:me|us) down (?:for|at)|put(?:ting)? forward|not a penny more|off the market)\b/;
/** A sum in full, beside a listing; and what makes it the listing's own price. */
const SUM = /£\d|\b(?:thousand|grand|half a million|quarter of a million|pounds|quid|\d+k)\b/;
const ASKS_OR_TELLS =
  /\b(?:how|what|what's|is|does|are|available|still|price|priced|worth|advertised|listed|listing|for sale|the one|saw|seen|viewed|details|about|at £?\d)\b/;

/** "Twelve hundred tops", "up to three fifty", "under two twenty", "my budget is …". */
const CEILING = new RegExp(
  `\\b(?:up to|at most|max(?:imum)?(?: of)?|under|below|less than|no more than|not more than|around|about|budget(?:'s| is| of)?(?: about| around)?|(?:got|have) (?:about |around )?) ?${AMOUNT}|\\b${AMOUNT}[a-z0-9]*(?:[- ][a-z0-9]+){0,5} (?:tops|max|maximum|at most|or less|or under|to spend|between us|is (?:our|my) (?:limit|budget))\\b`,
);
/** Of no home in particular. */
const LOOKS_FOR =
  /\b(?:(?:looking|searching|hunting|after|want|wanting|need|needing|interested in) (?:for )?(?:somewhere|something|anything|a place|an? (?:\S+ ){0,3}(?:house|flat|home|bungalow|apartment|studio|cottage|terrace|semi|bed|bedroom|room|place))|let (?:me|us) know (?:if|when)|(?:anything|something|somewhere|houses?|flats?|bungalows?|places?|homes?)(?: \S+){0,3} (?:coming|comes|come) (?:up|on)|(?:have|got)(?: you)?(?: got)? any(?:thing|where)?\b|(?:go|get|be|join|put me|put us|add me|add us)(?: on| onto| to)? (?:the|your) (?:\w+ )?list|register (?:for|with|as|my|our)|what (?:have|'ve) you got|do you have any(?:thing|where)?)\b/;
/** Enough by itself. */
const LOOKS_TO = /\b(?:to (?:rent|buy)|rentals?|student (?:house|flat|let|accommodation)s?)\b/;
const RENT =
  /\b(?:rent|rents|rentals?|renting|let|lets|lettings?|tenants?|student|students|pcm|(?:a|per) (?:month|week))\b/;
const OWNS =
  /\b(?:my|our|mum's|dad's) (?:\w+ )?(?:house|flat|home|place|bungalow|tenants?)\b|\b(?:sell|selling|landlord|valu\w+)\b/;

/** "You've got a one bed … to rent, when could I …": one home, to be seen, whatever was not made out of it. */
const VISITS = /\b(?:when (?:can|could|may|might) (?:i|we)|(?:you've|you have) got an? )/;

export type Enquiry = "offer" | "applicant-buy" | "applicant-rent";

/** @param isListed A listing of ours is named: then a sum is meant for it, else for what he looks for. */
export function readEnquiry(tokens: readonly Token[], isListed: boolean): Enquiry | undefined {
  const phrase = phraseOf(tokens);
  const pays = WOULD_PAY.test(phrase);
  if (isListed) return pays || (SUM.test(phrase) && !ASKS_OR_TELLS.test(phrase)) ? "offer" : undefined;
  if (pays && GIVES.test(phrase)) return "offer";
  if (OWNS.test(phrase) || VISITS.test(phrase)) return undefined;
  const isLooking = LOOKS_FOR.test(phrase);
  const isSpending = pays || CEILING.test(phrase);
  const isHome = LOOKS_TO.test(phrase) || HOME.test(phrase);
  if (!isLooking && !(isSpending && isHome)) return undefined;
  if (!isSpending && !LOOKS_TO.test(phrase) && !LISTS.test(phrase)) return undefined;
  const words = phrase.replace(/\blet (?:me|us|you|him|her|them)\b/g, "");
  return RENT.test(words) ? "applicant-rent" : "applicant-buy";
}

const HOME =
  /\b(?:bed|beds|bedrooms?|bedroomed|house|houses|flat|flats|bungalow|bungalows|studio|apartment|terrace|semi|detached|cottage|something (?:bigger|smaller))\b/;
/** To be told of what comes: with or without an amount. */
const LISTS = /\b(?:list|register)\b/;
