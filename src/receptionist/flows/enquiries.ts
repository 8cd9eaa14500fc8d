/** Offers, and what people look for. Data. */
import type { FlowInput, FlowSlotInput } from "../flow.ts";
import { NAME, PHONE, PROPERTY } from "./items.ts";

type TaskInput = FlowInput["tasks"][number];

const BEDS: FlowSlotInput = {
  name: "beds",
  parser: "beds",
  ask: "How many bedrooms do you need?",
  retry: ["How many bedrooms at least?"],
};
const money = (ask: string): FlowSlotInput => ({
  name: "money",
  parser: "money",
  ask,
  retry: ["Could you tell me the amount in pounds?", "Could you say the amount once more, slowly?"],
});
const position = (ask: string): FlowSlotInput => ({
  name: "position",
  parser: "position",
  ask,
  retry: ["Could you tell me that in a few words?"],
  maxTries: 2,
});
const ending = { confirmChange: "So that's {changes}. Is that right?", onGiveUp: "take-message" } as const;

export const enquiryTasks: readonly TaskInput[] = [
  {
    id: "offer",
    begins: ["offer"],
    slots: [
      { ...PROPERTY, ask: "Which property is the offer for?" },
      money("How much would you like to offer?"),
      position("What's your own position, and how would you be paying for it?"),
      NAME,
      PHONE,
    ],
    confirm: "So that's an offer of {money} for {property}, from {name}, on {phone}. Is that right?",
    onComplete: "record-offer",
    ...ending,
  },
  {
    id: "applicant-buy",
    begins: ["applicant-buy"],
    slots: [
      money("What's the most you would like to pay?"),
      BEDS,
      position("What's your own position, for example a first-time buyer, or with a property to sell?"),
      NAME,
      PHONE,
    ],
    confirm: "So that's {beds} to buy for up to {money}, for {name}, on {phone}. Is that right?",
    onComplete: "register-applicant",
    ...ending,
  },
  {
    id: "applicant-rent",
    begins: ["applicant-rent"],
    slots: [money("What's the most you would like to pay a month?"), BEDS, NAME, PHONE],
    confirm: "So that's {beds} to rent for up to {money}, for {name}, on {phone}. Is that right?",
    onComplete: "register-applicant",
    ...ending,
  },
];
