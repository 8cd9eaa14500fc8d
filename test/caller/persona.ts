/** Somebody with a wish: knows what to say when asked, and asks for a day on which the office is open. Pure. */
import { addDays, weekdayOf } from "../../src/agency/local-time.ts";
import type { LocalDate } from "../../src/agency/types.ts";

export type Wish = {
  /** As the agency lists it, and as the caller says it. */
  property: string;
  propertySpoken: string;
  day: LocalDate;
  daySpoken: string;
  /** HH:MM. */
  time: string;
  timeSpoken: string;
  name: string;
  /** E.164, and in the caller's rhythm. */
  phone: string;
  phoneSpoken: string;
};

export type Asked =
  | "opening"
  | "property"
  | "day"
  | "time"
  | "name"
  | "phone"
  | "confirm"
  | "anything-else"
  | "again"
  | "goodbye"
  | "unclear";

export const weekdayNames = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
} as const;

/** A viewing on the first day from the day after tomorrow on which `isOpen`; never an ambiguous "next …". */
export function wishFor(today: LocalDate, isOpen: (day: LocalDate) => boolean): Wish {
  for (let ahead = 2; ahead <= 6; ahead++) {
    const day = addDays(today, ahead);
    if (weekdayOf(day) !== "sat" && isOpen(day)) {
      return {
        property: "14 Maple Road",
        propertySpoken: "fourteen Maple Road",
        day,
        daySpoken: weekdayNames[weekdayOf(day)],
        time: "14:30",
        timeSpoken: "half past two",
        name: "James Wilson",
        phone: "+447700900123",
        phoneSpoken: "oh seven seven oh oh, nine oh oh, one two three",
      };
    }
  }
  throw new Error(`no open weekday in the six days after ${today}`);
}

/** What a turn of the agent asks, from what was made out of it. The last question in it counts. */
export function askedIn(heard: string): Asked {
  const text = heard.toLowerCase();
  if (/good ?bye|\bbye\b/.test(text)) return "goodbye";
  const cues: [Asked, RegExp][] = [
    ["again", /say (that|it) again|didn.t (catch|hear|get)|repeat|sorry/g],
    ["confirm", /shall i book|is that right|is that correct|book (it|that)\b/g],
    ["anything-else", /anything else/g],
    ["phone", /number|phone/g],
    ["name", /\bname\b/g],
    ["time", /what time|which time|\btime\b/g],
    ["day", /what day|which day|\bday\b|what date/g],
    ["property", /which property|what property|\bproperty\b|address/g],
    ["opening", /how can i help|help you/g],
  ];
  let best: { asked: Asked; at: number } = { asked: "unclear", at: -1 };
  for (const [asked, cue] of cues)
    for (const match of text.matchAll(cue)) if (match.index > best.at) best = { asked, at: match.index };
  return best.asked;
}

/**
 * What the caller says to that. Unclear: the next thing not said yet, as anybody would guess; likewise where an item
 * already given seems to be asked for once more without a "sorry" (an agent reads back what it has heard).
 */
export function answerTo(asked: Asked, wish: Wish, said: readonly Asked[]): { asked: Asked; line: string } | undefined {
  if (asked === "goodbye") return undefined;
  const order: Asked[] = ["opening", "day", "time", "name", "phone", "confirm", "anything-else"];
  const next = order.find((item) => !said.includes(item)) ?? "anything-else";
  let meant: Asked = asked;
  if (asked === "again") meant = said.at(-1) ?? "opening";
  else if (asked === "unclear" || said.filter((item) => item === asked).length === 1) meant = next;
  return { asked: meant, line: lineFor(meant, wish) };
}

function lineFor(asked: Asked, wish: Wish): string {
  switch (asked) {
    case "property":
      return wish.propertySpoken;
    case "day":
      return `${wish.daySpoken} please`;
    case "time":
      return wish.timeSpoken;
    case "name":
      return `My name is ${wish.name}`;
    case "phone":
      return `My number is ${wish.phoneSpoken}`;
    case "confirm":
      return "Yes, that's correct";
    case "anything-else":
      return "No, that's everything, thank you";
    default:
      return `I'd like to book a viewing for ${wish.propertySpoken} please`;
  }
}
