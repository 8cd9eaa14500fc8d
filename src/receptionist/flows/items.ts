/** Questions that several tasks put in the same words: rendered once. */
import type { FlowSlotInput } from "../flow.ts";

export const NAME = {
  name: "name",
  parser: "name",
  ask: "Could I take your name, please?",
  retry: ["Could you say your first name and surname again?", "Could you say your name once more, slowly?"],
} as const satisfies FlowSlotInput;

export const PHONE = {
  name: "phone",
  parser: "phone",
  ask: "And what's the best phone number for you?",
  retry: ["Could you say the number again, from the start?", "Could you say it slowly, or key it in and press hash?"],
  maxTries: 4,
} as const satisfies FlowSlotInput;

export const PROPERTY = {
  name: "property",
  parser: "property",
  ask: "Which property would you like to see?",
  retry: ["Could you give me the house number and the street?", "Could you tell me just the name of the street?"],
} as const satisfies FlowSlotInput;

export const DATE = {
  name: "date",
  parser: "date",
  ask: "Which day would suit you?",
  retry: ["Which day of the week would you like?", "Could you tell me the day, for example Saturday?"],
} as const satisfies FlowSlotInput;

export const TIME = {
  name: "time",
  parser: "time",
  ask: "What time would you like?",
  retry: ["Could you tell me the time, for example half past two?", "Would that be in the morning or the afternoon?"],
} as const satisfies FlowSlotInput;
