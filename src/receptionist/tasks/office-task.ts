/** Something for a person of the office to do; its kind is the name of the flow's task. */
import { type Draft, say, slotOf, taskOf } from "../draft.ts";
import { propertyWith } from "../listening.ts";
import type { TaskRules } from "./task-rules.ts";

const MAX_ABOUT_CHARACTERS = 500;
/** A shorter sentence only names the subject ("it's about my deposit"). */
const FEWEST_WORDS_OF_A_MESSAGE = 6;

export const officeTaskRules: TaskRules = {
  begin(draft, heard) {
    const words = heard.text.trim();
    const isWhole =
      words.split(/\s+/).length >= FEWEST_WORDS_OF_A_MESSAGE || KNOWN_BY_NAME.has(taskOf(draft)?.id ?? "");
    if (isWhole)
      draft.state.slots.message = { value: words.slice(0, MAX_ABOUT_CHARACTERS), certainty: 1, confirmed: false };
    return heard;
  },
  action: (draft) => ({
    kind: "create-task",
    request: {
      kind: taskOf(draft)?.id ?? "call-back",
      propertyId: propertyWith(draft, slotOf(draft, "property")?.value ?? "")?.id,
      about: slotOf(draft, "message")?.value ?? "",
      forWhom: draft.state.forWhom ?? undefined,
      due: draft.state.due ?? undefined,
      name: slotOf(draft, "name")?.value ?? "",
      phone: slotOf(draft, "phone")?.value ?? "",
    },
  }),
  about: aboutOfficeTask,
  tell(draft) {
    draft.state.messaged = true;
    say(draft, "taskTaken");
    return undefined;
  },
  failed: "messageFailed",
};

/** Whoever says so has said it all. */
const KNOWN_BY_NAME = new Set(["missed-call", "locked-out"]);

function aboutOfficeTask(draft: Draft): string {
  const where = propertyWith(draft, slotOf(draft, "property")?.value ?? "")?.address;
  return [slotOf(draft, "message")?.value ?? taskOf(draft)?.id.replace(/-/g, " "), where].filter(Boolean).join(": ");
}
