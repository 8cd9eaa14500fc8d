import { cardinal, digitByDigit, digitGroup } from "../../english/numbers.ts";

/** A British number written nationally or with +44, in any grouping; the number of digits is checked after. */
const telephone = /(?<![\d£.,:/-])(?:(?:\+|\b00)44[ -]?(?:\(0\)[ -]?)?|\(?0)\d[\d ()./-]{6,14}\d(?![\d])/g;
/** Of another country, with its code: in the writer's groups. */
const foreign = /(?<![\d+])\+(?!44)(\d{1,3})[ -]?((?:\(?\d{1,5}\)?[ -]?){2,5}\d)(?!\d)/g;
const extension = /\b(ext(?:ension|n)?\.? ?|x(?=\d\d))(\d{1,6})\b/gi;
/** Services that are only ever said digit by digit; the others could be house numbers and need a verb before them. */
const emergency = /\b999\b/g;
const service =
  /\b(call|dial|ring|phone|on|calling|ringing|dialling|press|to|text) (112|111|101|105|119|116 ?123|1571|18000|18001)\b/gi;

/** Telephone numbers digit by digit, with a comma (a pause) between groups. */
export function sayTelephones(text: string): string {
  return text
    .replace(/\b[Tt]el\b[.:]?(?= ?[\d(+])/g, "telephone")
    .replace(/\b[Mm]ob\b[.:]?(?= ?[\d(+])/g, "mobile")
    .replace(telephone, (found) => {
      const groups = groupsOf(found);
      return groups === undefined ? found : groups.map(groupInWords).join(", ");
    })
    .replace(foreign, (_, code: string, rest: string) => {
      const groups = rest.match(/\d+/g) ?? [];
      return ["plus", [code, ...groups].map(digitGroup).join(", ")].join(" ");
    })
    .replace(extension, (found, word: string, digits: string, at: number, whole: string) =>
      word.toLowerCase() === "x" && !/\w,? ?$/.test(whole.slice(0, at)) ? found : `extension ${digitGroup(digits)}`,
    )
    .replace(emergency, digitByDigit("999"))
    .replace(service, (_, verb: string, number: string) => `${verb} ${digitByDigit(number)}`);
}

/**
 * National groups of a written number. The writer's own grouping is kept where its groups are short enough to follow
 * (2 to 5 digits; a mobile's last six are said as three and three), else area code and halves by Ofcom's habits.
 */
function groupsOf(written: string): string[] | undefined {
  const national = written.replace(/^(?:\+|00)44[ -]?(\(0\))?[ -]?/, "0");
  const digits = national.replace(/\D/g, "");
  if (digits.length !== 10 && digits.length !== 11) return undefined;
  const asWritten = national.split(/\D+/).filter(Boolean);
  if (asWritten.length > 1 && asWritten.every((group) => group.length >= 2 && group.length <= 6)) {
    return asWritten.flatMap((group) => (group.length === 6 ? halves(group) : [group]));
  }
  const area = areaLength(digits);
  return [digits.slice(0, area), ...halves(digits.slice(area))];
}

function areaLength(digits: string): number {
  if (/^02/.test(digits)) return 3; // 020 London, 023, 024, 028, 029: eight digits follow
  if (/^0(1\d1|11\d|3|8|9)/.test(digits)) return 4; // 0161, 0117, 0300, 0800
  return 5; // 07700 and the towns
}

function halves(digits: string): string[] {
  const middle = Math.floor(digits.length / 2);
  return [digits.slice(0, middle), digits.slice(middle)];
}

/**
 * "07700" → "oh seven seven double oh": the area is known and said as people say it. What follows is said digit by digit,
 * where a "double" was measured to be misheard; a round group is a hundred: "900" → "nine hundred".
 */
function groupInWords(digits: string, at: number): string {
  if (at === 0) return digitGroup(digits);
  return /^[1-9]00$/.test(digits) ? cardinal(Number(digits)) : digitByDigit(digits);
}
