/** What the office has to do because of a call and the caller was not asked about: to ring back, to find an answer. */
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
