/** A valuation: an hour of a negotiator of that department at the caller's own home. */
import { clockOf, dateOf } from "../../agency/local-time.ts";
import type { Department } from "../../agency/types.ts";
import { type Draft, say, slotOf } from "../draft.ts";
import type { Diary } from "../starts.ts";
import { dateInWords, timeInWords } from "../wording.ts";
import type { TaskRules } from "./task-rules.ts";

export const valuationRules: TaskRules = {
  diary(draft) {
    const department = departmentOf(draft);
    return department && valuationDiary(draft, department);
  },
  action: (draft) => ({
    kind: "book-valuation",
    request: {
      kind: departmentOf(draft) ?? "sales",
      address: slotOf(draft, "address")?.value ?? "",
      postcode: slotOf(draft, "postcode")?.value ?? "",
      start: `${slotOf(draft, "date")?.value ?? ""}T${slotOf(draft, "time")?.value ?? ""}`,
      name: slotOf(draft, "name")?.value ?? "",
      phone: slotOf(draft, "phone")?.value ?? "",
      details: { ...draft.state.details },
    },
  }),
  about: aboutValuation,
  tell(draft, done) {
    if (done.action !== "book-valuation") return undefined;
    draft.state.booked = true;
    say(draft, "valuationBooked", {
      address: slotOf(draft, "address")?.value ?? "your home",
      date: dateInWords(dateOf(done.start)),
      time: timeInWords(clockOf(done.start)),
    });
    return undefined;
  },
  failed: "valuationFailed",
};

const VALUATION_MINUTES = 60;

function departmentOf(draft: Draft): Department | undefined {
  const value = slotOf(draft, "department")?.value;
  return value === "sales" || value === "lettings" ? value : undefined;
}

const valuationDiary = ({ view, now }: Draft, department: Department): Diary => ({
  isFree: (start) => view.isValuationFree(department, start, now),
  freeStarts: (day, notBefore, limit) => view.freeValuationStarts(department, day, notBefore, limit, now),
  minutes: VALUATION_MINUTES,
});

function aboutValuation(draft: Draft): string {
  const value = (name: "department" | "address" | "postcode" | "date" | "time") => slotOf(draft, name)?.value;
  const [date, time] = [value("date"), value("time")];
  const parts = [
    `Would like a ${value("department") ?? ""} valuation`.replace("  ", " "),
    value("address") && `of ${value("address")}`,
    value("postcode"),
    date && `on ${dateInWords(date)}`,
    time && `at ${timeInWords(time)}`,
    ...Object.entries(draft.state.details).map(([name, said]) => `(${name}: ${said})`),
  ];
  return `${parts.filter(Boolean).join(" ")}.`;
}
