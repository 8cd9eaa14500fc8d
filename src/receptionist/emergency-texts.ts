/** What a caller in danger is told. Fixed words; only the gas emergency number differs by jurisdiction. */
import type { Jurisdiction } from "../agency/types.ts";
import type { Danger } from "./understanding/emergency-words.ts";

/** National Gas Emergency Service in Great Britain; Northern Ireland Gas Emergency Service. */
const gasNumber = (jurisdiction: Jurisdiction): string =>
  jurisdiction === "northern-ireland" ? "0800 002 001" : "0800 111 999";

const ALSO_UNWELL = "If anyone feels unwell, ring 999 first.";

/** @param unwell Someone is hurt as well, where the danger's own words do not speak of that. */
export function emergencyText(danger: Danger, unwell: boolean, jurisdiction: Jurisdiction): string {
  switch (danger) {
    case "gas": {
      const words = `Leave now, opening doors and windows on your way if you can. No flames, no switches. Once outside, ring ${gasNumber(jurisdiction)}. Please hang up and go.`;
      return unwell ? `${words} ${ALSO_UNWELL}` : words;
    }
    case "carbon-monoxide":
      return `Get into the fresh air first, right now. If anyone feels unwell, ring 999. Then ring ${gasNumber(jurisdiction)}. Please hang up and go.`;
    case "fire":
      return "Get out now and stay out. Then ring 999. Please hang up and go.";
    case "life":
      return "If you are in danger, get out if you can. Ring 999 now. Please hang up and ring.";
  }
}

/** Of whoever runs the electricity network there. */
export const powerCutNumber = (jurisdiction: Jurisdiction): string =>
  jurisdiction === "northern-ireland" ? "03457 643 643" : "105";

/** For callers whose words we cannot make out: nobody would know that they are in danger. */
export const emergencyNotice = (jurisdiction: Jurisdiction): string =>
  `If you smell gas, leave now, and ring ${gasNumber(jurisdiction)} from outside. If anyone is in danger, ring 999.`;

export const emergencyTexts = (jurisdiction: Jurisdiction): string[] =>
  (["gas", "carbon-monoxide", "fire", "life"] as const).map((danger) => emergencyText(danger, false, jurisdiction));
