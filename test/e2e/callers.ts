/**
 * Ten invented callers, as Debian's espeak-ng says them: what each wants, and the lines in which they say so. Each
 * line is one that the demo model hears right in that voice. Times of viewings lie so far apart that all of them
 * are free even if they fall on one day.
 */
import { addDays, toLocal, weekdayOf } from "../../src/agency/local-time.ts";
import { hoursOn } from "../../src/agency/opening-hours.ts";
import type { LocalDate } from "../../src/agency/types.ts";
import { demoAgency } from "../caller/demo-agency.ts";

export type Caller = {
  voice: string;
  /** What comes of it: the agency's address, the local start, E.164. */
  wants: { property: string; start: string; name: string; phone: string };
  lines: readonly ({ say: string; intoTurnMs?: number } | string)[];
};

const weekdayNames = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
} as const;

/** Open weekdays, soonest first, that a bare "Tuesday" names without doubt; Saturdays are short and left out. */
function openDays(now: Date): LocalDate[] {
  const seed = demoAgency();
  const today = toLocal(now).slice(0, 10);
  return [2, 3, 4, 5, 6]
    .map((ahead) => addDays(today, ahead))
    .filter((day) => weekdayOf(day) !== "sat" && hoursOn(seed, day) !== undefined);
}

/** @throws if the office is closed from the day after tomorrow for five days. */
export function tenCallers(now: Date): Caller[] {
  const days = openDays(now);
  const dayOf = (n: number): { date: LocalDate; spoken: string } => {
    const date = days[n % days.length];
    if (date === undefined) throw new Error(`no open weekday within six days of ${now.toISOString()}`);
    return { date, spoken: weekdayNames[weekdayOf(date)] };
  };
  const [a, b, c, d] = [dayOf(0), dayOf(1), dayOf(2), dayOf(3)];
  return [
    {
      voice: "gmw/en", // one thing at a time
      wants: { property: "14 Maple Road", start: `${a.date}T10:00`, name: "James Wilson", phone: "+447700900123" },
      lines: [
        "I'd like to view fourteen Maple Road please",
        `${a.spoken} please`,
        "ten o'clock please",
        "It's James Wilson",
        "oh seven seven oh oh, nine oh oh, one two three",
        "Yes, that's correct",
        "No, that's everything, thank you",
      ],
    },
    {
      voice: "gmw/en+f2", // day and time together
      wants: { property: "35 Church Lane", start: `${b.date}T11:00`, name: "Emma Taylor", phone: "+447700900456" },
      lines: [
        "Could I book a viewing of thirty five Church Lane please",
        `${b.spoken} at eleven o'clock`,
        "My name is Emma Taylor",
        "My number is oh seven seven oh oh, nine oh oh, four five six",
        "Yes please",
        "No thanks",
      ],
    },
    {
      voice: "gmw/en+m3", // property, day and time in the first sentence
      wants: { property: "9 Station Road", start: `${c.date}T10:30`, name: "David Brown", phone: "+447700900871" },
      lines: [
        `Can I see nine Station Road on ${c.spoken} at half past ten`,
        "It's David Brown",
        "oh seven seven oh oh, nine oh oh, eight seven one",
        "Yes, that's correct",
        "No thanks",
      ],
    },
    {
      voice: "en-gb-x-rp+f3", // changes the time at the read-back
      wants: { property: "41 Mill Lane", start: `${d.date}T15:30`, name: "Sarah Patel", phone: "+447700900234" },
      lines: [
        "Hello, can I arrange a viewing of forty one Mill Lane please",
        `${d.spoken} at half past two please`,
        "My name is Sarah Patel",
        "My number is oh seven seven oh oh, nine oh oh, two three four",
        "No, half past three please",
        "Yes please",
        "No thanks",
      ],
    },
    {
      voice: "en-us+f1", // a number in Manchester
      wants: { property: "22 Victoria Road", start: `${a.date}T12:00`, name: "Grace Walker", phone: "+441614960725" },
      lines: [
        "I'd like to see twenty two Victoria Road please",
        `${a.spoken} please`,
        "twelve o'clock please",
        "My name is Grace Walker",
        "oh one six one, four nine six, oh seven two five",
        "That's correct, thank you",
        "No, that's everything, thank you",
      ],
    },
    {
      voice: "en-gb-scotland", // does not say which property until asked
      wants: { property: "35 Church Lane", start: `${b.date}T13:30`, name: "Robert Green", phone: "+447700900571" },
      lines: [
        "I'd like to book a viewing please",
        "thirty five Church Lane",
        `${b.spoken} please`,
        "half past one please",
        "It's Robert Green",
        "oh seven seven oh oh, nine oh oh, five seven one",
        "That's right",
        "No thanks",
      ],
    },
    {
      voice: "gmw/en-GB-x-gbclan", // answers before the question is over, twice
      wants: { property: "6 Albert Road", start: `${c.date}T16:30`, name: "Andrew Campbell", phone: "+447700900246" },
      lines: [
        "I'd like to arrange a viewing please",
        "It's six Albert Road",
        { say: `${c.spoken} please`, intoTurnMs: 1_200 },
        "half past four please",
        { say: "My name is Andrew Campbell", intoTurnMs: 900 },
        "oh seven seven double oh, nine hundred, two four six",
        "Yes please",
        "No, that's all, thanks",
      ],
    },
    {
      voice: "gmw/en+f4", // a part of the day first
      wants: { property: "18 High Street", start: `${d.date}T11:30`, name: "Rachel Green", phone: "+447700900652" },
      lines: [
        "Can I book a viewing please",
        "eighteen High Street",
        `${d.spoken} morning please`,
        "half past eleven please",
        "My name is Rachel Green",
        "It's oh seven seven oh oh, nine double oh, six five two",
        "Yes, that's correct",
        "No thanks",
      ],
    },
    {
      voice: "gmw/en+m5", // a vendor who must agree; a number in London
      wants: { property: "12 Queen Street", start: `${b.date}T14:30`, name: "Lucy Evans", phone: "+442079460842" },
      lines: [
        "Hello, I'd like to arrange a viewing please",
        "twelve Queen Street",
        `${b.spoken} at half past two please`,
        "My name is Lucy Evans",
        "oh two oh, seven nine four six, oh eight four two",
        "That's right",
        "No, that's everything, thank you",
      ],
    },
    {
      voice: "en-gb-x-rp", // the agent's own voice, as an echo of it would be
      wants: { property: "7 Castle Street", start: `${a.date}T09:10`, name: "Peter Hughes", phone: "+447700900738" },
      lines: [
        "I'd like to book a viewing please",
        "seven Castle Street please",
        `${a.spoken} please`,
        "ten past nine",
        "My name is Peter Hughes",
        "It's oh seven seven oh oh, nine oh oh, seven three eight",
        "Yes, that's correct",
        "No thanks",
      ],
    },
  ];
}
