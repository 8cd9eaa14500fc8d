/** What the office looks at besides calls and diary. Each read leaves its audit entry first. */
import type { Actor, Contact } from "../agency/types.ts";
import { topicTitle } from "../calls/after/topics.ts";
import type { Audit, AuditSubjects } from "../security/audit.ts";
import type { AfterCalls, UnansweredTopic } from "./after-calls.ts";
import type { TaskBoard, TaskCard } from "./task-board.ts";
import type { ContactTimeline, Timelines } from "./timelines.ts";

export interface OfficeReaders {
  /** Open ones by when they are due, done ones newest first. */
  tasks(actor: Actor, query: { status: "open" | "done"; limit: number }): TaskCard[];
  /** What callers asked in vain over so many days, most first. */
  unanswered(actor: Actor, days: number): (UnansweredTopic & { title: string })[];
  /** By name; all for "". */
  contacts(actor: Actor, query: { text: string; limit: number }): Contact[];
  contact(actor: Actor, contactId: string): ContactTimeline | undefined;
}

const dayMs = 86_400_000;
/** Of each kind of thing. */
const mostOfTimeline = 200;

export function createOfficeReaders(parts: {
  audit: Audit;
  board: TaskBoard;
  afterCalls: AfterCalls;
  timelines: Timelines;
  clock: () => Date;
}): OfficeReaders {
  const { audit, board, afterCalls, timelines, clock } = parts;
  const note = (actor: Actor, action: string, subjects: AuditSubjects) =>
    audit.record({ at: clock(), actor, action, subjects });
  return {
    tasks(actor, { status, limit }) {
      note(actor, "tasks.list", { status, limit });
      return board.list(status, limit);
    },
    unanswered(actor, days) {
      note(actor, "unanswered.list", { days });
      const since = new Date(clock().getTime() - days * dayMs).toISOString();
      return afterCalls.unanswered(since).map((one) => ({ ...one, title: topicTitle(one.topic) }));
    },
    contacts(actor, { text, limit }) {
      // What was looked for is most likely somebody's name.
      note(actor, "contacts.find", { limit, text: text === "" ? null : audit.hash("name", text) });
      return timelines.find(text, limit);
    },
    contact(actor, contactId) {
      note(actor, "contact.read", { contact: contactId });
      return timelines.of(contactId, mostOfTimeline);
    },
  };
}
