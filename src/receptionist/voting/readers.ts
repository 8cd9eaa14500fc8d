/** How each kind of item is read. */

import { addDays, dateOf } from "../../agency/local-time.ts";
import { readAnswer } from "../understanding/answers.ts";
import { readDate } from "../understanding/dates.ts";
import { readTime } from "../understanding/times.ts";
import { tokenise } from "../understanding/tokens.ts";
import { address } from "./address.ts";
import { birthDate } from "./birth-date.ts";
import { email } from "./email.ts";
import type { ItemKind, ItemReader, Reading } from "./item.ts";
import { HOMOPHONES, mended } from "./mended.ts";
import { money } from "./money.ts";
import { name, surname } from "./names.ts";
import { phone } from "./phone.ts";
import { postcode } from "./postcode.ts";

const date: ItemReader = {
  read(text, { now }) {
    const reading = readDate(tokenise(text), dateOf(now), true)?.reading;
    switch (reading?.kind) {
      case "on":
        return [{ value: reading.date, certainty: reading.certainty }];
      case "either":
        return even(reading.dates);
      case "within":
        return even([reading.from, addDays(reading.from, 1)]);
      default:
        return [];
    }
  },
};

/** Office hours: "half four" is in the afternoon. */
const hours = { opens: "09:00", closes: "18:00" };

const time: ItemReader = {
  read(text) {
    const reading = readTime(tokenise(hoursMended(text)), hours, true)?.reading;
    if (reading?.kind === "at") return [{ value: reading.clock, certainty: reading.certainty }];
    return reading?.kind === "between" ? [{ value: reading.from, certainty: 0.5 }] : [];
  },
};

/** "past tree", "to o'clock", "9 thirty": an hour as a recogniser may write it. */
const hoursMended = (text: string): string =>
  text
    .toLowerCase()
    .replace(
      /(?<=\b(?:past|to|half|at) )(?:for|fore|to|too|tree|free|won|ate|sex)$/,
      (word) => HOMOPHONES[word] ?? word,
    )
    .replace(
      /\b(?:for|fore|to|too|tree|free|won|ate|sex)(?= (?:o'?clock|am|pm|fifteen|thirty|forty))/g,
      (word) => HOMOPHONES[word] ?? word,
    )
    .replace(
      /\b(1[0-2]|[1-9])(?= (?:oh five|ten|fifteen|twenty|thirty|forty|fifty)\b)/g,
      (hour) => HOUR_WORDS[Number(hour)] ?? hour,
    );

const HOUR_WORDS = " one two three four five six seven eight nine ten eleven twelve".split(" ");

const yesNo: ItemReader = {
  read(text) {
    const answer = readAnswer(tokenise(text.toLowerCase().replace(/\b(?:1|won)\b/g, "one")));
    if (answer === undefined) return [];
    if (answer === "closing" && /^\W*(?:er |erm |um |uh )?not\b/i.test(text)) return [{ value: "no", certainty: 0.8 }];
    return [{ value: answer === "no" ? "no" : "yes", certainty: answer === "closing" ? 0.6 : 0.95 }];
  },
};

const even = (values: readonly string[]): Reading[] =>
  values.map((value) => ({ value, certainty: 0.9 / values.length }));

/** Reads what was meant by numbers that are half in figures. */
const mending = (reader: ItemReader): ItemReader => {
  const { read, likeness } = reader;
  return {
    ...reader,
    read: (text, context) => read(mended(text), context),
    ...(likeness && { likeness: (text, context) => likeness(mended(text), context) }),
  };
};

export const readers: Readonly<Record<ItemKind, ItemReader>> = {
  postcode: mending(postcode),
  name,
  surname,
  "birth-date": mending(birthDate),
  phone,
  date: mending(date),
  time: mending(time),
  money: mending(money),
  email: mending(email),
  address: mending(address),
  "yes-no": yesNo,
};
