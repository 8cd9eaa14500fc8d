/** A request under data protection law, or a complaint: a ticket with its clock. A person verifies who asks. */
import type { TicketKind } from "../../agency/enquiries.ts";
import { type Draft, say, slotOf, taskOf } from "../draft.ts";
import { dateInWords } from "../wording.ts";
import type { TaskRules } from "./task-rules.ts";

const KINDS: Readonly<Record<string, TicketKind>> = {
  "data-access": "access",
  "data-erasure": "erasure",
  "data-objection": "objection",
  complaint: "complaint",
};
const MAX_ABOUT_CHARACTERS = 500;

export const ticketRules: TaskRules = {
  begin(draft, heard) {
    draft.state.details.about = heard.text.trim().slice(0, MAX_ABOUT_CHARACTERS);
    return heard;
  },
  action: (draft) => ({
    kind: "open-ticket",
    request: {
      kind: KINDS[taskOf(draft)?.id ?? ""] ?? "complaint",
      about: aboutTicket(draft),
      name: slotOf(draft, "name")?.value ?? "",
      phone: slotOf(draft, "phone")?.value ?? "",
    },
  }),
  about: aboutTicket,
  tell(draft, done) {
    if (done.action !== "open-ticket") return undefined;
    draft.state.messaged = true;
    say(draft, "ticketOpened", { date: dateInWords(done.due) });
    return undefined;
  },
  failed: "messageFailed",
};

function aboutTicket({ state }: Draft): string {
  return state.details.about ?? "";
}
