/** A viewing: of one listing, when its diary and a negotiator's are free. */
import { clockOf, dateOf } from "../../agency/local-time.ts";
import type { Property } from "../../agency/types.ts";
import { type Draft, enter, say, slotOf } from "../draft.ts";
import { propertyWith } from "../listening.ts";
import type { Diary } from "../starts.ts";
import { dateInWords, statusInWords, timeInWords } from "../wording.ts";
import type { TaskRules } from "./task-rules.ts";

export const viewingRules: TaskRules = {
  takes: (draft, property) => (property.status === "available" ? undefined : () => unviewable(draft, property)),
  diary: (draft) => {
    const property = slotOf(draft, "property")?.value;
    return property === undefined ? undefined : viewingDiary(draft, property);
  },
  action: (draft) => ({
    kind: "book-viewing",
    request: {
      propertyId: slotOf(draft, "property")?.value ?? "",
      start: `${slotOf(draft, "date")?.value ?? ""}T${slotOf(draft, "time")?.value ?? ""}`,
      name: slotOf(draft, "name")?.value ?? "",
      phone: slotOf(draft, "phone")?.value ?? "",
    },
  }),
  about: aboutViewing,
  tell(draft, done) {
    if (done.action !== "book-viewing") return undefined;
    draft.state.booked = true;
    const property = propertyWith(draft, slotOf(draft, "property")?.value ?? "")?.address ?? "your viewing";
    const { awaiting, start } = done;
    const prompt = awaiting === "vendor" ? "bookedOwner" : awaiting === "tenant" ? "bookedTenant" : "booked";
    say(draft, prompt, { property, date: dateInWords(dateOf(start)), time: timeInWords(clockOf(start)) });
    return undefined;
  },
  failed: "bookingFailed",
};

const VIEWING_MINUTES = 30;

const viewingDiary = ({ view, now }: Draft, propertyId: string): Diary => ({
  isFree: (start) => view.isFree(propertyId, start, now),
  freeStarts: (day, notBefore, limit) => view.freeStarts(propertyId, day, notBefore, limit, now),
  minutes: VIEWING_MINUTES,
});

/** Under offer, sold, let or withdrawn: no viewing, but a message. */
function unviewable(draft: Draft, property: Property): void {
  const status = statusInWords(property.status);
  say(draft, "notViewable", { property: property.address, status });
  say(draft, "messageInstead");
  enter(draft, { kind: "offer-message", about: `Would like to view ${property.address} (${status}).` });
}

/** What is known of a viewing that could not be booked. */
function aboutViewing(draft: Draft): string {
  const [property, date, time] = [slotOf(draft, "property"), slotOf(draft, "date"), slotOf(draft, "time")];
  const address = property && propertyWith(draft, property.value)?.address;
  const parts = [
    `Would like to view ${address ?? "a property"}`,
    date && `on ${dateInWords(date.value)}`,
    time && `at ${timeInWords(time.value)}`,
  ];
  return `${parts.filter(Boolean).join(" ")}.`;
}
