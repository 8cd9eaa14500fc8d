/** What the understanding makes of a phrase, as one string that a fixture can hold. */
import type { LocalDate } from "../../../src/agency/types.ts";
import type { Asks } from "../../../src/receptionist/contract.ts";
import { registerOf } from "../../../src/receptionist/understanding/register.ts";
import { type Understanding, understand } from "../../../src/receptionist/understanding/understand.ts";
import { LISTINGS, memoryView } from "../memory-view.ts";

/** A Tuesday. */
export const TODAY: LocalDate = "2026-11-24";

export const ASKED: Readonly<Record<string, Asks>> = {
  property: "property",
  date: "date",
  day: "date",
  "day-time": "date",
  time: "time",
  phone: "phone",
  name: "name",
  "yes-no": "confirm",
  short: "anything-else",
  intent: null,
};

export function hear(say: string, asked: Asks, properties = LISTINGS, money = false): Understanding {
  const view = memoryView();
  return understand(
    { text: say, nbest: [[say, null]] },
    {
      asked,
      today: TODAY,
      hoursOn: (day) => (day === undefined ? undefined : view.hoursOn(day)) ?? { opens: "09:00", closes: "17:30" },
      date: undefined,
      register: registerOf(properties),
      phoneBefore: undefined,
      home: false,
      money,
      context: undefined,
    },
  );
}

export function readAs(kind: string, heard: Understanding): string {
  switch (kind) {
    case "property":
      return property(heard);
    case "day":
    case "date":
      return date(heard);
    case "time":
      return time(heard);
    case "day-time":
      return `${date(heard)} ${time(heard)}`;
    case "phone":
      return phone(heard);
    case "name":
      return heard.name?.value ?? "none";
    case "yes-no":
      return heard.answer ?? "none";
    default:
      return [...heard.intents].join(" ");
  }
}

function property({ property: reading }: Understanding): string {
  if (reading === undefined) return "none";
  return reading.kind === "one" ? reading.id : reading.kind === "several" ? reading.ids.join("/") : "unlisted";
}

function date({ date: reading }: Understanding): string {
  if (reading === undefined) return "none";
  if (reading.kind === "on") return reading.date;
  if (reading.kind === "either") return reading.dates.join("/");
  return reading.kind === "within" ? `${reading.from}..${reading.until}` : "earliest";
}

function time({ time: reading }: Understanding): string {
  if (reading === undefined) return "none";
  if (reading.kind === "at") return reading.clock;
  return reading.kind === "between" ? `${reading.from}-${reading.until}` : reading.kind;
}

function phone({ phone: reading }: Understanding): string {
  if (reading === undefined) return "none";
  if (reading.kind === "complete") return reading.e164;
  return reading.kind === "incomplete" ? `incomplete:${reading.digits}` : reading.kind;
}
