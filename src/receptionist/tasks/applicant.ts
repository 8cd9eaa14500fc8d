/** What somebody looks for, to buy or to rent. Right to Rent, income and guarantors are for a person. */
import { type Draft, say, setSlot, slotOf, taskOf } from "../draft.ts";
import { poundsInWords } from "../wording.ts";
import type { TaskRules } from "./task-rules.ts";

export const applicantRules: TaskRules = {
  begin(draft, heard) {
    if (heard.beds !== undefined) setSlot(draft, "beds", String(heard.beds), 0.9);
    if (heard.date?.kind === "on") draft.state.details.move = heard.date.date;
    return heard;
  },
  action(draft) {
    const isRent = rents(draft);
    const most = Number(slotOf(draft, "money")?.value ?? 0);
    const { areas, pets, conditions: _conditions, move, ...details } = draft.state.details;
    return {
      kind: "register-applicant",
      request: {
        kind: isRent ? "rent" : "buy",
        maxPrice: isRent ? undefined : most,
        maxRentPcm: isRent ? most : undefined,
        minBeds: Number(slotOf(draft, "beds")?.value ?? 0),
        position: slotOf(draft, "position")?.value,
        moveDate: move,
        pets,
        areas: areas === undefined ? [] : areas.split(", "),
        details,
        name: slotOf(draft, "name")?.value ?? "",
        phone: slotOf(draft, "phone")?.value ?? "",
      },
    };
  },
  about(draft) {
    const [most, beds] = [slotOf(draft, "money")?.value, slotOf(draft, "beds")?.value];
    const parts = [
      `Looks for a home to ${rents(draft) ? "rent" : "buy"}`,
      beds && `with ${beds} bedrooms`,
      most && `for up to ${poundsInWords(Number(most))}`,
      ...Object.entries(draft.state.details).map(([name, said]) => `(${name}: ${said})`),
    ];
    return `${parts.filter(Boolean).join(" ")}.`;
  },
  tell(draft) {
    draft.state.messaged = true;
    say(draft, "applicantTaken");
    return undefined;
  },
  failed: "messageFailed",
};

const rents = (draft: Draft): boolean => taskOf(draft)?.id === "applicant-rent";
