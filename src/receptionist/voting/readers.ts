/** How each kind of item is read. */
import { addDays, dateOf } from "../../agency/local-time.ts";
import { readAnswer } from "../understanding/answers.ts";
import { readDate } from "../understanding/dates.ts";
import { readPhone } from "../understanding/phones.ts";
import { readTime } from "../understanding/times.ts";
import { tokenise } from "../understanding/tokens.ts";
import { address } from "./address.ts";
import { birthDate } from "./birth-date.ts";
import { email } from "./email.ts";
import type { ItemKind, ItemReader, Reading } from "./item.ts";
import { money } from "./money.ts";
import { name, surname } from "./names.ts";
import { postcode } from "./postcode.ts";

const phone: ItemReader = {
  read(text) {
    const reading = readPhone(tokenise(text), "asked", undefined)?.reading;
    return reading?.kind === "complete" ? [{ value: reading.e164, certainty: reading.certainty }] : [];
  },
};

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
    const reading = readTime(tokenise(text), hours, true)?.reading;
    if (reading?.kind === "at") return [{ value: reading.clock, certainty: reading.certainty }];
    return reading?.kind === "between" ? [{ value: reading.from, certainty: 0.5 }] : [];
  },
};

const yesNo: ItemReader = {
  read(text) {
    const answer = readAnswer(tokenise(text));
    if (answer === undefined) return [];
    return [{ value: answer === "no" ? "no" : "yes", certainty: answer === "closing" ? 0.6 : 0.95 }];
  },
};

const even = (values: readonly string[]): Reading[] =>
  values.map((value) => ({ value, certainty: 0.9 / values.length }));

export const readers: Readonly<Record<ItemKind, ItemReader>> = {
  postcode,
  name,
  surname,
  "birth-date": birthDate,
  phone,
  date,
  time,
  money,
  email,
  address,
  "yes-no": yesNo,
};
