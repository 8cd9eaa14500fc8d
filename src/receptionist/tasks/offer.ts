/**
 * An offer: written down in full and passed on. Never negotiated, accepted or refused, and nothing told of the owner's
 * mind or of others' offers. A rent above the advertised one is neither encouraged nor accepted, and said to be so.
 */
import { type Draft, say, slotOf } from "../draft.ts";
import { propertyWith } from "../listening.ts";
import { poundsInWords } from "../wording.ts";
import type { TaskRules } from "./task-rules.ts";

const ASKS_THEIR_MIND =
  /\b(?:would|will|do you think|might|could) (?:they|the (?:owner|seller|vendor|landlord)s?|he|she)\b/i;
/** Under this name it is counted how often that has been said. */
const ABOVE = "rent-above";

export const offerRules: TaskRules = {
  begin(draft, heard) {
    if (ASKS_THEIR_MIND.test(heard.text)) say(draft, "offerPassedOn");
    return heard;
  },
  next(draft) {
    const [property, amount] = [propertyOf(draft), Number(slotOf(draft, "money")?.value ?? 0)];
    const isAbove = property?.kind === "let" && property.price > 0 && amount > property.price;
    // Renters' Rights Act 2025, England: unlawful to invite, encourage or accept it since 1 May 2026.
    if (isAbove && draft.state.tries[ABOVE] === undefined) {
      draft.state.tries[ABOVE] = 1;
      say(draft, "rentAbove", { price: poundsInWords(property.price) });
    }
    return false;
  },
  action: (draft) => ({
    kind: "record-offer",
    request: {
      propertyId: slotOf(draft, "property")?.value ?? "",
      amount: Number(slotOf(draft, "money")?.value ?? 0),
      conditions: draft.state.details.conditions,
      funding: draft.state.details.funding,
      position: slotOf(draft, "position")?.value,
      name: slotOf(draft, "name")?.value ?? "",
      phone: slotOf(draft, "phone")?.value ?? "",
    },
  }),
  about(draft) {
    const amount = slotOf(draft, "money")?.value;
    const parts = [
      "Would like to make an offer",
      amount && `of ${poundsInWords(Number(amount))}`,
      propertyOf(draft) && `for ${propertyOf(draft)?.address}`,
    ];
    return `${parts.filter(Boolean).join(" ")}.`;
  },
  tell(draft) {
    draft.state.messaged = true;
    say(draft, "offerTaken");
    return undefined;
  },
  failed: "messageFailed",
};

const propertyOf = (draft: Draft) => propertyWith(draft, slotOf(draft, "property")?.value ?? "");
