/** The kinds of appointment that callers book, as a day's plan sees them. */
import type { Refusal, Visit } from "./day-plan.ts";
import { propertyResource } from "./diary-cells.ts";
import type { Department, Property } from "./types.ts";

export const viewingMinutes = 30;
export const valuationMinutes = 60;

/** Only what is on the market; under offer, sold, let agreed, withdrawn and occupied ones are for a person. */
const isViewable = (property: Property): boolean => property.status === "available";

export const viewingOf = (property: Property): Visit => ({
  minutes: viewingMinutes,
  noticeHours: property.noticeHours,
  department: property.kind === "sale" ? "sales" : "lettings",
  place: propertyResource(property.id),
  refusal: isViewable(property) ? undefined : "not-viewable",
});

/** At the caller's own home: nothing of ours is taken but the negotiator. */
export const valuationOf = (department: Department): Visit => ({
  minutes: valuationMinutes,
  noticeHours: 0,
  department,
  place: undefined,
  refusal: undefined,
});

export const refusalTexts: Record<Refusal, string> = {
  "not-viewable": "This property is not open to viewings: pass it to a negotiator.",
  "odd-start": "Appointments start on any five minutes.",
  past: "That time has passed.",
  notice: "The owner or tenant must have more notice than that.",
  closed: "The office is closed on that day.",
  "outside-hours": "An appointment must lie within opening hours.",
  taken: "The property is already being viewed then.",
  "nobody-free": "No negotiator is free then.",
};
