/** The invented agency that the executable carries, for callers who must ask for a day on which it is open. */
import { toLocal } from "../../src/agency/local-time.ts";
import { hoursOn } from "../../src/agency/opening-hours.ts";
import { parseSeedText, type Seed } from "../../src/agency/seed.ts";
import { embeddedText } from "../../src/embedded/files.ts";
import { type Wish, wishFor } from "./persona.ts";

export const demoAgency = (): Seed => parseSeedText(embeddedText("config/demo-agency.json"), "config/demo-agency.json");

/** A viewing that the demo agency can give, counted from today. */
export function demoWish(): Wish {
  const seed = demoAgency();
  return wishFor(toLocal(new Date()).slice(0, 10), (day) => hoursOn(seed, day) !== undefined);
}
