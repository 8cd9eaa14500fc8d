/** What only a person of the office can deal with: taken down with what they need for it. Data. */
import type { FlowInput, FlowSlotInput } from "../flow.ts";
import type { Topic } from "../understanding/topics.ts";
import { NAME, PHONE, PROPERTY } from "./items.ts";

type TaskInput = FlowInput["tasks"][number];

/** Kept where it is named, and not asked for. */
const ifNamed: FlowSlotInput = { ...PROPERTY, optional: true };
const whichProperty: FlowSlotInput = { ...PROPERTY, ask: "Which property is it about?" };

const taken = (id: Topic, ask: string, before: readonly FlowSlotInput[] = [ifNamed]): TaskInput => ({
  id,
  begins: [id],
  slots: [
    ...before,
    {
      name: "message",
      parser: "message",
      ask,
      retry: ["Could you tell me in a few words what it's about?"],
      maxTries: 2,
    },
    NAME,
    PHONE,
  ],
  confirm: "So that's a note for the team from {name}, on {phone}. Is that right?",
  confirmChange: "So that's {changes}. Is that right?",
  onComplete: "create-task",
  onGiveUp: "take-message",
});

export const officeTasks: readonly TaskInput[] = [
  taken("sale-progress", "What would you like me to tell the negotiator?", [whichProperty]),
  taken("contractor", "What is it about?", [whichProperty]),
  taken("locked-out", "What has happened?", [whichProperty]),
  taken("notice", "What would you like me to note down?", [whichProperty]),
  taken("landlord", "What can the team do for you?"),
  taken("keys", "What about the keys, please?"),
  taken("rent", "What is it about, please?"),
  taken("deposit", "What is it about, please?"),
  taken("missed-call", "Do you know what it may have been about?"),
  taken("details", "Which details would you like?"),
  taken("feedback", "How did you find it?", [whichProperty]),
  // Whether the owner or tenant agrees to a viewing is for a person to enter: who calls is not proven by the telephone.
  taken("access", "What shall I tell the negotiator about it?", [whichProperty]),
];

const ticket = (id: Topic, confirm: string): TaskInput => ({
  id,
  begins: [id],
  slots: [NAME, PHONE],
  confirm,
  confirmChange: "So that's {changes}. Is that right?",
  onComplete: "open-ticket",
  onGiveUp: "take-message",
});

/** Law and ombudsman give these a clock: see agency/open-ticket.ts. */
export const ticketTasks: readonly TaskInput[] = [
  ticket("data-access", "So that's a request for what we hold about {name}, on {phone}. Is that right?"),
  ticket("data-erasure", "So that's a request to have data deleted, from {name}, on {phone}. Is that right?"),
  ticket("data-objection", "So that's an objection to how we use the data of {name}, on {phone}. Is that right?"),
  ticket("complaint", "So that's a complaint from {name}, on {phone}. Is that right?"),
];
