/** Ways of saying a value, drawn at random: the generated half of what is said. */
import { weekdayOf } from "../../../../src/agency/local-time.ts";
import type { Random } from "../../../sip/random.ts";
import { today } from "./values.ts";
import { digitByDigit, inWords, type LetterStyle, letterSaid, nth, nthWritten, zeroOf } from "./words.ts";

type Say = (value: string, random: Random) => string;

const MONTHS = "january february march april may june july august september october november december".split(" ");
const DAYS = {
  mon: "monday",
  tue: "tuesday",
  wed: "wednesday",
  thu: "thursday",
  fri: "friday",
  sat: "saturday",
  sun: "sunday",
};

const lead = (random: Random, leads: readonly string[]): string =>
  random.next() < 0.3 ? `${random.pick(leads)} ` : "";
const trail = (random: Random): string =>
  random.next() < 0.08 ? random.pick([" please", " thanks", " thank you"]) : "";

export const postcodeSaid: Say = (value, random) => {
  const [outward = "", inward = ""] = value.split(" ");
  if (random.next() < 0.2) return random.next() < 0.5 ? value.toLowerCase() : value.toLowerCase().replace(" ", "");
  const style: LetterStyle = random.next() < 0.68 ? "plain" : random.next() < 0.6 ? "nato" : "homely";
  const zero = zeroOf(random);
  const area = outward.replace(/\d+$/, "");
  const district = outward.slice(area.length);
  const spell = (letters: string) =>
    letters.length === 2 && letters[0] === letters[1] && random.next() < 0.7
      ? `double ${letterSaid(letters[0] ?? "", style)}`
      : [...letters].map((letter) => letterSaid(letter, style)).join(" ");
  const number =
    random.next() < 0.3
      ? district
      : random.next() < 0.6
        ? inWords(Number(district))
        : digitByDigit(district, zero, true);
  const said = `${spell(area)} ${number} ${digitByDigit(inward.slice(0, 1), zero, false)} ${spell(inward.slice(1))}`;
  return `${lead(random, ["it's", "my postcode is", "yeah it's", "the postcode is", "uh", "so that's"])}${said}${trail(random)}`;
};

function yearSaid(year: number, random: Random): string {
  const [century, rest] = [Math.floor(year / 100), year % 100];
  if (random.next() < 0.3) return String(year);
  if (year >= 2000) {
    if (random.next() < 0.2 && rest > 0) return `twenty ${rest < 10 ? `oh ${inWords(rest)}` : inWords(rest)}`;
    return rest === 0 ? "two thousand" : `two thousand and ${inWords(rest)}`;
  }
  if (rest < 10) return `nineteen ${rest === 0 ? "hundred" : `oh ${inWords(rest)}`}`;
  return random.next() < 0.4 ? inWords(rest) : `${inWords(century)} ${inWords(rest)}`;
}

export const birthDateSaid: Say = (value, random) => {
  const [year = 0, month = 1, day = 1] = value.split("-").map(Number);
  const two = (number: number) => String(number).padStart(2, "0");
  const named = MONTHS[month - 1] ?? "";
  const zero = zeroOf(random);
  const apart = (number: number) =>
    number < 10 && random.next() < 0.6 ? `${zero} ${inWords(number)}` : inWords(number);
  const ways: (() => string)[] = [
    () => `${nthWritten(day)} ${named} ${year}`,
    () => `${nthWritten(day)} of ${named} ${year}`,
    () => `the ${nth(day)} of ${named} ${yearSaid(year, random)}`,
    () => `${nth(day)} of the ${nth(month)} ${yearSaid(year, random)}`,
    () => `${nthWritten(day)} of the ${nthWritten(month)} ${random.next() < 0.5 ? year : two(year % 100)}`,
    () => `${two(day)}/${two(month)}/${random.next() < 0.5 ? year : two(year % 100)}`,
    () => `${day} ${month} ${year}`,
    () => `${apart(day)} ${apart(month)} ${yearSaid(year, random)}`,
    () => digitByDigit(`${two(day)}${two(month)}${year}`, zero, random.next() < 0.3),
    () => `${named} the ${nth(day)} ${yearSaid(year, random)}`,
    () => `${named} ${day} ${year}`,
    () => `${nth(day)} ${named} ${yearSaid(year, random)}`,
  ];
  return `${lead(random, ["it's", "i was born on", "my date of birth is", "yeah it's the", "um"])}${random.pick(ways)()}${trail(random)}`;
};

export const phoneSaid: Say = (value, random) => {
  const digits = `0${value.slice(3)}`;
  const zero = zeroOf(random);
  const sizes = random.pick([[5, 3, 3], [5, 6], [3, 4, 4], [4, 3, 4], [11], [3, 2, 2, 2, 2]]);
  const groups: string[] = [];
  let at = 0;
  for (const size of sizes) {
    groups.push(digits.slice(at, at + size));
    at += size;
  }
  const numerals = random.next();
  if (numerals < 0.15) return groups.join(" ");
  if (numerals < 0.25) return `plus four four ${digitByDigit(digits.slice(1), zero, true)}`;
  const doubles = random.next() < 0.7;
  const said = groups.map((group) => {
    if (/^[1-9]00$/.test(group) && random.next() < 0.7) return `${inWords(Number(group[0]))} hundred`;
    if (/^[2-9][1-9]$/.test(group) && random.next() < 0.3) return inWords(Number(group));
    return digitByDigit(group, zero, doubles);
  });
  return `${lead(random, ["it's", "yeah it's", "my number is", "sure", "it is uh", "my mobile's"])}${said.join(" ")}${trail(random)}`;
};

const spelt = (word: string, random: Random): string => {
  const style: LetterStyle = random.next() < 0.75 ? "plain" : "nato";
  const parts: string[] = [];
  const letters = word.toLowerCase().replace(/[^a-z]/g, "");
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? "";
    const doubled = letters[at + 1] === letter && random.next() < 0.6;
    const homely = style === "plain" && random.next() < 0.08;
    parts.push(`${doubled ? "double " : ""}${letterSaid(letter, homely ? "homely" : style)}`);
    if (doubled) at++;
  }
  return parts.join(" ");
};

export const surnameSaid: Say = (value, random) => {
  const ways = [
    () => `${value.toLowerCase()} ${spelt(value, random)}`,
    () => spelt(value, random),
    () => `it's ${value.toLowerCase()} that's ${spelt(value, random)}`,
    () => `${value.toLowerCase()} spelt ${spelt(value, random)}`,
  ];
  return random.pick(ways)();
};

export const nameSaid: Say = (value, random) =>
  `${lead(random, ["my name is", "it's", "yeah it's", "this is", "the name's", "uh"])}${value.toLowerCase()}${trail(random)}`;

export const emailSaid: Say = (value, random) => {
  const [local = "", host = ""] = value.split("@");
  const said = local
    .replace(/(\d+)/, (digits) => ` ${random.next() < 0.5 ? digits : inWords(Number(digits))}`)
    .replace(/\./g, " dot ")
    .replace(/_/g, " underscore ");
  const word = local.split(/[^a-z]/).find((one) => one.length > 4) ?? "-";
  const clear = random.next() < 0.45 ? said.replace(word, spelt(word, random)) : said;
  return `${lead(random, ["it's", "my email is", "yeah it's", "um"])}${clear} at ${host.replace(/\./g, " dot ")}`.replace(
    / +/g,
    " ",
  );
};

export const daySaid: Say = (value, random) => {
  const [, month = 1, day = 1] = value.split("-").map(Number);
  const named = MONTHS[month - 1] ?? "";
  const weekday = DAYS[weekdayOf(value)];
  const ahead = Math.round((Date.parse(value) - Date.parse(today)) / 86_400_000);
  const ways = [
    `${nth(day)} of ${named}`,
    `the ${nthWritten(day)} of ${named}`,
    `${day} ${named}`,
    `${weekday} the ${nth(day)}`,
    `${weekday} the ${nthWritten(day)} of ${named}`,
    `${named} the ${nth(day)}`,
    ...(ahead === 1 ? ["tomorrow", "tomorrow please"] : []),
    ...(ahead < 7 ? [weekday, `on ${weekday}`, `${weekday} would be best`] : []),
    ...(ahead > 7 && ahead < 14 ? [`${weekday} week`, `a week on ${weekday}`] : []),
  ];
  return `${lead(random, ["could we do", "um", "maybe", "can i do"])}${random.pick(ways)}`;
};

export const timeSaid: Say = (value, random) => {
  const [hour = 0, minute = 0] = value.split(":").map(Number);
  const twelve = hour > 12 ? hour - 12 : hour;
  const [h, next] = [inWords(twelve), inWords(twelve === 12 ? 1 : twelve + 1)];
  const ways = [`${twelve}:${String(minute).padStart(2, "0")}`, value];
  if (minute === 0) ways.push(`${h} o'clock`, h, `${twelve} ${hour < 12 ? "am" : "pm"}`, `at ${h}`);
  else if (minute === 15) ways.push(`quarter past ${h}`, `${h} fifteen`);
  else if (minute === 30) ways.push(`half past ${h}`, `half ${h}`, `${h} thirty`);
  else if (minute === 45) ways.push(`quarter to ${next}`, `${h} forty five`);
  else if (minute < 30)
    ways.push(`${inWords(minute)} past ${h}`, minute > 5 ? `${h} ${inWords(minute)}` : `${h} oh five`);
  else ways.push(`${inWords(60 - minute)} to ${next}`, `${h} ${inWords(minute)}`);
  return `${lead(random, ["about", "um", "could we say", "let's say", "at"])}${random.pick(ways)}`.replace(
    "at at",
    "at",
  );
};

export const addressSaid: Say = (value, random) => {
  const number = Number(/^\d+/.exec(value)?.[0] ?? 1);
  const said = random.next() < 0.5 ? String(number) : inWords(number);
  return `${lead(random, ["it's", "number", "um"])}${said}${value.replace(/^\d+/, "").toLowerCase()}${trail(random)}`;
};

export const priceSaid: Say = (value, random) => {
  const k = Number(value) / 1000;
  return random.pick([
    `${inWords(k)} thousand`,
    `${k} thousand`,
    `£${k},000`,
    `${k}k`,
    `${inWords(k)} grand`,
    `about ${inWords(k)} thousand pounds`,
  ]);
};

export const rentSaid: Say = (value, random) => {
  const pounds = Number(value);
  const [hundreds, rest] = [Math.floor(pounds / 100), pounds % 100];
  const words = `${inWords(hundreds)} hundred${rest === 0 ? "" : ` and ${inWords(rest)}`}`;
  return random.pick([words, `${words} a month`, `£${pounds}`, `${pounds} pcm`, `${pounds} pounds a month`]);
};
