/** What the office has to do because of a call and the caller was not asked about: to ring back, to find an answer. */
import { addDays, addMinutes, atClock, dateOf } from "../../agency/local-time.ts";
import type { Clock, LocalDate, LocalTime } from "../../agency/types.ts";
import { type CallFacts, isMidTask, lastNotes } from "./facts.ts";
import { wishOf } from "./summary.ts";
import { topicInWords } from "./topics.ts";

export type FollowUp = {
  kind: "call-back" | "question";
  about: string;
  /** Of the agency's listings. */
  propertyId: string | undefined;
};

/** What is for nobody to tell. */
const notToTell = new Set(["private"]);

/** None where there is no number to ring, or a message or task asks for a call already. */
export function followUps(facts: CallFacts): FollowUp[] {
  const { books, callerNumber } = facts;
  const notes = lastNotes(facts);
  if (notes === undefined || (callerNumber ?? notes.slots.phone ?? null) === null) return [];
  if (books.messages.length > 0 || books.tasks.length > 0) return [];
  const propertyId = notes.slots.property;
  const asked = notes.unanswered.filter((topic) => !notToTell.has(topic)).map(topicInWords);
  const found: FollowUp[] = [];
  const wish = isMidTask(facts) ? wishOf(facts) : undefined;
  if (wish !== undefined) {
    const how = facts.cutOff ? "Was cut off" : "Hung up";
    found.push({ kind: "call-back", about: `${how} while arranging ${wish}.`, propertyId });
  }
  if (asked.length > 0) {
    found.push({ kind: "question", about: `Answer what we could not: ${asked.join(", ")}.`, propertyId });
  }
  return found;
}

const minutesToReact = 60;
/** Longer than any closure: where none of these days is open, no time is set. */
const daysAhead = 14;

/** After an hour of opening time that is whole: today if it still fits, otherwise in the morning of the next open day. */
export function dueAfter(
  now: LocalTime,
  hoursOn: (day: LocalDate) => { opens: Clock; closes: Clock } | undefined,
): LocalTime | undefined {
  for (let days = 0; days < daysAhead; days++) {
    const day = addDays(dateOf(now), days);
    const hours = hoursOn(day);
    if (hours === undefined) continue;
    const opening = atClock(day, hours.opens);
    const due = addMinutes(opening > now ? opening : now, minutesToReact);
    if (due <= atClock(day, hours.closes)) return due;
  }
  return undefined;
}
