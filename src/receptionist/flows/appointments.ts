/** Appointments that are in the diary: each is found by the name and the number on it before anything else. Data. */
import type { FlowInput, FlowSlotInput } from "../flow.ts";
import { DATE, NAME, PHONE, TIME } from "./items.ts";

type TaskInput = FlowInput["tasks"][number];

const name: FlowSlotInput = { ...NAME, ask: "What name is the appointment under?" };
const phone: FlowSlotInput = { ...PHONE, ask: "And the phone number that was given for it?" };
/** Found, never asked for as such. */
const appointment: FlowSlotInput = {
  name: "appointment",
  parser: "appointment",
  ask: "Which appointment is it?",
  retry: ["Could you tell me the day of it?"],
};
const ending = { confirmChange: "So that's {changes}. Shall I do that?", onGiveUp: "take-message" } as const;

export const appointmentTasks: readonly TaskInput[] = [
  {
    id: "move-appointment",
    begins: ["move-appointment"],
    slots: [name, phone, appointment, { ...DATE, ask: "Which day would you like instead?" }, TIME],
    confirm: "So that's your {appointment}, moved to {date} at {time}. Shall I do that?",
    onComplete: "move-appointment",
    ...ending,
  },
  {
    id: "cancel-appointment",
    begins: ["cancel-appointment"],
    slots: [name, phone, appointment],
    confirm: "That's your {appointment}. Shall I cancel it?",
    onComplete: "cancel-appointment",
    ...ending,
  },
  {
    id: "confirm-appointment",
    begins: ["confirm-appointment"],
    slots: [name, phone, appointment],
    confirm: "That's your {appointment}. Is that right?",
    onComplete: "find-appointments",
    ...ending,
  },
];
