/** The invented agency that the executable carries, for callers who must ask for a day on which it is open. */
import { addDays, toLocal, weekdayOf } from "../../src/agency/local-time.ts";
import { hoursOn } from "../../src/agency/opening-hours.ts";
import { parseSeedText, type Seed } from "../../src/agency/seed.ts";
import type { LocalDate } from "../../src/agency/types.ts";
import { embeddedText } from "../../src/embedded/files.ts";
import { type Wish, weekdayNames, wishFor } from "./persona.ts";

export const demoAgency = (): Seed => parseSeedText(embeddedText("config/demo-agency.json"), "config/demo-agency.json");

/** A viewing that the demo agency can give, counted from today. */
export function demoWish(): Wish {
  const seed = demoAgency();
  return wishFor(toLocal(new Date()).slice(0, 10), (day) => hoursOn(seed, day) !== undefined);
}

/** Open days of the next week that their bare name means without doubt; Saturdays are short. */
export function openDays(): { date: LocalDate; name: string }[] {
  const seed = demoAgency();
  const today = toLocal(new Date()).slice(0, 10);
  return [2, 3, 4, 5, 6]
    .map((ahead) => addDays(today, ahead))
    .filter((day) => weekdayOf(day) !== "sat" && hoursOn(seed, day) !== undefined)
    .map((date) => ({ date, name: weekdayNames[weekdayOf(date)] }));
}
