/** A message for the team, in the caller's own words. */
import { say, slotOf } from "../draft.ts";
import type { TaskRules } from "./task-rules.ts";

export const messageRules: TaskRules = {
  action: (draft) => ({
    kind: "take-message",
    name: slotOf(draft, "name")?.value ?? "",
    phone: slotOf(draft, "phone")?.value ?? "",
    about: slotOf(draft, "message")?.value ?? "",
    forWhom: draft.state.forWhom ?? undefined,
    ...(draft.state.due === null ? {} : { due: draft.state.due }),
  }),
  about: (draft) => slotOf(draft, "message")?.value ?? "",
  tell(draft) {
    draft.state.messaged = true;
    say(draft, "messageTaken");
    return undefined;
  },
  failed: "messageFailed",
};
